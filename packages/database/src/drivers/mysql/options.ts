import type { ConnectionConfig } from "mariadb";

/**
 * Whatever the server's own settings: texts that do not fit are refused, moments are in UTC, a statement sees what was
 * committed when it began, and every wait has an end. What one of MySQL and MariaDB does not know stands in a comment
 * that it skips. A connection of a process that stands still is closed by the server, and its locks are free.
 */
const SESSION = [
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    unique_checks = 1, time_zone = '+00:00', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3,
    wait_timeout = 90 /*M! , max_statement_time = 5, idle_transaction_timeout = 10 */ /*!80000 , max_execution_time = 5000 */`,
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION autocommit = 1",
];

/** How to connect, and what the server is told first. */
export type SessionOptions = ConnectionConfig & { readonly session: readonly string[] };

/** How long a connection may take to be there. */
const CONNECT_WITHIN_MS = 3_000;

/**
 * What the driver is told about the database behind `url`. Of the URL's parameters it takes `ssl` (`true`: encrypted),
 * `socketPath`, and `allowPublicKeyRetrieval`, which passwords of MySQL need where the connection is not encrypted.
 */
export function connectionOptions(url: string): SessionOptions {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const socketPath = searchParams.get("socketPath");
  return {
    host: hostname.replace(/^\[|\]$/g, "") || "localhost",
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: searchParams.get("ssl") === "true",
    allowPublicKeyRetrieval: searchParams.get("allowPublicKeyRetrieval") === "true",
    ...(socketPath === null ? {} : { socketPath }),
    connectTimeout: CONNECT_WITHIN_MS,
    keepAliveDelay: 30_000,
    session: SESSION,
    // Errors must not repeat what somebody's row holds.
    logParam: false,
  };
}

/** Whole numbers of the ledger's tables are safe integers; a batch of updates tells how many rows it has found. */
const ledger: ConnectionConfig = { bigIntAsNumber: true, checkNumberRange: true, foundRows: true };

/** For what is written by the ledger: nothing is kept without COMMIT. */
export const commitOptions = (url: string): SessionOptions => ({
  ...connectionOptions(url),
  ...ledger,
  session: [...SESSION, "SET SESSION autocommit = 0"],
});

/** For what the ledger only reads, and for migrations. */
export const readOptions = (url: string): SessionOptions => ({ ...connectionOptions(url), ...ledger });
