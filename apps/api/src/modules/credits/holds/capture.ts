import { operations } from "@jifen/contract";
import { accountOf, credits, holdId, invariant, ok } from "@jifen/core";
import { balanceAfterAll } from "@jifen/ledger";
import type { Deps } from "../../../deps.ts";
import { implement } from "../../../trpc/procedure.ts";
import { callerKey } from "../idempotency-keys.ts";
import { refused } from "./to-hold-refusal.ts";

/** Charges one of the caller's holds, all of it or a part, and frees the rest; once per idempotency key. */
export const capture = ({ ledger }: Deps) =>
  implement(operations.holds.capture, async ({ input, caller, idempotencyKey, markReplayed }) => {
    const outcome = await ledger.capture({
      accountId: accountOf(caller.userId),
      idempotencyKey: callerKey(caller, idempotencyKey),
      holdId: holdId(input.holdId),
      by: caller.kind,
      amount: input.amount === undefined ? null : credits(input.amount),
    });
    if (!outcome.ok) return refused(outcome.refusal);
    const { transaction, hold, replayed } = outcome.value;
    invariant(hold !== undefined, `the hold of capture ${transaction.id} was not shown`);
    if (replayed) markReplayed();
    return ok({
      transactionId: transaction.id,
      captured: transaction.amount,
      released: hold.amount - transaction.amount,
      lapsed: transaction.lapsed,
      balance: balanceAfterAll(transaction),
      held: transaction.heldAfter,
    });
  });
