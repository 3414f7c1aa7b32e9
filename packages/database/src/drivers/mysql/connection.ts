import { DatabaseUnavailable } from "@jifen/ledger";
import { type Connection, createConnection } from "mariadb";
import { UnsupportedDatabaseUrl } from "../../url/unsupported-url.ts";
import { readOptions, type SessionOptions, tlsOfUrl } from "./options.ts";
import { openSocket } from "./socket.ts";

/**
 * Opens a connection and sends the session settings. The driver itself must send no statement, as it would for `initSql`
 * or for a character set: when the server stops during that, the driver rejects a promise without a handler, which ends the
 * process.
 */
export async function openConnection(
  { session, ...options }: SessionOptions,
  socket = openSocket(options),
): Promise<Connection> {
  const connection = await createConnection({ ...options, ...socket.option });
  // A connection that breaks also fails its current statement. An error event without a listener would end the process.
  connection.on("error", () => undefined);
  try {
    await Promise.all(session.map((sql) => connection.query(sql)));
    return connection;
  } catch (error) {
    socket.destroy(error as Error);
    throw error;
  }
}

/** The driver's number of a server without TLS. */
const SERVER_WITHOUT_TLS = 45_023;

/** The URL with a definite answer to whether its connections are encrypted. */
function withTls(url: string, isEncrypted: boolean): string {
  const changed = new URL(url);
  for (const name of ["ssl-mode", "sslMode", "sslmode"]) changed.searchParams.delete(name);
  changed.searchParams.set("ssl-mode", isEncrypted ? "REQUIRED" : "DISABLED");
  return changed.href;
}

/** Connects. `ssl-mode=PREFERRED` uses TLS if the server has it, which is decided here, once. */
async function connectFirst(url: string): Promise<{ readonly connection: Connection; readonly url: string }> {
  const connectTo = async (to: string) => ({ connection: await openConnection(readOptions(to)), url: to });
  if (tlsOfUrl(url)?.level !== "prefer") return connectTo(url);
  return connectTo(withTls(url, true)).catch((error: { errno?: unknown }) => {
    if (error.errno !== SERVER_WITHOUT_TLS) throw error;
    return connectTo(withTls(url, false));
  });
}

/** What is done with a connection. `url` is the URL with which further connections are opened. */
type Work<Result> = (connection: Connection, database: string, url: string) => Promise<Result>;

/** Runs `work` on a connection of its own, without statement timeouts. @throws DatabaseUnavailable */
export async function withConnection<Result>(url: string, work: Work<Result>): Promise<Result> {
  const { connection, url: found } = await connectFirst(url).catch((cause: unknown) => {
    if (cause instanceof UnsupportedDatabaseUrl) throw cause;
    throw new DatabaseUnavailable("the database cannot be reached", { cause });
  });
  try {
    await connection.query(
      "SET SESSION lock_wait_timeout = 60, wait_timeout = 600 /*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */",
    );
    return await work(connection, readOptions(found).database ?? "", found);
  } finally {
    await connection.end().catch(() => undefined);
  }
}
