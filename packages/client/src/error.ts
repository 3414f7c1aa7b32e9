import type { ErrorBody, RefusalCode, RefusalDetails } from "@jifen/contract";
import { TRPCClientError } from "@trpc/client";
import type { JifenErrorShape, JifenRouter } from "./router.ts";

/**
 * What goes wrong before the server can say anything.
 * `NETWORK_ERROR`: no answer arrived; a mutation took effect once or not at all.
 * `UNEXPECTED_ANSWER`: somebody else answered, such as a proxy with a page of its own.
 * `ABORTED`: the caller's AbortSignal fired; a mutation that was under way may have taken effect.
 * `NOT_SENT`: the request could not be made, because `getToken` threw or a header is not valid; no effect.
 */
export type ClientCode = "NETWORK_ERROR" | "UNEXPECTED_ANSWER" | "ABORTED" | "NOT_SENT";

/** The stable name of whatever went wrong. */
export type JifenErrorCode = RefusalCode | ClientCode;

/** The numbers that explain a refusal: `balance` and `required` of INSUFFICIENT_CREDITS, for one. */
export type JifenErrorDetails<Code extends JifenErrorCode> = Code extends keyof RefusalDetails
  ? RefusalDetails[Code]
  : Readonly<Record<never, never>>;

type Facts<Code extends JifenErrorCode> = {
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

/** Every failure of a call. The message is a sentence for people, in the client's language. */
export class JifenError<Code extends JifenErrorCode = JifenErrorCode> extends TRPCClientError<JifenRouter> {
  readonly code: Code;
  readonly details: JifenErrorDetails<Code>;
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The server's name for this request, to give to its operator; undefined when it was not Jifen that answered. */
  readonly requestId: string | undefined;
  /** How many seconds the server asks to wait. */
  readonly retryAfterSeconds: number | undefined;
  /** The key the call was sent with: calling again with it settles an unknown outcome. */
  readonly idempotencyKey: string | undefined;

  constructor({ message, shape, meta, cause, ...facts }: Facts<Code>) {
    super(message, { ...(shape && { result: { error: shape } }), ...(meta && { meta }), ...(cause && { cause }) });
    this.name = "JifenError";
    this.code = facts.code;
    this.details = facts.details;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.idempotencyKey = facts.idempotencyKey;
    // TRPCClientError sets its own prototype on whatever is constructed.
    Object.setPrototypeOf(this, new.target.prototype);
  }
}

/** One member for each code, so that a switch over `code` knows the `details`. */
export type JifenErrorOf<Code extends JifenErrorCode> = { [Each in Code]: JifenError<Each> }[Code];

/**
 * Whether this is a failure of a Jifen call, and of this code when one is given:
 * `if (isJifenError(error, "INSUFFICIENT_CREDITS")) error.details.balance`.
 */
export function isJifenError<Code extends JifenErrorCode = JifenErrorCode>(
  error: unknown,
  code?: Code,
): error is JifenErrorOf<Code> {
  return error instanceof JifenError && (code === undefined || error.code === code);
}

/** Whether a value has the form in which Jifen words its refusals. */
export function isWireError(value: unknown): value is ErrorBody {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, requestId } = value as Partial<Record<string, unknown>>;
  return typeof code === "string" && typeof message === "string" && typeof requestId === "string";
}
