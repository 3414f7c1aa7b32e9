import type { Logger } from "pino";
import { refusalOf } from "./error-response.ts";

/** Logs an unexpected error with the details that the response omits. Refusals are expected and not logged. */
export function recordIfUnexpected(log: Logger, error: unknown, about: { requestId: string; path?: string }): void {
  if (refusalOf(error).code !== "INTERNAL_ERROR" || isClientAbort(error)) return;
  log.error({ err: error, ...about }, "unexpected error");
}

/** Whether the client closed the connection while it sent the body. Not logged: any client could fill the log. */
function isClientAbort(error: unknown): boolean {
  const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return code === "ECONNRESET" && message === "aborted";
}
