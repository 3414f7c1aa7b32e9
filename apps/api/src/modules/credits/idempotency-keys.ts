import { type Holder, type IdempotencyKey, idempotencyKey } from "@jifen/core";

/** The ledger key of a request's own idempotency key, in the namespace of its kind of caller. Without one, the ledger creates a key. */
export function callerIdempotencyKey(
  { kind }: { readonly kind: Holder },
  key: string | undefined,
): IdempotencyKey | undefined {
  if (key === undefined) return undefined;
  return kind === "service" ? idempotencyKey.ofService(key) : idempotencyKey.ofCaller(key);
}

/** The ledger key of a request of staff on the account of a user. */
export const operatorIdempotencyKey = (key: string | undefined): IdempotencyKey | undefined =>
  key === undefined ? undefined : idempotencyKey.ofOperator(key);
