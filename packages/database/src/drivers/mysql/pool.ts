import type { Connection } from "mariadb";
import { retryingDeadlocks } from "../../errors/retry.ts";
import type { PoolUse } from "../../stores/pool-use.ts";
import { openConnection } from "./connection.ts";
import type { SessionOptions } from "./options.ts";
import { openSocket } from "./socket.ts";

/** A connection that a caller has taken from the pool. */
export type PooledConnection = Connection & {
  release(): void;
  /** Closes the connection immediately, also in the middle of a statement. */
  discard(): void;
};

type PoolEntry = {
  readonly connection: PooledConnection;
  close(reason?: Error): void;
  isBroken: boolean;
  idleSinceMs: number;
};
/** Fails each call that waits for an answer of the server. */
type PendingCalls = Set<(error: Error) => void>;
type Waiter = { readonly take: (entry: PoolEntry) => void; readonly fail: (error: Error) => void };

/** Longer than the server lets a statement run. */
const ANSWER_TIMEOUT_MS = 8_000;
const CONNECTION_TIMEOUT_MS = 3_000;
/** The server closes idle connections a little later. */
const IDLE_MS = 60_000;

/** Nothing was sent: `syscall` distinguishes it from a connection that breaks later. */
const noConnection = (reason: string, cause?: unknown) =>
  Object.assign(new Error(`no connection is available: ${reason}`, { cause }), { syscall: "connect" });

/**
 * Connections to MySQL or MariaDB. The pool of the driver opens one connection at a time, and after a failure waits up to
 * ten seconds before the next attempt; this one fails and recovers immediately, and every wait has a timeout. It has the
 * methods that Prisma's adapter uses.
 */
export class Pool {
  readonly #options: SessionOptions;
  readonly #max: number;
  readonly #idle: PoolEntry[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #pendingCalls: PendingCalls = new Set();
  /** Open connections and those that are being opened. */
  #count = 0;
  #isClosed = false;
  #onEmpty: () => void = () => undefined;

  constructor(options: SessionOptions, max: number) {
    this.#options = options;
    this.#max = max;
  }

  /** @throws Error with `syscall: "connect"` when no connection becomes available in time */
  async getConnection(): Promise<PooledConnection> {
    if (this.#isClosed) throw noConnection("the database is closed");
    for (let entry = this.#idle.pop(); entry; entry = this.#idle.pop()) {
      if (isUsable(entry) && Date.now() - entry.idleSinceMs < IDLE_MS) return entry.connection;
      this.#drop(entry);
    }
    return (await (this.#count < this.#max ? this.#open() : this.#wait())).connection;
  }

  /** Runs one statement in a transaction of its own, as text. */
  readonly query = <Result>(sql: string | { sql: string }, values?: unknown): Promise<Result> =>
    this.#withConnection((connection) => connection.query<Result>(sql as string, values));

  /** Runs one statement in a transaction of its own, prepared. */
  readonly execute = <Result>(sql: string | { sql: string }, values?: unknown): Promise<Result> =>
    this.#withConnection((connection) => connection.execute<Result>(sql as string, values));

  /** How busy the connections are. */
  use(): PoolUse {
    const idle = this.#idle.length;
    return { busy: this.#count - idle, idle, waiting: this.#waiters.length };
  }

  /** Fails every call that waits for an answer or for a connection. */
  abortInFlight(): void {
    for (const { fail } of this.#waiters.splice(0)) fail(noConnection("the database does not answer"));
    for (const fail of [...this.#pendingCalls]) fail(noAnswer());
  }

  /** Waits until all connections are released, then closes them. */
  async end(): Promise<void> {
    this.#isClosed = true;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const { fail } of this.#waiters.splice(0)) fail(noConnection("the database is closed"));
    for (const entry of this.#idle.splice(0)) this.#drop(entry);
    if (this.#count > 0) await empty;
  }

  #withConnection<Result>(work: (connection: PooledConnection) => Promise<Result>): Promise<Result> {
    return retryingDeadlocks(async () => {
      const connection = await this.getConnection();
      try {
        return await work(connection);
      } finally {
        connection.release();
      }
    });
  }

  #wait(): Promise<PoolEntry> {
    const { promise, resolve, reject } = Promise.withResolvers<PoolEntry>();
    const waiter: Waiter = { take: resolve, fail: reject };
    this.#waiters.push(waiter);
    const timeout = setTimeout(() => {
      const position = this.#waiters.indexOf(waiter);
      if (position < 0) return;
      this.#waiters.splice(position, 1);
      reject(noConnection("all connections are in use"));
    }, CONNECTION_TIMEOUT_MS);
    return promise.finally(() => clearTimeout(timeout));
  }

  async #open(): Promise<PoolEntry> {
    this.#count += 1;
    try {
      return await openEntry(this.#options, this.#pendingCalls, (entry) => this.#release(entry));
    } catch (error) {
      this.#countDown();
      throw noConnection("connecting failed", error);
    }
  }

  #release(entry: PoolEntry): void {
    if (this.#isClosed || !isUsable(entry)) {
      this.#drop(entry);
      return;
    }
    entry.idleSinceMs = Date.now();
    const next = this.#waiters.shift();
    if (next) next.take(entry);
    else this.#idle.push(entry);
  }

  #drop(entry: PoolEntry): void {
    entry.close();
    this.#countDown();
  }

  #countDown(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onEmpty();
    const next = this.#isClosed ? undefined : this.#waiters.shift();
    if (next) this.#open().then(next.take, next.fail);
  }
}

const isUsable = ({ connection, isBroken }: PoolEntry): boolean => !isBroken && connection.isValid();

async function openEntry(
  options: SessionOptions,
  pendingCalls: PendingCalls,
  release: (entry: PoolEntry) => void,
): Promise<PoolEntry> {
  const socket = openSocket(options);
  const connection = await withTimeout(openConnection(options, socket), {
    timeoutMs: CONNECTION_TIMEOUT_MS,
    onAbort: (reason) => socket.destroy(reason),
    pendingCalls,
  });
  const entry: PoolEntry = {
    connection: Object.assign(connection, {
      release: () => release(entry),
      discard: () => entry.close(new Error("the connection was discarded")),
    }),
    isBroken: false,
    idleSinceMs: 0,
    close: (reason) => {
      entry.isBroken = true;
      if (reason) socket.destroy(reason);
      else void connection.end().catch(() => undefined);
    },
  };
  connection.on("error", () => {
    entry.isBroken = true;
  });
  addTimeouts(entry, pendingCalls);
  return entry;
}

const noAnswer = () => Object.assign(new Error("the database did not answer in time"), { code: "ETIMEDOUT" });

type Timeout = {
  readonly timeoutMs: number;
  readonly onAbort: (reason: Error) => void;
  readonly pendingCalls: PendingCalls;
};

/** Fails the call after the timeout: when a connection ends at the wrong time, the driver itself can wait for ever. */
async function withTimeout<Result>(call: Promise<Result>, options: Timeout): Promise<Result> {
  const { timeoutMs, onAbort, pendingCalls } = options;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (error: Error) => {
    reject(error);
    onAbort(error);
  };
  pendingCalls.add(abort);
  const timeout = setTimeout(() => abort(noAnswer()), timeoutMs);
  return Promise.race([call, aborted]).finally(() => {
    clearTimeout(timeout);
    pendingCalls.delete(abort);
  });
}

/** A server that hangs sends no error: each call fails after the timeout, and its connection is closed. */
function addTimeouts({ connection, close }: PoolEntry, pendingCalls: PendingCalls): void {
  for (const method of ["query", "execute", "batch"] as const) {
    const call = connection[method].bind(connection) as (...args: readonly unknown[]) => Promise<unknown>;
    Object.assign(connection, {
      [method]: (...args: readonly unknown[]) =>
        withTimeout(call(...args), { timeoutMs: ANSWER_TIMEOUT_MS, onAbort: close, pendingCalls }),
    });
  }
}
