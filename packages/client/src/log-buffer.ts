import type { JifenClient } from "./client.ts";
import type { JifenInputs, JifenOutputs } from "./router.ts";

/** A log, as `logs.create` takes it. */
export type LogEntry = JifenInputs["logs"]["create"];

type Result = JifenOutputs["logs"]["batch"]["results"][number];
type Refused = Extract<Result, { code: string }>;

/** Options of a buffer. */
export type LogBufferOptions = {
  /** The most logs that wait; 10,000 by default. Further ones are dropped and counted. */
  readonly maxWaiting?: number | undefined;
  /** How long a log waits for others, in milliseconds; 1,000 by default. */
  readonly waitMs?: number | undefined;
  /** Called for each log that the server refuses. Its errors are ignored. */
  readonly onRefused?: ((log: LogEntry, refusal: Refused) => void) | undefined;
};

/** What became of the logs of a buffer. */
export type LogBufferStats = {
  readonly waiting: number;
  /** Also those that an earlier attempt wrote. */
  readonly written: number;
  /** Refused by the server, such as a log that is not valid. */
  readonly refused: number;
  /** Let go because the buffer was full, or because the log is no JSON. */
  readonly dropped: number;
};

/** Collects logs and sends them together. */
export type LogBuffer = {
  /** Adds a log. Never waits and never throws. */
  add(log: LogEntry): void;
  /**
   * Sends everything that waits, such as at the end of a serverless function. Never throws: what could not be sent stays in
   * the buffer, and shows in `waiting`.
   */
  flush(): Promise<LogBufferStats>;
  stats(): LogBufferStats;
};

const MAX_IN_BATCH = 100;
/** Less than the server accepts, because the JSON around the logs counts too. */
const MAX_BATCH_BYTES = 900_000;
const MAX_PAUSE_MS = 30_000;

type Waiting = { readonly log: LogEntry; readonly bytes: number };

/** Creates a buffer. It sends at 100 logs or after a second, each log with a key, so that a repeated batch writes none twice. */
export function createLogBuffer(client: Pick<JifenClient, "logs">, options: LogBufferOptions = {}): LogBuffer {
  return new Buffer(client, options);
}

class Buffer implements LogBuffer {
  readonly #client: Pick<JifenClient, "logs">;
  readonly #options: LogBufferOptions;
  readonly #waiting: Waiting[] = [];
  readonly #counts = { written: 0, refused: 0, dropped: 0 };
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(client: Pick<JifenClient, "logs">, options: LogBufferOptions) {
    this.#client = client;
    this.#options = options;
  }

  add(log: LogEntry): void {
    const bytes = sizeOf(log);
    if (bytes === undefined || this.#waiting.length >= (this.#options.maxWaiting ?? 10_000)) {
      this.#counts.dropped += 1;
      return;
    }
    this.#waiting.push({ log: { ...log, idempotencyKey: log.idempotencyKey ?? crypto.randomUUID() }, bytes });
    // After a failure the pause counts, however many logs wait.
    if (this.#waiting.length >= MAX_IN_BATCH && this.#failures === 0) void this.#send();
    else this.#schedule(this.#options.waitMs ?? 1_000);
  }

  async flush(): Promise<LogBufferStats> {
    await this.#sending;
    await this.#send();
    return this.stats();
  }

  stats(): LogBufferStats {
    return { waiting: this.#waiting.length, ...this.#counts };
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#sending !== undefined) return;
    this.#timer = setTimeout(() => void this.#send(), ms);
    // In Node a waiting log does not keep the process alive; `flush` does.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0) this.#schedule(this.#pauseMs());
    });
    return this.#sending;
  }

  /** Sends batches until none waits or one fails. The client has retried by then. */
  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        const { results } = await this.#client.logs.batch.mutate({ logs: batch.map(({ log }) => log) });
        this.#waiting.splice(0, batch.length);
        this.#failures = 0;
        for (const [at, result] of results.entries()) this.#count(result, batch[at]);
      } catch {
        this.#failures += 1;
        return;
      }
    }
  }

  #nextBatch(): readonly Waiting[] {
    let [count, bytes] = [0, 0];
    for (const each of this.#waiting) {
      bytes += each.bytes;
      if (count === MAX_IN_BATCH || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
      count += 1;
    }
    return this.#waiting.slice(0, count);
  }

  #count(result: Result, sent: Waiting | undefined): void {
    if (!("code" in result)) {
      this.#counts.written += 1;
      return;
    }
    this.#counts.refused += 1;
    try {
      if (sent) this.#options.onRefused?.(sent.log, result);
    } catch {
      // What the caller does with a refusal must not stop the buffer.
    }
  }

  #pauseMs(): number {
    const waitMs = this.#options.waitMs ?? 1_000;
    return Math.min(MAX_PAUSE_MS, waitMs * 2 ** this.#failures);
  }
}

/** UTF-8 bytes of a log as JSON; undefined when it is none. */
function sizeOf(log: LogEntry): number | undefined {
  try {
    return new TextEncoder().encode(JSON.stringify(log)).length;
  } catch {
    return undefined;
  }
}
