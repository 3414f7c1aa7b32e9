import type { ErrorBody, Language } from "@jifen/contract";
import type { Operation, TRPCClientError } from "@trpc/client";
import { type ClientCode, isWireError, JifenError, type JifenErrorCode, type JifenErrorDetails } from "./error.ts";
import type { JifenRouter } from "./router.ts";
import { type Answer, retryAfterSeconds, TransportFailure } from "./transport.ts";
import { wordingOf } from "./wording.ts";

type Told = { readonly op: Operation; readonly language: Language | undefined };

/** What tRPC knows of a failed call, as the error that callers see. */
export function toJifenError(failure: TRPCClientError<JifenRouter>, told: Told): JifenError {
  if (failure instanceof JifenError) return failure;
  if (failure.cause instanceof TransportFailure) return notAnswered(failure.cause, told);
  // A refusal of one call stands in tRPC's envelope, a refusal of the whole request stands alone.
  const wire = failure.data?.app ?? failure.meta?.["responseJSON"];
  return isWireError(wire) ? refused(wire, failure, told) : misunderstood(failure, told);
}

/** The caller's AbortSignal fired; its reason is the cause. */
export function aborted({ op, language }: Told): JifenError {
  const reason: unknown = op.signal?.reason;
  return clientError(
    "ABORTED",
    { op, language },
    { cause: reason instanceof Error ? reason : new Error(String(reason)) },
  );
}

function refused(wire: ErrorBody, failure: TRPCClientError<JifenRouter>, { op }: Told): JifenError {
  const { code, message, requestId, ...details } = wire;
  const answer = answerOf(failure);
  return new JifenError<JifenErrorCode>({
    code,
    details: details as JifenErrorDetails<typeof code>,
    message,
    // A batch has a status of its own.
    status: failure.data?.httpStatus ?? answer?.status,
    // A request that the server could not even read has its id in the header alone.
    requestId: requestId || answer?.headers.get("x-request-id") || undefined,
    retryAfterSeconds: answer && retryAfterSeconds(answer.headers),
    idempotencyKey: keyOf(op),
    shape: failure.shape ?? undefined,
    meta: failure.meta,
  });
}

function notAnswered(failure: TransportFailure, told: Told): JifenError {
  const { code, status, retryAfterSeconds } = failure;
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return clientError(code, told, { cause, status, retryAfterSeconds });
}

function misunderstood(failure: TRPCClientError<JifenRouter>, told: Told): JifenError {
  const answer = answerOf(failure);
  const wait = answer && retryAfterSeconds(answer.headers);
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return clientError("UNEXPECTED_ANSWER", told, { cause, status: answer?.status, retryAfterSeconds: wait });
}

type ClientFacts = {
  readonly cause: Error;
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
};

function clientError(code: ClientCode, { op, language }: Told, facts: ClientFacts): JifenError {
  return new JifenError<JifenErrorCode>({
    code,
    details: {} as JifenErrorDetails<typeof code>,
    message: wordingOf(code, language),
    idempotencyKey: keyOf(op),
    ...facts,
  });
}

/** The transport's answer, which tRPC carries along as `response`. */
const answerOf = (failure: TRPCClientError<JifenRouter>): Answer | undefined =>
  failure.meta?.["response"] as Answer | undefined;

function keyOf(op: Operation): string | undefined {
  const key = (op.input as { idempotencyKey?: unknown } | null | undefined)?.idempotencyKey;
  return typeof key === "string" ? key : undefined;
}
