import { untilUnlocked } from "../file-access.ts";
import { callEffects, type LogCalls } from "./log-calls.ts";
import type { LogFileOptions } from "./log-file.ts";
import type { LogThread } from "./log-thread.ts";
import { OpenedLogFile } from "./opened-log-file.ts";

/** The calls of the file of the logs on the caller's own thread, which may wait for them. It is meant for reads. */
export function createLogReads(options: LogFileOptions): LogThread {
  const file = new OpenedLogFile(options);
  const calls = Object.keys(callEffects).map((name) => {
    const call = name as keyof LogCalls;
    const run = (...args: Parameters<LogCalls[typeof call]>) => untilUnlocked(() => file.run(call, args));
    return [call, run] as const;
  });
  return {
    ...(Object.fromEntries(calls) as unknown as LogCalls),
    close: async () => file.close(),
  };
}
