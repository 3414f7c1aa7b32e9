import type { TRPCLink } from "@trpc/client";
import { takesKey } from "../mutations.ts";
import { newKey } from "../new-key.ts";
import type { JifenRouter } from "../router.ts";

/** Adds an idempotency key to each call before any retry, so that all attempts have the same key. */
export const idempotencyLink: TRPCLink<JifenRouter> =
  () =>
  ({ op, next }) =>
    next(takesKey(op.path) ? { ...op, input: withKey(op.input) } : op);

function withKey(input: unknown): unknown {
  // The server refuses an input that is not an object.
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  const { idempotencyKey, ...rest } = input as { idempotencyKey?: unknown };
  return { ...rest, idempotencyKey: idempotencyKey ?? newKey() };
}
