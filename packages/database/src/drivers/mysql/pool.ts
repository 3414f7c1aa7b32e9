import type { Connection } from "mariadb";
import { retryingDeadlocks } from "../../errors/retry.ts";
import { openConnection } from "./connection.ts";
import type { SessionOptions } from "./options.ts";
import { openSocket } from "./socket.ts";

/** A connection that somebody has for a while. */
export type Lent = Connection & {
  release(): void;
  /** Gives it up, whatever it is in the middle of. */
  discard(): void;
};

type Known = { readonly lent: Lent; close(reason?: Error): void; isBroken: boolean; idleSinceMs: number };
/** Those who wait for the server, each as it is told that no answer will come. */
type Unanswered = Set<(error: Error) => void>;
type Waiting = { readonly take: (known: Known) => void; readonly fail: (error: Error) => void };

/** How long an answer may take: longer than the server lets a statement run. */
const ANSWER_WITHIN_MS = 8_000;
const CONNECTION_WITHIN_MS = 3_000;
/** The server closes what is idle for a little longer. */
const IDLE_MS = 60_000;

/** Nothing was sent: `syscall` tells that from what breaks later. */
const noConnection = (why: string, cause?: unknown) =>
  Object.assign(new Error(`there is no connection to be had: ${why}`, { cause }), { syscall: "connect" });

/**
 * Connections to MySQL or MariaDB. The driver's own pool opens one at a time, and after a failure waits for up to ten
 * seconds before it tries again; this one fails and recovers at once, and every wait in it has an end. It has what
 * Prisma's adapter asks of a pool.
 */
export class Pool {
  readonly #options: SessionOptions;
  readonly #max: number;
  readonly #idle: Known[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #unanswered: Unanswered = new Set();
  /** Those that are there, and those that are being opened. */
  #count = 0;
  #isClosed = false;
  #isEmpty: () => void = () => undefined;

  constructor(options: SessionOptions, max: number) {
    this.#options = options;
    this.#max = max;
  }

  /** @throws Error with `syscall: "connect"` when there is none to be had in time. */
  async getConnection(): Promise<Lent> {
    if (this.#isClosed) throw noConnection("the database is closed");
    for (let known = this.#idle.pop(); known; known = this.#idle.pop()) {
      if (isGood(known) && Date.now() - known.idleSinceMs < IDLE_MS) return known.lent;
      this.#drop(known);
    }
    return (await (this.#count < this.#max ? this.#open() : this.#wait())).lent;
  }

  /** Runs one statement that commits by itself, as text. */
  readonly query = <Result>(sql: string | { sql: string }, values?: unknown): Promise<Result> =>
    this.#once((lent) => lent.query<Result>(sql as string, values));

  /** The same, prepared. */
  readonly execute = <Result>(sql: string | { sql: string }, values?: unknown): Promise<Result> =>
    this.#once((lent) => lent.execute<Result>(sql as string, values));

  /** Gives up whatever waits for an answer or for a connection. */
  abortInFlight(): void {
    for (const { fail } of this.#waiting.splice(0)) fail(noConnection("the database does not answer"));
    for (const fail of [...this.#unanswered]) fail(noAnswer());
  }

  /** Waits for whoever has a connection, then lets go of all. */
  async end(): Promise<void> {
    this.#isClosed = true;
    const empty = new Promise<void>((resolve) => {
      this.#isEmpty = resolve;
    });
    for (const { fail } of this.#waiting.splice(0)) fail(noConnection("the database is closed"));
    for (const known of this.#idle.splice(0)) this.#drop(known);
    if (this.#count > 0) await empty;
  }

  #once<Result>(work: (lent: Lent) => Promise<Result>): Promise<Result> {
    return retryingDeadlocks(async () => {
      const lent = await this.getConnection();
      try {
        return await work(lent);
      } finally {
        lent.release();
      }
    });
  }

  #wait(): Promise<Known> {
    const { promise, resolve, reject } = Promise.withResolvers<Known>();
    const waiting: Waiting = { take: resolve, fail: reject };
    this.#waiting.push(waiting);
    const patience = setTimeout(() => {
      const place = this.#waiting.indexOf(waiting);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(noConnection("all are in use"));
    }, CONNECTION_WITHIN_MS);
    return promise.finally(() => clearTimeout(patience));
  }

  async #open(): Promise<Known> {
    this.#count += 1;
    try {
      return await openKnown(this.#options, this.#unanswered, (known) => this.#giveBack(known));
    } catch (error) {
      this.#countDown();
      throw noConnection("connecting failed", error);
    }
  }

  #giveBack(known: Known): void {
    if (this.#isClosed || !isGood(known)) {
      this.#drop(known);
      return;
    }
    known.idleSinceMs = Date.now();
    const next = this.#waiting.shift();
    if (next) next.take(known);
    else this.#idle.push(known);
  }

  #drop(known: Known): void {
    known.close();
    this.#countDown();
  }

  #countDown(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#isEmpty();
    const next = this.#isClosed ? undefined : this.#waiting.shift();
    if (next) this.#open().then(next.take, next.fail);
  }
}

const isGood = ({ lent, isBroken }: Known): boolean => !isBroken && lent.isValid();

async function openKnown(
  options: SessionOptions,
  unanswered: Unanswered,
  giveBack: (known: Known) => void,
): Promise<Known> {
  const socket = openSocket(options);
  const connection = await answered(openConnection(options, socket), {
    withinMs: CONNECTION_WITHIN_MS,
    orElse: (late) => socket.destroy(late),
    unanswered,
  });
  const known: Known = {
    lent: Object.assign(connection, {
      release: () => giveBack(known),
      discard: () => known.close(new Error("the connection is given up")),
    }),
    isBroken: false,
    idleSinceMs: 0,
    close: (reason) => {
      known.isBroken = true;
      if (reason) socket.destroy(reason);
      else void connection.end().catch(() => undefined);
    },
  };
  connection.on("error", () => {
    known.isBroken = true;
  });
  giveDeadlines(known, unanswered);
  return known;
}

const noAnswer = () => Object.assign(new Error("the database did not answer in time"), { code: "ETIMEDOUT" });

type Patience = {
  readonly withinMs: number;
  readonly orElse: (late: Error) => void;
  readonly unanswered: Unanswered;
};

/** Waits for so long, then gives up: the driver itself may wait for ever where a connection ends at the wrong moment. */
async function answered<Result>(asked: Promise<Result>, { withinMs, orElse, unanswered }: Patience): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const abortInFlight = (error: Error) => {
    reject(error);
    orElse(error);
  };
  unanswered.add(abortInFlight);
  const patience = setTimeout(() => abortInFlight(noAnswer()), withinMs);
  return Promise.race([asked, late]).finally(() => {
    clearTimeout(patience);
    unanswered.delete(abortInFlight);
  });
}

/** A server that stands still says nothing: whoever asks it gets an error in time, and the connection is given up. */
function giveDeadlines({ lent, close }: Known, unanswered: Unanswered): void {
  for (const way of ["query", "execute", "batch"] as const) {
    const ask = lent[way].bind(lent) as (...asked: readonly unknown[]) => Promise<unknown>;
    Object.assign(lent, {
      [way]: (...asked: readonly unknown[]) =>
        answered(ask(...asked), { withinMs: ANSWER_WITHIN_MS, orElse: close, unanswered }),
    });
  }
}
