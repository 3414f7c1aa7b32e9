import { Socket } from "node:net";
import pg from "pg";

/** Nothing was sent: `syscall` tells that from what breaks later. */
const noConnection = () => Object.assign(new Error("connecting was given up"), { syscall: "connect" });

/** The driver's client, which can be given up in the middle of what it waits for. */
export class Client extends pg.Client {
  readonly #socket: Socket;
  /** Whether it has been connected. */
  isOpen = false;

  constructor(config: pg.ClientConfig) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.#socket = socket;
  }

  /** Whoever waits for an answer hears at once that none will come. */
  abortInFlight(): void {
    this.#socket.destroy(this.isOpen ? undefined : noConnection());
  }
}
