import { operations } from "@jifen/contract";
import { accountOf, holdId } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { callerIdempotencyKey } from "../idempotency-keys.ts";
import { toHoldRefusal } from "./to-hold-refusal.ts";
import { toPlacedHold } from "./to-placed-hold.ts";

/** Extends a hold of the caller, once per idempotency key. */
export const extend = ({ ledger }: Deps) =>
  implement(operations.holds.extend, async ({ input, caller, idempotencyKey }) => {
    const outcome = await ledger.extend({
      accountId: accountOf(caller.userId),
      idempotencyKey: callerIdempotencyKey(caller, idempotencyKey),
      holdId: holdId(input.holdId),
      by: caller.kind,
      ttlSeconds: input.ttlSeconds,
    });
    if (!outcome.ok) return toHoldRefusal(outcome.refusal);
    const { entry, replayed } = outcome.value;
    return replayableOk(toPlacedHold(entry), { replayed });
  });
