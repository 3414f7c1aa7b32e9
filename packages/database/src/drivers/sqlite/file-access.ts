import { setTimeout as sleep } from "node:timers/promises";
import { Mutex } from "async-mutex";
import { writeProblemOf } from "../../errors/write-problem.ts";

/** How long a call waits for a lock that another program holds on the file. */
export const LOCK_TIMEOUT_MS = 5_000;
/** The longest pause between two attempts. */
const MAX_PAUSE_MS = 50;

/** Pragma of a connection that serves calls: SQLite itself would wait inside its call and stop the whole process. */
export const WITHOUT_WAITING = "busy_timeout = 0";

/**
 * Runs `attempt` again while another program keeps the file locked. Between attempts the event loop does other work.
 * @param deadlineMs of `performance.now()`; one attempt is always made
 * @throws what the last `attempt` threw
 */
export async function untilUnlocked<Result>(
  attempt: () => Result | Promise<Result>,
  deadlineMs: number = lockDeadline(),
): Promise<Result> {
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (writeProblemOf(error) !== "locked" || performance.now() > deadlineMs) throw error;
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}

const lockDeadline = () => performance.now() + LOCK_TIMEOUT_MS;

/**
 * Who may use the file. Writers have one queue, in the order of their calls, so that the two connections of this process
 * never wait for each other inside SQLite. A write-ahead log lets readers go on beside a writer, also beside one that waits
 * for another program.
 */
export class FileAccess {
  readonly #writers = new Mutex();
  /** A statement that Prisma sends by itself must not run inside the transaction that is open on the same connection. */
  readonly #records = new Mutex();

  /** Runs a transaction of the ledger's connection, which is over when `transact` returns. */
  write<Result>(transact: () => Result): Promise<Result> {
    const deadlineMs = lockDeadline();
    return this.#writers.runExclusive(() => untilUnlocked(transact, deadlineMs));
  }

  /** Runs one statement of Prisma's connection. */
  statement<Result>(run: () => Promise<Result>, { isRead }: { readonly isRead: boolean }): Promise<Result> {
    const deadlineMs = lockDeadline();
    const alone = () => untilUnlocked(() => this.#records.runExclusive(run), deadlineMs);
    return isRead ? alone() : this.#writers.runExclusive(alone);
  }

  /** Begins a transaction on Prisma's connection. @returns ends it for the calls that wait */
  async begin(begin: () => Promise<void>): Promise<() => void> {
    const deadlineMs = lockDeadline();
    const releaseWriters = await this.#writers.acquire();
    try {
      const releaseRecords = await untilUnlocked(() => this.#beginAlone(begin), deadlineMs);
      return () => {
        releaseRecords();
        releaseWriters();
      };
    } catch (error) {
      releaseWriters();
      throw error;
    }
  }

  /** Runs `close` when no other call uses the file. */
  close<Result>(close: () => Promise<Result> | Result): Promise<Result> {
    return this.#writers.runExclusive(() => this.#records.runExclusive(close));
  }

  async #beginAlone(begin: () => Promise<void>): Promise<() => void> {
    const release = await this.#records.acquire();
    try {
      await begin();
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }
}
