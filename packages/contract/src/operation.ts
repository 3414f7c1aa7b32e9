import type { z } from "zod";
import type { Access } from "./callers.ts";
import type { Wording } from "./language.ts";
import type { RefusalCode } from "./refusals.ts";

/** One endpoint: what goes in, what comes out, who may call and what it can be refused for. */
export type Operation = {
  /** A query changes nothing and may be a GET; a mutation is a POST. */
  readonly kind: "query" | "mutation";
  /** Names in braces are parameters: `/holds/{holdId}` takes the field `holdId` of the input from the address. */
  readonly rest: { readonly method: "GET" | "POST"; readonly path: `/${string}` };
  readonly summary: Wording;
  /** Anyone at all, or who has a credential that may. */
  readonly caller: "anyone" | Access;
  /** Whether an Idempotency-Key header, or `idempotencyKey` in the input, makes it happen once. */
  readonly idempotent: boolean;
  /**
   * One flat object, which is what typed clients send. In REST the parameters of the path are taken from it, and
   * the other fields are the query of a GET (so they must accept text) or the members of a POST's body.
   */
  readonly input: z.ZodObject | z.ZodVoid;
  readonly output: z.ZodType;
  /** Beside those any operation can have (validation, authentication, overload). */
  readonly refusals: readonly RefusalCode[];
};

/** The names in braces of an address. */
type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/** The fields of an operation's input. */
type InputField<Op extends Operation> = Op["input"] extends z.ZodObject<infer Shape> ? keyof Shape : never;

/** Demands that every parameter of the path is a field of the input. */
type PathParametersInInput<Op extends Operation> = [
  Exclude<PathParameter<Op["rest"]["path"]>, InputField<Op>>,
] extends [never]
  ? unknown
  : { readonly input: { readonly shape: Record<PathParameter<Op["rest"]["path"]>, z.ZodType> } };

/** Declares an operation and keeps its exact types. */
export const operation = <const Op extends Operation>(declared: Op & PathParametersInInput<Op>): Op => declared;

/** Refusals that any operation may answer with; not repeated in each. */
export const commonRefusals = ["VALIDATION_FAILED", "RATE_LIMITED", "INTERNAL_ERROR", "DATABASE_UNAVAILABLE"] as const;
/** Refusals that any operation with a caller may answer with. */
export const callerRefusals = [
  "UNAUTHENTICATED",
  "USER_MISMATCH",
  "USER_NOT_FOUND",
  "ACCOUNT_SUSPENDED",
  "FORBIDDEN",
] as const;
/** Refusals of the body, before it is looked at. */
export const bodyRefusals = [
  "MALFORMED_JSON",
  "LENGTH_REQUIRED",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
] as const;
