import pg from "pg";

/** Connections of one process. Two cores of a database server are busy with far fewer. */
const MAX_CONNECTIONS = 10;

/**
 * Every wait has an end: for a connection, for a lock, for a statement on the server, and for an
 * answer when the server has stopped without a word.
 */
export function createPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "jifen",
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    lock_timeout: 3_000,
    statement_timeout: 5_000,
    query_timeout: 8_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  // A connection that breaks also fails the query it was running, and the pool drops it: nothing is left to do,
  // but an error event that nobody listens to would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
