import { credits, idempotencyKey } from "@jifen/core";
import { type AccountState, firstExpiryMs, hasExpired } from "./account.ts";
import { type Allocation, type Grant, isExpired } from "./grant.ts";
import type { Hold } from "./hold.ts";
import { type Posted, type PostingContext, post } from "./posting.ts";

/** How much of `shares` belongs to grants whose life is over. */
export function expiredAmountOf(grants: readonly Grant[], allocations: readonly Allocation[], nowMs: number): number {
  const over = new Set(grants.filter((grant) => isExpired(grant, nowMs)).map(({ id }) => id));
  return allocations.reduce((sum, share) => sum + (over.has(share.grantId) ? share.amount : 0), 0);
}

/** Puts `hold` in the place of what it was before. The account is due no later than its pending holds are. */
export const withHold = (state: AccountState, hold: Hold): AccountState => ({
  ...state,
  account: { ...state.account, nextExpiryMs: firstExpiryMs({ grants: [], holds: [hold] }, state.account.nextExpiryMs) },
  holds: [...state.holds.filter(({ id }) => id !== hold.id), hold],
});

/** Books what is left of every grant whose life is over. */
export function expireGrants(posted: Posted, moment: PostingContext): Posted {
  const over = posted.state.grants.filter((grant) => grant.remaining > 0 && isExpired(grant, moment.nowMs));
  return over.reduce(
    (before, grant) =>
      post(
        before,
        {
          // Something may come back to an expired grant later and expire at once, so one grant can expire more than once.
          idempotencyKey: idempotencyKey.ofSystem(`grant-expiry:${grant.id}:${before.state.account.sequence + 1}`),
          kind: "expire",
          amount: grant.remaining,
          action: grant.source,
          referenceId: grant.id,
          allocations: [{ grantId: grant.id, amount: grant.remaining }],
        },
        moment,
      ),
    posted,
  );
}

/** Frees a hold whose time is over: nobody is charged for a job that nobody finished. */
function expireHold({ state, entries }: Posted, hold: Hold, moment: PostingContext): Posted {
  const expired: Hold = { ...hold, state: "expired", expired: hold.amount, resolvedAtMs: moment.nowMs };
  return post(
    { state: withHold(state, expired), entries },
    {
      idempotencyKey: idempotencyKey.ofSystem(`hold-expiry:${hold.id}`),
      kind: "release",
      amount: hold.amount,
      action: hold.action,
      referenceId: hold.id,
      allocations: hold.allocations,
      expiredOnReturn: credits(expiredAmountOf(state.grants, hold.allocations, moment.nowMs)),
    },
    moment,
  );
}

/** Books whatever time has ended: first holds, which give back to their grants, then what is left of the grants. */
export function applyExpirations(state: AccountState, moment: PostingContext): Posted {
  const nothing: Posted = { state, entries: [] };
  if (!hasExpired(state.account, moment.nowMs)) return nothing;
  const isOver = (hold: Hold) => hold.state === "pending" && hold.expiresAtMs <= moment.nowMs;
  const over = state.holds.filter(isOver).toSorted((one, other) => one.expiresAtMs - other.expiresAtMs);
  const freed = over.reduce((posted, hold) => expireHold(posted, hold, moment), nothing);
  const booked = expireGrants(freed, moment);
  const account = {
    ...booked.state.account,
    nextExpiryMs: firstExpiryMs(booked.state, booked.state.otherHoldsExpiryMs),
  };
  // More was due than is booked at once, and what was shown of it is booked already.
  if (booked.entries.length === 0 && account.nextExpiryMs === state.account.nextExpiryMs) return nothing;
  return { ...booked, state: { ...booked.state, account } };
}
