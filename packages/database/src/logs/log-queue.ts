import { isInfrastructureError, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import type { CallLog, NewCallLog } from "./call-log.ts";

/** The maximum number of logs that wait; further ones reject with Overloaded. */
const MAX_WAITING_LOGS = 8_192;
/** The maximum size of a batch, in UTF-8 bytes of details. */
const MAX_BATCH_BYTES = 1_048_576;
/** The delays before each retry of a batch whose COMMIT was not answered. */
const RETRY_WAITS_MS = [10, 100, 1_000];

/** What the queue works with. */
export type LogQueueDeps = {
  /** Writes a batch in one transaction. A batch can be sent again: what is stored is not stored twice. */
  readonly write: (logs: readonly NewCallLog[]) => Promise<readonly CallLog[]>;
  /** How many batches are written concurrently. */
  readonly lanes: number;
  /** The maximum number of logs in a batch. */
  readonly maxBatch: number;
  /** Resolves after `ms`; with 0, after the pending input of the event loop was handled. */
  readonly wait: (ms: number) => Promise<void>;
};

/** Writes logs in shared transactions. */
export type LogQueue = {
  /**
   * Writes all of these logs, or rejects. @returns the stored log of each, as `writeLogs`
   * @throws Overloaded when there is no room for all of them, DatabaseUnavailable, OutcomeUnknown
   */
  write(logs: readonly NewCallLog[]): Promise<readonly CallLog[]>;
  /** How many logs wait. */
  waiting(): number;
};

type Waiting = {
  readonly log: NewCallLog;
  readonly resolve: (stored: CallLog) => void;
  readonly reject: (error: unknown) => void;
};

/** One shared error: a stack trace for each refused log would cost more than the work. */
const overloaded = new Overloaded("too many logs are waiting");

/** Logs that arrive while batches are written form the next batch. There are no timers: a single log is written immediately. */
export function createLogQueue(deps: LogQueueDeps): LogQueue {
  let waiting: Waiting[] = [];
  let running = 0;

  const takeBatch = (): readonly Waiting[] => {
    let [count, bytes] = [0, 0];
    for (const { log } of waiting) {
      bytes += log.detailsBytes;
      if (count === deps.maxBatch || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  };
  const drain = async () => {
    running += 1;
    while (waiting.length > 0) {
      // Requests that have already arrived join the batch.
      await deps.wait(0);
      const batch = takeBatch();
      if (batch.length > 0) await settle(deps, batch);
    }
    running -= 1;
  };
  return {
    write: (logs) => {
      if (waiting.length + logs.length > MAX_WAITING_LOGS) return Promise.reject(overloaded);
      const written = logs.map((log) => {
        const { promise, resolve, reject } = Promise.withResolvers<CallLog>();
        waiting.push({ log, resolve, reject });
        return promise;
      });
      if (running < deps.lanes) void drain();
      return Promise.all(written);
    },
    waiting: () => waiting.length,
  };
}

/** Writes a batch and settles its promises. A batch that fails because of one log is split until that log is alone. */
async function settle(deps: LogQueueDeps, batch: readonly Waiting[]): Promise<void> {
  try {
    const stored = await writeOrRetry(
      deps,
      batch.map(({ log }) => log),
    );
    for (const [at, { resolve }] of batch.entries()) resolve(stored[at] as CallLog);
  } catch (error) {
    if (batch.length === 1 || isInfrastructureError(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await settle(deps, batch.slice(0, middle));
    await settle(deps, batch.slice(middle));
  }
}

/** When COMMIT was not answered, the same batch is sent again. A failure of a later attempt says nothing about the first one. */
async function writeOrRetry({ write, wait }: LogQueueDeps, logs: readonly NewCallLog[]): Promise<readonly CallLog[]> {
  try {
    return await write(logs);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    for (const ms of RETRY_WAITS_MS) {
      await wait(ms);
      const stored = await write(logs).catch(() => undefined);
      if (stored) return stored;
    }
    throw error;
  }
}
