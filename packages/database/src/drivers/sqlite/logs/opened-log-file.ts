import { statSync } from "node:fs";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { connectionLoss } from "../../../errors/failure.ts";
import { writeProblemOf } from "../../../errors/write-problem.ts";
import { WITHOUT_WAITING } from "../file-access.ts";
import type { Connection } from "../pool.ts";
import { callEffects, createLogCalls, type LogCalls } from "./log-calls.ts";
import { type LogFileOptions, openLogFile } from "./log-file.ts";

/** What tells a file from the one that had its path before. */
type FileIdentity = string | undefined;

function identityOf(path: string): FileIdentity {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}

type Opened = { readonly connection: Connection; readonly calls: LogCalls; readonly identity: FileIdentity };

/**
 * The file of the logs, which is opened at the first call. After a failure of the file, and when another file is at its path
 * or none, the next call opens it again: SQLite would keep writing to a removed file, and would never again write to one
 * that was read-only when it was opened.
 */
export class OpenedLogFile {
  readonly #options: LogFileOptions;
  #opened: Opened | undefined;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  /** Runs one call. The caller waits for its end before the next one. @throws DatabaseUnavailable, OutcomeUnknown */
  async run<Name extends keyof LogCalls>(name: Name, args: Parameters<LogCalls[Name]>): Promise<unknown> {
    const { calls, identity } = await this.#open();
    try {
      const result = await (calls[name] as (...args: unknown[]) => Promise<unknown>)(...args);
      if (callEffects[name] === "writes" && identityOf(this.#options.path) !== identity)
        throw new OutcomeUnknown("the file of the logs was removed while it was written");
      return result;
    } catch (error) {
      if (isOfFile(error)) this.close();
      throw error;
    }
  }

  close(): void {
    this.#opened?.connection.close();
    this.#opened = undefined;
  }

  async #open(): Promise<Opened> {
    const { path } = this.#options;
    if (this.#opened && identityOf(path) !== this.#opened.identity) this.close();
    this.#opened ??= await this.#openAgain();
    return this.#opened;
  }

  async #openAgain(): Promise<Opened> {
    const { path } = this.#options;
    try {
      const connection = await openLogFile(this.#options);
      connection.pragma(WITHOUT_WAITING);
      return { connection, calls: createLogCalls(connection), identity: identityOf(path) };
    } catch (error) {
      throw new DatabaseUnavailable(`the file of the logs ${path} cannot be used`, { cause: error });
    }
  }
}

/** Whether the connection should not be used again. A locked file is as it should be. */
const isOfFile = (error: unknown): boolean =>
  error instanceof OutcomeUnknown || (connectionLoss(error) !== undefined && writeProblemOf(error) !== "locked");
