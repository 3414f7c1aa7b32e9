import type { z } from "zod";
import type { Access } from "./callers.ts";
import type { Wording } from "./language.ts";
import type { RefusalCode } from "./refusals.ts";

/** One endpoint: input, output, access and refusals. */
export type Operation = {
  /** A query changes nothing. */
  readonly kind: "query" | "mutation";
  /** The REST route. `/holds/{holdId}` takes the input field `holdId` from the path. */
  readonly rest: {
    readonly method: "GET" | "POST";
    readonly path: `/${string}`;
    /** The largest body; 100 KiB if left out. */
    readonly maxBodyBytes?: number;
    /** How long caches between client and server can keep the response; not at all if left out. */
    readonly cacheSeconds?: number;
    /**
     * Further forms of the output, in REST only: the content type for each value of the input field `format` but `json`.
     * Typed clients always get the output itself.
     */
    readonly formats?: Readonly<Record<string, `${string}/${string}; charset=utf-8`>>;
  };
  readonly summary: Wording;
  /** `anyone`: no credential is needed. */
  readonly caller: "anyone" | Access;
  /** Whether requests with the same Idempotency-Key header or input field `idempotencyKey` take effect only once. */
  readonly idempotent: boolean;
  /**
   * One flat object, which typed clients send as it is. In REST some fields are path parameters, and the others are in
   * the query of a GET (so they must accept text) or in the body of a POST.
   */
  readonly input: z.ZodObject | z.ZodVoid;
  readonly output: z.ZodType;
  /** Besides `commonRefusals`, `callerRefusals` and `bodyRefusals`. */
  readonly refusals: readonly RefusalCode[];
};

/** The parameter names in a path. */
type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/** The parts of an operation that path parameters concern. */
type Addressed = { readonly rest: { readonly path: string }; readonly input: z.ZodType };

/** The fields of an operation's input. */
type InputField<Op extends Addressed> = Op["input"] extends z.ZodObject<infer Shape> ? keyof Shape : never;

/** Requires that every path parameter is a field of the input. */
type PathParametersInInput<Op extends Addressed> = [
  Exclude<PathParameter<Op["rest"]["path"]>, InputField<Op>>,
] extends [never]
  ? unknown
  : { readonly input: { readonly shape: Record<PathParameter<Op["rest"]["path"]>, z.ZodType> } };

/** Declares an operation and keeps its exact types. */
export const operation = <const Op extends Operation>(declared: Op & PathParametersInInput<Op>): Op => declared;

/** What a stream is sent as. */
type StreamContentType = "text/csv; charset=utf-8" | "application/x-ndjson" | "text/event-stream";

/**
 * One REST endpoint whose response is a stream: its length is unknown when it begins, and it can take long. It is no
 * procedure of typed clients. Its refusals come before the first byte; a stream that fails later ends its connection.
 */
export type StreamOperation = {
  readonly kind: "stream";
  /** The REST route, with path parameters as in an `Operation`. */
  readonly rest: { readonly method: "GET"; readonly path: `/${string}` };
  readonly summary: Wording;
  readonly caller: Access;
  /** One flat object: some fields are path parameters, and the others are in the query, so they must accept text. */
  readonly input: z.ZodObject;
  /** The content types that its input can ask for; the first one is the default. */
  readonly contentTypes: readonly [StreamContentType, ...(readonly StreamContentType[])];
  /** Besides `commonRefusals` and `callerRefusals`. */
  readonly refusals: readonly RefusalCode[];
};

/** Declares a stream and keeps its exact types. */
export const stream = <const Op extends StreamOperation>(declared: Op & PathParametersInInput<Op>): Op => declared;

/** Refusals of all operations. */
export const commonRefusals = ["VALIDATION_FAILED", "RATE_LIMITED", "INTERNAL_ERROR", "DATABASE_UNAVAILABLE"] as const;
/** Refusals of all operations that need a credential. */
export const callerRefusals = [
  "UNAUTHENTICATED",
  "USER_MISMATCH",
  "USER_NOT_FOUND",
  "ACCOUNT_SUSPENDED",
  "FORBIDDEN",
  "OVERLOADED",
] as const;
/** Refusals of all operations with a body, before it is parsed. */
export const bodyRefusals = [
  "MALFORMED_JSON",
  "LENGTH_REQUIRED",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
] as const;
