import type { SecureContextOptions } from "node:tls";
import type { ConnectionConfig } from "mariadb";
import { type TlsRequest, tlsOf } from "../../url/tls.ts";
import { tlsFiles } from "../../url/tls-files.ts";
import { tlsOptions } from "../../url/tls-options.ts";

/**
 * Session settings that do not depend on the server's own: too long texts are refused, the time zone is UTC, a statement
 * sees what was committed before it began, and every wait has a timeout. Settings that only one of MySQL and MariaDB knows
 * stand in comments that the other one skips. The server closes the connection of a process that hangs and releases its
 * locks.
 */
const SESSION = [
  "SET NAMES utf8mb4",
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    unique_checks = 1, time_zone = '+00:00', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3,
    wait_timeout = 90 /*M! , max_statement_time = 5, idle_transaction_timeout = 10 */ /*!80000 , max_execution_time = 5000 */`,
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION autocommit = 1",
];

/** The options of the driver and the statements that are sent first. */
export type SessionOptions = ConnectionConfig & { readonly session: readonly string[] };

const CONNECT_TIMEOUT_MS = 3_000;

/** What the URL says of TLS; undefined when it says nothing. */
export const tlsOfUrl = (url: string): TlsRequest | undefined => tlsOf(new URL(url).searchParams, tlsFiles.mysql);

/**
 * Converts the database URL to options of the driver. Which parameters it may have: `mysqlParameters`.
 * `allowPublicKeyRetrieval` is what MySQL needs for passwords on unencrypted connections.
 * @throws UnsupportedDatabaseUrl when a certificate cannot be read
 */
export function connectionOptions(url: string): SessionOptions {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const socketPath = searchParams.get("socketPath") ?? searchParams.get("socket");
  const host = hostname.replace(/^\[|\]$/g, "") || "localhost";
  const tls = tlsOfUrl(url);
  const seconds = searchParams.get("connect_timeout");
  return {
    host,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: tls === undefined || tls.level === "off" ? false : (tlsOptions(tls, host) as SecureContextOptions),
    allowPublicKeyRetrieval: searchParams.get("allowPublicKeyRetrieval") === "true",
    ...(socketPath === null ? {} : { socketPath }),
    connectTimeout: seconds === null ? CONNECT_TIMEOUT_MS : Number(seconds) * 1_000,
    keepAliveDelay: 30_000,
    // Sent in the handshake. Without it the driver would send SET NAMES: see `openConnection`.
    collation: "utf8mb4_general_ci",
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
