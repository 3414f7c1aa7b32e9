import type { ErrorBody } from "@jifen/contract";
import type { Operation, TRPCClientError } from "@trpc/client";
import { type ClientCode, isErrorBody, JifenError, type JifenErrorCode, type JifenErrorDetails } from "./error.ts";
import type { JifenRouter } from "./router.ts";
import { retryAfterSeconds, TransportFailure, type TransportResponse } from "./transport.ts";
import { type MessageContext, unknownProcedure, wordingOf } from "./wording.ts";

/** The failed call, and the language and server of its message. */
type FailedCall = { readonly op: Operation; readonly context: MessageContext };

/** Converts tRPC's error of a failed call to a JifenError. */
export function toJifenError(failure: TRPCClientError<JifenRouter>, call: FailedCall): JifenError {
  if (failure instanceof JifenError) return failure;
  if (failure.cause instanceof TransportFailure) return noResponse(failure.cause, call);
  // The refusal of one call is inside tRPC's error shape; the refusal of a whole request is the body itself.
  const body = failure.data?.app ?? failure.meta?.["responseJSON"];
  return isErrorBody(body) ? refused(body, failure, call) : unexpectedResponse(failure, call);
}

/** The error of an aborted call; the reason of the signal is its cause. */
export function aborted({ op, context }: FailedCall): JifenError {
  const reason: unknown = op.signal?.reason;
  return clientError(
    "ABORTED",
    { op, context },
    { cause: reason instanceof Error ? reason : new Error(String(reason)) },
  );
}

function refused(body: ErrorBody, failure: TRPCClientError<JifenRouter>, { op, context }: FailedCall): JifenError {
  const { code, message, requestId, ...details } = body;
  const response = responseOf(failure);
  return new JifenError<JifenErrorCode>({
    code,
    details: details as JifenErrorDetails<typeof code>,
    message: code === "NOT_FOUND" ? unknownProcedure(op.path, context) : message,
    // The HTTP status of a batch can differ from that of a call.
    status: failure.data?.httpStatus ?? response?.status,
    // When the server could not parse the request, the id is only in the header.
    requestId: requestId || response?.headers.get("x-request-id") || undefined,
    retryAfterSeconds: response && retryAfterSeconds(response.headers),
    idempotencyKey: keyOf(op),
    shape: failure.shape ?? undefined,
    meta: failure.meta,
  });
}

function noResponse(failure: TransportFailure, call: FailedCall): JifenError {
  const { code, status, retryAfterSeconds } = failure;
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return clientError(code, call, { cause, status, retryAfterSeconds });
}

function unexpectedResponse(failure: TRPCClientError<JifenRouter>, call: FailedCall): JifenError {
  const response = responseOf(failure);
  const wait = response && retryAfterSeconds(response.headers);
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return clientError("UNEXPECTED_RESPONSE", call, { cause, status: response?.status, retryAfterSeconds: wait });
}

type ClientErrorParts = {
  readonly cause: Error;
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
};

function clientError(code: ClientCode, { op, context }: FailedCall, parts: ClientErrorParts): JifenError {
  return new JifenError<JifenErrorCode>({
    code,
    details: {} as JifenErrorDetails<typeof code>,
    message: wordingOf(code, { ...context, status: parts.status }),
    idempotencyKey: keyOf(op),
    ...parts,
  });
}

/** The transport's response, which tRPC keeps in `meta.response`. */
const responseOf = (failure: TRPCClientError<JifenRouter>): TransportResponse | undefined =>
  failure.meta?.["response"] as TransportResponse | undefined;

function keyOf(op: Operation): string | undefined {
  const key = (op.input as { idempotencyKey?: unknown } | null | undefined)?.idempotencyKey;
  return typeof key === "string" ? key : undefined;
}
