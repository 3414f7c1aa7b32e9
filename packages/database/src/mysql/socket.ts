import { connect, type Socket } from "node:net";
import type { ConnectionConfig } from "mariadb";

/** A connection's socket, which the driver keeps to itself: it has no way to give up a server that stands still. */
export function openSocket({ socketPath, host = "localhost", port = 3306 }: ConnectionConfig) {
  let socket: Socket | undefined;
  const stream = (): Socket => {
    socket = socketPath === undefined ? connect(port, host) : connect(socketPath);
    return socket;
  };
  return {
    /** Goes to the driver. */
    option: { stream } as Pick<ConnectionConfig, never>,
    destroy: (reason: Error): void => void socket?.destroy(reason),
  };
}
