import type { Socket } from "node:net";
import { answerInProgress, type Connection, trackConnection } from "./connection.ts";
import { evict } from "./eviction.ts";
import type { ConnectionLimits } from "./limits.ts";

/**
 * How long an idle connection of a proxy stays open while the server is stopping. A request may be under way on it. Longer
 * than the second after which the proxy closes it, by its configuration in docs/deployments.md.
 */
const PROXY_IDLE_MS = 2_000;

/** The open connections. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #onClosed: (reason: "refused" | "evicted") => void;
  readonly #all = new Set<Connection>();
  readonly #byAddress = new Map<string, Set<Connection>>();
  #isDraining = false;
  #closedForSpace = 0;

  constructor(limits: ConnectionLimits, onClosed: (reason: "refused" | "evicted") => void) {
    this.#limits = limits;
    this.#onClosed = onClosed;
  }

  /** Whether the server is stopping: answers close their connections. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** How many connections were closed because there was no space. */
  get closedForSpace(): number {
    return this.#closedForSpace;
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#all.values();
  }

  /** Takes a new connection in; undefined, and closed, when there is no space for it. */
  accept(socket: Socket): Connection | undefined {
    const { total, perAddress, isProxy, networkOf } = this.#limits;
    const remote = socket.remoteAddress ?? "";
    const address = networkOf(remote);
    const sameAddress = this.#byAddress.get(address) ?? new Set();
    const isFromProxy = isProxy(remote);
    const isAddressFull = perAddress !== undefined && sameAddress.size >= perAddress && !isFromProxy;
    const hasSpace =
      !(isAddressFull && !this.#makeSpace(sameAddress)) &&
      !(total !== undefined && this.#all.size >= total && !this.#makeSpace(this.#all));
    if (!hasSpace) {
      this.#closedForSpace += 1;
      this.#onClosed("refused");
      socket.destroy();
      return undefined;
    }
    const connection = trackConnection(socket, { address, isFromProxy });
    this.#all.add(connection);
    this.#byAddress.set(address, sameAddress.add(connection));
    socket.once("close", () => this.#remove(connection));
    return connection;
  }

  /** From now on every answer closes its connection. */
  startDraining(): void {
    this.#isDraining = true;
    for (const { socket } of this.#all) {
      const answer = answerInProgress(socket);
      if (answer && !answer.headersSent) answer.shouldKeepAlive = false;
    }
  }

  /** Closes the connections without a request in progress, those of proxies a little later. */
  closeIdle(nowMs: number): void {
    for (const connection of this.#all) {
      if (answerInProgress(connection.socket)) {
        connection.idleSinceMs = undefined;
        continue;
      }
      connection.idleSinceMs ??= nowMs;
      const allowedMs = connection.isFromProxy ? PROXY_IDLE_MS : 0;
      if (nowMs - connection.idleSinceMs >= allowedMs) connection.socket.destroy();
    }
  }

  #makeSpace(among: ReadonlySet<Connection>): boolean {
    const evicted = evict(among, this.#byAddress);
    this.#closedForSpace += evicted.length;
    for (const connection of evicted) {
      this.#remove(connection);
      this.#onClosed("evicted");
      connection.socket.destroy();
    }
    return evicted.length > 0;
  }

  #remove(connection: Connection): void {
    this.#all.delete(connection);
    const sameAddress = this.#byAddress.get(connection.address);
    sameAddress?.delete(connection);
    if (sameAddress?.size === 0) this.#byAddress.delete(connection.address);
  }
}
