import { type Holder, type IdempotencyKey, idempotencyKey } from "@jifen/core";

/** The key that came with a request, for the ledger; without one the ledger makes its own. */
export function callerIdempotencyKey(
  { kind }: { readonly kind: Holder },
  key: string | undefined,
): IdempotencyKey | undefined {
  if (key === undefined) return undefined;
  return kind === "service" ? idempotencyKey.ofService(key) : idempotencyKey.ofCaller(key);
}

/** The same for a request of somebody who acts on another's account. */
export const operatorIdempotencyKey = (key: string | undefined): IdempotencyKey | undefined =>
  key === undefined ? undefined : idempotencyKey.ofOperator(key);
