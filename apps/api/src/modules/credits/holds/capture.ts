import { operations } from "@jifen/contract";
import { credits, holdId, invariant } from "@jifen/core";
import { balanceAfterExpirations } from "@jifen/ledger";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { holdCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { toHoldRefusal } from "./to-hold-refusal.ts";

/** Captures all or a part of a hold of the caller and releases the rest, once per idempotency key. */
export const capture = ({ ledger }: Deps) =>
  implement(operations.holds.capture, async ({ input, ...request }) => {
    const outcome = await ledger.capture({
      ...holdCommand(request),
      holdId: holdId(input.holdId),
      amount: input.amount === undefined ? null : credits(input.amount),
    });
    if (!outcome.ok) return toHoldRefusal(outcome.refusal);
    const { entry, hold, replayed } = outcome.value;
    invariant(hold !== undefined, `capture ${entry.id} has no hold`);
    return replayableOk(
      {
        transactionId: entry.id,
        captured: entry.amount,
        released: hold.amount - entry.amount,
        expiredOnReturn: entry.expiredOnReturn,
        balance: balanceAfterExpirations(entry),
        held: entry.heldAfter,
      },
      { replayed },
    );
  });
