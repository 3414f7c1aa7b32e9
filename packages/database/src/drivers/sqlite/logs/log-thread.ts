import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { Piscina } from "piscina";
import { writeProblemOf } from "../../../errors/write-problem.ts";
import { LOCK_TIMEOUT_MS, untilUnlocked } from "../file-access.ts";
import { callEffects, type LogCalls } from "./log-calls.ts";
import type { LogFileOptions } from "./log-file.ts";
import type { LogTask, LogTaskResult } from "./log-worker.ts";
import { toError } from "./thrown-error.ts";

/** How long a write waits for a lock that outlasted the write before it: those behind it wait for all of them. */
const LONG_LOCK_TIMEOUT_MS = 250;

const workerFile = new URL(`./log-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url).href;

const startPool = (workerData: LogFileOptions) => {
  const pool = new Piscina<LogTask, LogTaskResult>({
    filename: workerFile,
    minThreads: 1,
    maxThreads: 1,
    recordTiming: false,
    workerData,
  });
  // A thread that fails between two tasks is replaced; without a listener, its error would end the process.
  pool.on("error", () => undefined);
  return pool;
};

/**
 * The calls of the thread that has the file of the logs: the driver is synchronous, so on the main thread it would keep
 * credits waiting. The thread starts at the first call and runs one at a time. Every call rejects with DatabaseUnavailable,
 * writes also with OutcomeUnknown.
 */
export type LogThread = LogCalls & {
  /** Waits for running calls, closes the file and ends the thread. Later calls reject. */
  close(): Promise<void>;
};

/** Creates the thread of the logs. @param file its lock timeout is that of a migration, which then is tried again */
export function createLogThread(file: LogFileOptions): LogThread {
  let pool: ReturnType<typeof startPool> | undefined;
  let isClosed = false;
  let isLocked = false;

  const run = async (task: LogTask): Promise<unknown> => {
    if (isClosed) throw new DatabaseUnavailable("the database is closed");
    pool ??= startPool(file);
    const result = await pool.run(task).catch((cause: unknown) => lost(task, cause));
    if (!result.ok) throw toError(result.error);
    return result.value;
  };
  const write = async (task: LogTask): Promise<unknown> => {
    const timeoutMs = isLocked ? LONG_LOCK_TIMEOUT_MS : LOCK_TIMEOUT_MS;
    try {
      const result = await untilUnlocked(() => run(task), performance.now() + timeoutMs);
      isLocked = false;
      return result;
    } catch (error) {
      isLocked = writeProblemOf(error) === "locked";
      throw error;
    }
  };
  const calls = Object.entries(callEffects).map(([call, effect]) => {
    const toTask = (args: readonly unknown[]) => ({ call, args }) as unknown as LogTask;
    const read = (task: LogTask) => untilUnlocked(() => run(task));
    return [call, (...args: readonly unknown[]) => (effect === "writes" ? write : read)(toTask(args))] as const;
  });
  return {
    ...(Object.fromEntries(calls) as unknown as LogCalls),
    close: async () => {
      if (pool && !isClosed) await run({ call: "close" }).catch(() => undefined);
      isClosed = true;
      await pool?.close();
    },
  };
}

/** The thread ended during a task. */
function lost({ call }: LogTask, cause: unknown): never {
  const message = "the thread of the logs ended";
  if (call !== "close" && callEffects[call] === "writes") throw new OutcomeUnknown(message, { cause });
  throw new DatabaseUnavailable(message, { cause });
}
