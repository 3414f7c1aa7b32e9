import type { z } from "zod";
import type { Wording } from "./language.ts";
import type { RefusalCode } from "./refusals.ts";

/** Who may call: anyone, or a user with a token of their own. */
export type CallerKind = "anyone" | "user";

/** One endpoint: what goes in, what comes out, who may call and what it can be refused for. */
export type Operation = {
  /** A query changes nothing and may be a GET; a mutation is a POST. */
  readonly kind: "query" | "mutation";
  readonly rest: { readonly method: "GET" | "POST"; readonly path: `/${string}` };
  readonly summary: Wording;
  readonly caller: CallerKind;
  /** Whether an Idempotency-Key header, or `idempotencyKey` in the input, makes it happen once. */
  readonly idempotent: boolean;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** Beside those any operation can have (validation, authentication, overload). */
  readonly refusals: readonly RefusalCode[];
};

/** Declares an operation and keeps its exact types. */
export const operation = <const Op extends Operation>(declared: Op): Op => declared;

/** Refusals that any operation may answer with; not repeated in each. */
export const commonRefusals = ["VALIDATION_FAILED", "INTERNAL_ERROR", "DATABASE_UNAVAILABLE"] as const;
/** Refusals that any operation with a caller may answer with. */
export const callerRefusals = ["UNAUTHENTICATED", "USER_MISMATCH", "ACCOUNT_SUSPENDED"] as const;
/** Refusals of the body, before it is looked at. */
export const bodyRefusals = [
  "MALFORMED_JSON",
  "LENGTH_REQUIRED",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
] as const;
