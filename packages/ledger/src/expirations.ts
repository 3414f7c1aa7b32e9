import { credits, idempotencyKey } from "@jifen/core";
import { type AccountState, firstExpiryMs, hasExpired } from "./account.ts";
import { bySystem } from "./entry.ts";
import { type Allocation, type Grant, isExpired } from "./grant.ts";
import type { Hold } from "./hold.ts";
import { type Posted, type PostingContext, post } from "./posting.ts";

/** How much of `allocations` belongs to expired grants. */
export function expiredAmountOf(grants: readonly Grant[], allocations: readonly Allocation[], nowMs: number): number {
  const expired = new Set(grants.filter((grant) => isExpired(grant, nowMs)).map(({ id }) => id));
  return allocations.reduce((sum, allocation) => sum + (expired.has(allocation.grantId) ? allocation.amount : 0), 0);
}

/** Adds or replaces `hold`. The account's next expiry is never later than that of a pending hold. */
export const withHold = (state: AccountState, hold: Hold): AccountState => ({
  ...state,
  account: { ...state.account, nextExpiryMs: firstExpiryMs({ grants: [], holds: [hold] }, state.account.nextExpiryMs) },
  holds: [...state.holds.filter(({ id }) => id !== hold.id), hold],
});

/** What an expiration is posted with: it follows from the clock, also when a command comes across it. */
type ExpirationContext = Pick<PostingContext, "nowMs" | "transactionId">;

/** Expires the credits left in every expired grant. */
export function expireGrants(posted: Posted, { nowMs, transactionId }: ExpirationContext): Posted {
  const context = { nowMs, transactionId, ...bySystem };
  const expired = posted.state.grants.filter((grant) => grant.remaining > 0 && isExpired(grant, context.nowMs));
  return expired.reduce(
    (before, grant) =>
      post(
        before,
        {
          // Credits returned to an expired grant expire immediately, so one grant can have several `expire` entries.
          idempotencyKey: idempotencyKey.ofSystem(`grant-expiry:${grant.id}:${before.state.account.sequence + 1}`),
          kind: "expire",
          amount: grant.remaining,
          action: grant.source,
          referenceId: grant.id,
          allocations: [{ grantId: grant.id, amount: grant.remaining }],
        },
        context,
      ),
    posted,
  );
}

/** Releases an expired hold: a job that was never finished is not charged. */
function expireHold({ state, entries }: Posted, hold: Hold, context: PostingContext): Posted {
  const expired: Hold = { ...hold, state: "expired", expired: hold.amount, resolvedAtMs: context.nowMs };
  return post(
    { state: withHold(state, expired), entries },
    {
      idempotencyKey: idempotencyKey.ofSystem(`hold-expiry:${hold.id}`),
      kind: "release",
      amount: hold.amount,
      action: hold.action,
      referenceId: hold.id,
      allocations: hold.allocations,
      expiredOnReturn: credits(expiredAmountOf(state.grants, hold.allocations, context.nowMs)),
    },
    context,
  );
}

/** Processes an account's expirations: first holds, whose credits return to their grants, then grants. */
export function applyExpirations(state: AccountState, { nowMs, transactionId }: ExpirationContext): Posted {
  const context = { nowMs, transactionId, ...bySystem };
  const unchanged: Posted = { state, entries: [] };
  if (!hasExpired(state.account, context.nowMs)) return unchanged;
  const hasHoldExpired = (hold: Hold) => hold.state === "pending" && hold.expiresAtMs <= context.nowMs;
  const expiredHolds = state.holds.filter(hasHoldExpired).toSorted((one, other) => one.expiresAtMs - other.expiresAtMs);
  const afterHolds = expiredHolds.reduce((posted, hold) => expireHold(posted, hold, context), unchanged);
  const afterGrants = expireGrants(afterHolds, context);
  const account = {
    ...afterGrants.state.account,
    nextExpiryMs: firstExpiryMs(afterGrants.state, afterGrants.state.otherHoldsExpiryMs),
  };
  // The account has more expired holds than one batch processes, and those of this snapshot were processed before.
  if (afterGrants.entries.length === 0 && account.nextExpiryMs === state.account.nextExpiryMs) return unchanged;
  return { ...afterGrants, state: { ...afterGrants.state, account } };
}
