import { type Connection, createConnection } from "mariadb";
import type { SessionOptions } from "./options.ts";
import { openSocket } from "./socket.ts";

/**
 * Opens a connection and tells the server what it is told first. Not by the driver's `initSql`: when the server goes away in
 * the middle of that, the driver rejects a promise that nobody can hear of, which ends the process.
 */
export async function openConnection(
  { session, ...options }: SessionOptions,
  socket = openSocket(options),
): Promise<Connection> {
  const connection = await createConnection({ ...options, ...socket.option });
  // A connection that breaks fails what it is asked; an error event that nobody hears would end the process.
  connection.on("error", () => undefined);
  try {
    await Promise.all(session.map((sql) => connection.query(sql)));
    return connection;
  } catch (error) {
    socket.destroy(error as Error);
    throw error;
  }
}
