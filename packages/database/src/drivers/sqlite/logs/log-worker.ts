import { workerData } from "node:worker_threads";
import type { LogCalls } from "./log-calls.ts";
import type { LogFileOptions } from "./log-file.ts";
import { OpenedLogFile } from "./opened-log-file.ts";
import { type ThrownError, toThrownError } from "./thrown-error.ts";

/** A task of the thread of the logs: one of its calls, or the last one, which closes the file. */
export type LogTask =
  | {
      [Name in keyof LogCalls]: { readonly call: Name; readonly args: Parameters<LogCalls[Name]> };
    }[keyof LogCalls]
  | { readonly call: "close" };

/** The outcome of a task. */
export type LogTaskResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ThrownError };

const file = new OpenedLogFile(workerData as LogFileOptions);

// Piscina calls the default export of the module.
export default async function work(task: LogTask): Promise<LogTaskResult> {
  try {
    if (task.call !== "close") return { ok: true, value: await file.run(task.call, task.args) };
    file.close();
    return { ok: true, value: undefined };
  } catch (error) {
    return { ok: false, error: toThrownError(error) };
  }
}
