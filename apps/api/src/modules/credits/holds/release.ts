import { operations } from "@jifen/contract";
import { holdId } from "@jifen/core";
import { balanceAfterExpirations } from "@jifen/ledger";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { holdCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { reasonText } from "../metadata.ts";
import { toHoldRefusal } from "./to-hold-refusal.ts";

/** Releases a hold of the caller without a charge, once per idempotency key. */
export const release = ({ ledger }: Deps) =>
  implement(operations.holds.release, async ({ input, ...request }) => {
    const outcome = await ledger.release({
      ...holdCommand(request),
      holdId: holdId(input.holdId),
      metadata: reasonText(input.reason),
    });
    if (!outcome.ok) return toHoldRefusal(outcome.refusal);
    const { entry, replayed } = outcome.value;
    return replayableOk(
      {
        transactionId: entry.id,
        released: entry.amount,
        expiredOnReturn: entry.expiredOnReturn,
        balance: balanceAfterExpirations(entry),
        held: entry.heldAfter,
      },
      { replayed },
    );
  });
