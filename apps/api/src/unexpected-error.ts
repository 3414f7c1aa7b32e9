import type { Logger } from "pino";
import { refusalOf } from "./wire-error.ts";

/** Puts a bug on record with everything that its caller is not told. A refusal is no bug, and is not recorded. */
export function recordIfUnexpected(log: Logger, error: unknown, about: { requestId: string; path?: string }): void {
  if (refusalOf(error).code === "INTERNAL_ERROR") log.error({ err: error, ...about }, "unexpected error");
}
