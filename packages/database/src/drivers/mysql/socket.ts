import { connect, type Socket } from "node:net";
import type { ConnectionConfig } from "mariadb";

/** Opens the socket for the driver, which does not expose it and cannot abort a connection to a server that hangs. */
export function openSocket({ socketPath, host = "localhost", port = 3306 }: ConnectionConfig) {
  let socket: Socket | undefined;
  const stream = (): Socket => {
    socket = socketPath === undefined ? connect(port, host) : connect(socketPath);
    deferEndEvents(socket);
    return socket;
  };
  return {
    /** The option of the driver. */
    option: { stream } as Pick<ConnectionConfig, never>,
    destroy: (reason: Error): void => void socket?.destroy(reason),
  };
}

/**
 * Emits `end` and `error` one turn of the event loop later. Between being connected and resolving the promise of the
 * caller, the driver throws such an event where no code catches it, which would end the process.
 */
function deferEndEvents(socket: Socket): void {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean;
  const deferred = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== "end" && event !== "error") return emit(event, ...args);
    // The driver may have removed its listener since.
    setImmediate(() => socket.listenerCount(event) > 0 && emit(event, ...args));
    return true;
  };
  Object.assign(socket, { emit: deferred });
}
