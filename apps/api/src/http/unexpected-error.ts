import type { Logger } from "pino";
import { refusalOf } from "./error-response.ts";

/** Puts a bug on record with everything that its caller is not told. A refusal is no bug, and is not recorded. */
export function recordIfUnexpected(log: Logger, error: unknown, about: { requestId: string; path?: string }): void {
  if (refusalOf(error).code !== "INTERNAL_ERROR" || isHangUp(error)) return;
  log.error({ err: error, ...about }, "unexpected error");
}

/** Whoever sent half a body and let go: no bug, and nobody is there to be answered. Anybody could fill the log with it. */
function isHangUp(error: unknown): boolean {
  const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return code === "ECONNRESET" && message === "aborted";
}
