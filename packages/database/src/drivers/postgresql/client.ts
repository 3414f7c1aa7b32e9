import { Socket } from "node:net";
import pg from "pg";
import { checkChannelBinding } from "./channel-binding.ts";

/** The options of a client. */
export type ClientOptions = pg.ClientConfig & {
  /** Whether the password must be bound to the TLS connection. */
  readonly requiresChannelBinding?: boolean;
};

/** Nothing was sent: `syscall` distinguishes it from a connection that breaks later. */
const noConnection = () => Object.assign(new Error("connecting was aborted"), { syscall: "connect" });

/** The client of the driver, whose pending calls can be aborted. */
export class Client extends pg.Client {
  readonly #socket: Socket;
  /** Whether the connection has been established. */
  isOpen = false;
  /** Why this client does not use the connection. The server may have accepted it before it is closed. */
  refusal: Error | undefined;

  constructor(config: ClientOptions) {
    const socket = new Socket();
    // The pool of the driver hides the password from enumeration.
    const password = config.password === undefined ? {} : { password: config.password };
    super({ ...config, ...password, stream: () => socket });
    this.#socket = socket;
    if (config.requiresChannelBinding) {
      checkChannelBinding(this, (error) => {
        this.refusal = error;
        socket.destroy(error);
      });
    }
  }

  /** Closes the socket: pending calls fail immediately. */
  abortInFlight(): void {
    this.#socket.destroy(this.isOpen ? undefined : noConnection());
  }
}
