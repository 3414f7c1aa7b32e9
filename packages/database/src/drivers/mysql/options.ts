import type { ConnectionConfig } from "mariadb";

/**
 * Session settings that do not depend on the server's own: too long texts are refused, the time zone is UTC, a statement
 * sees what was committed before it began, and every wait has a timeout. Settings that only one of MySQL and MariaDB knows
 * stand in comments that the other one skips. The server closes the connection of a process that hangs and releases its
 * locks.
 */
const SESSION = [
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    unique_checks = 1, time_zone = '+00:00', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3,
    wait_timeout = 90 /*M! , max_statement_time = 5, idle_transaction_timeout = 10 */ /*!80000 , max_execution_time = 5000 */`,
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION autocommit = 1",
];

/** The options of the driver and the statements that are sent first. */
export type SessionOptions = ConnectionConfig & { readonly session: readonly string[] };

const CONNECT_TIMEOUT_MS = 3_000;

/**
 * Converts the database URL to options of the driver. Supported parameters: `ssl` (`true`: encrypted), `socketPath`, and
 * `allowPublicKeyRetrieval`, which MySQL needs for passwords on unencrypted connections.
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
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveDelay: 30_000,
    session: SESSION,
    // Error messages must not contain the data of a row.
    logParam: false,
  };
}

/** The integers of the ledger's tables are safe integers. `foundRows`: an update reports how many rows it matched. */
const ledgerOptions: ConnectionConfig = { bigIntAsNumber: true, checkNumberRange: true, foundRows: true };

/** For the commits of the ledger: without COMMIT nothing is kept. */
export const commitOptions = (url: string): SessionOptions => ({
  ...connectionOptions(url),
  ...ledgerOptions,
  session: [...SESSION, "SET SESSION autocommit = 0"],
});

/** For the reads of the ledger and for migrations. */
export const readOptions = (url: string): SessionOptions => ({ ...connectionOptions(url), ...ledgerOptions });
