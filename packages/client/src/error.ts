import type { ErrorBody, RefusalCode, RefusalDetails } from "@jifen/contract";
import { TRPCClientError } from "@trpc/client";
import type { JifenErrorShape, JifenRouter } from "./router.ts";

/**
 * The codes of failures without a response of the server.
 * `NETWORK_ERROR`: no response arrived; a mutation took effect once or not at all.
 * `UNEXPECTED_RESPONSE`: the response is not from Jifen, for example the error page of a proxy.
 * `ABORTED`: the caller's AbortSignal fired; a mutation in progress may have taken effect.
 * `NOT_SENT`: `getToken` threw, or a header is invalid; no effect.
 */
export type ClientCode = "NETWORK_ERROR" | "UNEXPECTED_RESPONSE" | "ABORTED" | "NOT_SENT";

/** The stable code of a failure. */
export type JifenErrorCode = RefusalCode | ClientCode;

/** The fields that explain a refusal, such as `balance` and `required` of INSUFFICIENT_CREDITS. */
export type JifenErrorDetails<Code extends JifenErrorCode> = Code extends keyof RefusalDetails
  ? RefusalDetails[Code]
  : Readonly<Record<never, never>>;

type ErrorParts<Code extends JifenErrorCode> = {
  readonly code: Code;
  readonly details: JifenErrorDetails<Code>;
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly shape?: JifenErrorShape | undefined;
  readonly meta?: Record<string, unknown> | undefined;
  readonly cause?: Error | undefined;
};

/** The error of a failed call. Its message is for users, in the client's language. */
export class JifenError<Code extends JifenErrorCode = JifenErrorCode> extends TRPCClientError<JifenRouter> {
  readonly code: Code;
  readonly details: JifenErrorDetails<Code>;
  /** The HTTP status; undefined without a response. */
  readonly status: number | undefined;
  /** The id of the request in the server's log; undefined when the response is not from Jifen. */
  readonly requestId: string | undefined;
  /** The Retry-After header in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The idempotency key of the call. Repeating the call with it resolves an unknown outcome. */
  readonly idempotencyKey: string | undefined;

  constructor({ message, shape, meta, cause, ...parts }: ErrorParts<Code>) {
    super(message, { ...(shape && { result: { error: shape } }), ...(meta && { meta }), ...(cause && { cause }) });
    this.name = "JifenError";
    this.code = parts.code;
    this.details = parts.details;
    this.status = parts.status;
    this.requestId = parts.requestId;
    this.retryAfterSeconds = parts.retryAfterSeconds;
    this.idempotencyKey = parts.idempotencyKey;
    // TRPCClientError sets its own prototype on every instance.
    Object.setPrototypeOf(this, new.target.prototype);
  }
}

/** A union with one member per code, so that a switch over `code` narrows `details`. */
export type JifenErrorOf<Code extends JifenErrorCode> = { [Each in Code]: JifenError<Each> }[Code];

/**
 * Whether this is an error of a Jifen call, and has this code if one is given:
 * `if (isJifenError(error, "INSUFFICIENT_CREDITS")) error.details.balance`.
 */
export function isJifenError<Code extends JifenErrorCode = JifenErrorCode>(
  error: unknown,
  code?: Code,
): error is JifenErrorOf<Code> {
  return error instanceof JifenError && (code === undefined || error.code === code);
}

/** Whether a value has the shape of Jifen's error object. */
export function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, requestId } = value as Partial<Record<string, unknown>>;
  return typeof code === "string" && typeof message === "string" && typeof requestId === "string";
}
