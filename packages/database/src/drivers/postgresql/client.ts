import { Socket } from "node:net";
import pg from "pg";

/** Nothing was sent: `syscall` distinguishes it from a connection that breaks later. */
const noConnection = () => Object.assign(new Error("connecting was aborted"), { syscall: "connect" });

/** The client of the driver, whose pending calls can be aborted. */
export class Client extends pg.Client {
  readonly #socket: Socket;
  /** Whether the connection has been established. */
  isOpen = false;

  constructor(config: pg.ClientConfig) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.#socket = socket;
  }

  /** Closes the socket: pending calls fail immediately. */
  abortInFlight(): void {
    this.#socket.destroy(this.isOpen ? undefined : noConnection());
  }
}
