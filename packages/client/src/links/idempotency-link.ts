import type { TRPCLink } from "@trpc/client";
import { takesKey } from "../mutations.ts";
import type { JifenRouter } from "../router.ts";

/** Names the intention of each call once, before anything can be retried: every attempt carries the same key. */
export const idempotencyLink: TRPCLink<JifenRouter> =
  () =>
  ({ op, next }) =>
    next(takesKey(op.path) ? { ...op, input: withKey(op.input) } : op);

function withKey(input: unknown): unknown {
  // What is no object is for the server to refuse.
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  const { idempotencyKey, ...rest } = input as { idempotencyKey?: unknown };
  return { ...rest, idempotencyKey: idempotencyKey ?? newKey() };
}

/** 122 random bits or more. Pages served by plain HTTP have no `randomUUID`. */
function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
