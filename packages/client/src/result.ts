import { isJifenError, JifenError, type JifenErrorCode, type JifenErrorDetails } from "./error.ts";

/** A failed call as plain data, which a server action can return. */
export type JifenFailure = {
  readonly code: JifenErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
};

/** The result of a call as plain data: Next.js hides the message of an error that a server action throws in production. */
export type JifenResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: JifenFailure };

/** Converts a JifenError to plain data. */
function toFailure(error: JifenError): JifenFailure {
  const { code, message, status, requestId, idempotencyKey } = error;
  return { code, message, details: { ...error.details }, status, requestId, idempotencyKey };
}

/** The JifenError that plain data describes. */
export const fromFailure = ({ details, ...failure }: JifenFailure): JifenError =>
  new JifenError({ ...failure, details: details as JifenErrorDetails<JifenErrorCode> });

/** Runs calls of Jifen and returns a failed one as a value. An error that is no JifenError is thrown. */
export async function settle<Value>(call: () => Promise<Value>): Promise<JifenResult<Value>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    if (!isJifenError(error)) throw error;
    return { ok: false, error: toFailure(error) };
  }
}
