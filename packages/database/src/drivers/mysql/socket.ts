import { connect, type Socket } from "node:net";
import type { ConnectionConfig } from "mariadb";

/** A connection's socket, which the driver keeps to itself: it has no way to give up a server that stands still. */
export function openSocket({ socketPath, host = "localhost", port = 3306 }: ConnectionConfig) {
  let socket: Socket | undefined;
  const stream = (): Socket => {
    socket = socketPath === undefined ? connect(port, host) : connect(socketPath);
    endLater(socket);
    return socket;
  };
  return {
    /** Goes to the driver. */
    option: { stream } as Pick<ConnectionConfig, never>,
    destroy: (reason: Error): void => void socket?.destroy(reason),
  };
}

/**
 * Says a turn later that it has ended or failed. Between being connected and telling whoever asked for the connection, the
 * driver throws what it hears, with nobody to catch it: that would end the process.
 */
function endLater(socket: Socket): void {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean;
  const later = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== "end" && event !== "error") return emit(event, ...args);
    // The driver may have stopped listening since.
    setImmediate(() => socket.listenerCount(event) > 0 && emit(event, ...args));
    return true;
  };
  Object.assign(socket, { emit: later });
}
