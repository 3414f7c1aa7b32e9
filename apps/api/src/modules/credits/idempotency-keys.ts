import { type IdempotencyKey, idempotencyKey } from "@jifen/core";
import type { FormerKey } from "@jifen/ledger";
import type { Caller } from "../identity/credentials/caller.ts";
import { isOwnKey, ownerDigest, ownerOfCaller, ownerOfPrincipal } from "../identity/credentials/owner.ts";
import type { Principal } from "../identity/credentials/principal.ts";

/** The ledger key of a request, and the one that earlier versions gave to it. Without a key, the ledger creates one. */
type RequestKeys = { readonly idempotencyKey: IdempotencyKey | undefined; readonly formerKey?: FormerKey };

const noKey: RequestKeys = { idempotencyKey: undefined };

/**
 * The keys of a caller's request on its account, in the namespace of the owner of its credential. Earlier versions had one
 * namespace for all services: what was executed under it stays executed. A user's own key shared it with the services of
 * the operator, so that only the same request is a retry for such a key.
 */
export function callerKeys(caller: Caller, key: string | undefined): RequestKeys {
  if (key === undefined) return noKey;
  if (caller.kind === "user") return { idempotencyKey: idempotencyKey.ofCaller(key) };
  return {
    idempotencyKey: idempotencyKey.ofService(ownerDigest(ownerOfCaller(caller)), key),
    formerKey: { idempotencyKey: idempotencyKey.ofAnyService(key), isShared: isOwnKey(caller) },
  };
}

/** The keys of a request of staff on the account of a user. Earlier versions had one namespace for all staff. */
export function staffKeys(by: Principal, key: string | undefined): RequestKeys {
  if (key === undefined) return noKey;
  return {
    idempotencyKey: idempotencyKey.ofOperator(ownerDigest(ownerOfPrincipal(by)), key),
    formerKey: { idempotencyKey: idempotencyKey.ofAnyOperator(key), isShared: false },
  };
}
