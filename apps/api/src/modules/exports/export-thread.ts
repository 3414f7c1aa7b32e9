import { Worker } from "node:worker_threads";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { ExportMessage, ExportTask } from "./export-worker.ts";

/**
 * V8 lets both generations grow past 100 MB before it collects, and the rows of a page are garbage as soon as they are sent.
 * Files with the largest details and metadata are written with 32 MB as well.
 */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 };

/** How long a thread may take to close its connections. */
const CLOSE_MS = 5_000;

const workerFile = new URL(`./export-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** A part of a file as it is sent. */
type Part = { readonly bytes: Uint8Array; readonly rows: number };

/**
 * The thread of one file, with its own connection to the database: formatting a million rows on the main thread would
 * delay every other request.
 */
export class ExportThread {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #failure: Error | undefined;
  #settle: ((message: ExportMessage | Error) => void) | undefined;

  constructor(task: ExportTask) {
    this.#worker = new Worker(workerFile, { workerData: task, resourceLimits: LIMITS });
    // Not `once` of node:events, which rejects when the thread fails: it still exits, and no caller expects the error here.
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (message: ExportMessage) => this.#settle?.(message));
    this.#worker.on("error", (error) => this.#fail(error as Error));
    this.#worker.on("exit", () => this.#fail(new Error("the thread of the export ended before its file")));
  }

  /** Resolves when the thread has ended, also by an error, and its connections are closed. Never rejects. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** The next part, undefined at the end. One call at a time. @throws DatabaseUnavailable, Error */
  async next(): Promise<Part | undefined> {
    if (this.#failure) throw this.#failure;
    const { promise, resolve } = Promise.withResolvers<ExportMessage | Error>();
    this.#settle = resolve;
    this.#worker.postMessage("next");
    const message = await promise;
    this.#settle = undefined;
    if (message instanceof Error) throw message;
    switch (message.is) {
      case "part":
        return message;
      case "end":
        this.#endSoon();
        return undefined;
      case "error":
        this.#endSoon();
        throw toError(message);
      default:
        return message satisfies never;
    }
  }

  /** Ends the thread, also in the middle of a statement. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The thread closes its connections and ends by itself. */
  #endSoon(): void {
    const timer = setTimeout(() => void this.stop(), CLOSE_MS);
    void this.#ended.finally(() => clearTimeout(timer));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle?.(this.#failure);
  }
}

function toError({ isDatabaseUnavailable, message, stack }: Extract<ExportMessage, { is: "error" }>): Error {
  const error = isDatabaseUnavailable ? new DatabaseUnavailable(message) : new Error(message);
  return Object.assign(error, stack === undefined ? {} : { stack });
}
