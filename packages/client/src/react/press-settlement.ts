import { isJifenError, type JifenErrorCode } from "../error.ts";
import { isOutcomeUnknown } from "../outcome.ts";

/** A press that may have had an effect: its idempotency key, and the quote with which it is sent. */
export type Press = { readonly idempotencyKey: string; readonly quote?: unknown };

/** The next press with the same input is the same intent after these. */
const passing: readonly JifenErrorCode[] = [
  "OVERLOADED",
  "DATABASE_UNAVAILABLE",
  "RATE_LIMITED",
  "GATEWAY_UNAVAILABLE",
];

type Attempt = {
  readonly failure: unknown;
  /** Whether no attempt of this press was made before. */
  readonly isFirst: boolean;
  /** Whether it can have made several calls: then some have succeeded, maybe, before the one that failed. */
  readonly isAction: boolean;
};

/**
 * What is left of a press after a failure: the next one with the same input continues it. Undefined ends it, so that the
 * next one has another key. What is refused before the server looks for its key ends only the first attempt. An action
 * keeps its key: what was refused has no effect under it, and what was charged is charged once. A quote that has expired
 * is forgotten, because the next press has another price; it was refused after the server had looked for its key.
 */
export function pressAfter(press: Press, { failure, isFirst, isAction }: Attempt): Press | undefined {
  if (!isJifenError(failure)) return press;
  const { code } = failure;
  if (isAction) return code === "QUOTE_EXPIRED" ? { idempotencyKey: press.idempotencyKey } : press;
  return isOutcomeUnknown(code, !isFirst) || passing.includes(code) ? press : undefined;
}
