import { operations } from "@jifen/contract";
import { holdId } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { holdCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { toHoldRefusal } from "./to-hold-refusal.ts";
import { toPlacedHold } from "./to-placed-hold.ts";

/** Extends a hold of the caller, once per idempotency key. */
export const extend = ({ ledger }: Deps) =>
  implement(operations.holds.extend, async ({ input, ...request }) => {
    const outcome = await ledger.extend({
      ...holdCommand(request),
      holdId: holdId(input.holdId),
      ttlSeconds: input.ttlSeconds,
    });
    if (!outcome.ok) return toHoldRefusal(outcome.refusal);
    const { entry, replayed } = outcome.value;
    return replayableOk(toPlacedHold(entry), { replayed });
  });
