import { operations } from "@jifen/contract";
import { credits, type HoldId, holdId, invariant, type Outcome, ok } from "@jifen/core";
import { balanceAfterExpirations, type CommandRefusal, type Entry } from "@jifen/ledger";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { holdCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { type Settlement, settlementOf } from "./settlement.ts";
import { toHoldRefusal } from "./to-hold-refusal.ts";

/** Captures all or a part of a hold of the caller and releases the rest, once per idempotency key. */
export const capture = (deps: Deps) =>
  implement(operations.holds.capture, async ({ input, ...request }) => {
    const id = holdId(input.holdId);
    const settlement = await settlementOf(deps, id, { input, ...request });
    if (!settlement.ok) {
      const { refusal } = settlement;
      invariant(refusal.code !== "ACTION_NOT_PRICED", `the version of hold ${id} does not price its action`);
      return { ok: false, refusal };
    }
    const { used } = settlement.value;
    const resolved = await resolve(deps, { ...holdCommand(request), holdId: id }, settlement.value);
    if (!resolved.ok) return toHoldRefusal(resolved.refusal);
    const { entry, captured, released, replayed } = resolved.value;
    if (used && !replayed) deps.unchargedMeter.add(used.action, used.uncharged);
    return replayableOk(
      {
        transactionId: entry.id,
        captured,
        released,
        ...(used && { price: used.price, uncharged: used.uncharged }),
        expiredOnReturn: entry.expiredOnReturn,
        balance: balanceAfterExpirations(entry),
        held: entry.heldAfter,
      },
      { replayed },
    );
  });

type Resolved = {
  readonly entry: Entry;
  readonly captured: number;
  readonly released: number;
  readonly replayed: boolean;
};

/** Captures the hold, or releases it when what was used is free: a charge of 0 is no entry. */
async function resolve(
  { ledger }: Pick<Deps, "ledger">,
  command: ReturnType<typeof holdCommand> & { readonly holdId: HoldId },
  { amount, metadata }: Settlement,
): Promise<Outcome<Resolved, CommandRefusal<"capture">>> {
  if (amount === 0) {
    const outcome = await ledger.release({ ...command, metadata });
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    return ok({ entry, captured: credits(0), released: entry.amount, replayed });
  }
  const outcome = await ledger.capture({ ...command, amount, metadata });
  if (!outcome.ok) return outcome;
  const { entry, hold, replayed } = outcome.value;
  invariant(hold !== undefined, `capture ${entry.id} has no hold`);
  return ok({ entry, captured: entry.amount, released: hold.amount - entry.amount, replayed });
}
