import { type Connection, createConnection } from "mariadb";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { readOptions, type SessionOptions } from "./options.ts";
import { openSocket } from "./socket.ts";

/**
 * Opens a connection and sends the session settings. Does not use the driver's `initSql`: when the server stops during
 * that, the driver rejects a promise without a handler, which ends the process.
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

type Work<Result> = (connection: Connection, database: string) => Promise<Result>;

/** Runs `work` on a connection of its own, without statement timeouts. @throws DatabaseUnavailable */
export async function withConnection<Result>(url: string, work: Work<Result>): Promise<Result> {
  const options = readOptions(url);
  const connection = await openConnection(options).catch((error: unknown) =>
    afterConnectionLoss("nothing written")(Object.assign(error as Error, { syscall: "connect" })),
  );
  try {
    await connection.query(
      "SET SESSION lock_wait_timeout = 60, wait_timeout = 600 /*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */",
    );
    return await work(connection, options.database ?? "");
  } finally {
    await connection.end().catch(() => undefined);
  }
}
