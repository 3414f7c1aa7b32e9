import { operations } from "@jifen/contract";
import { accountOf, holdId, ok } from "@jifen/core";
import { balanceAfterAll } from "@jifen/ledger";
import type { Deps } from "../../../deps.ts";
import { implement } from "../../../trpc/procedure.ts";
import { callerKey } from "../idempotency-keys.ts";
import { reasonText } from "../metadata.ts";
import { refused } from "./to-hold-refusal.ts";

/** Frees one of the caller's holds without a charge, once per idempotency key. */
export const release = ({ ledger }: Deps) =>
  implement(operations.holds.release, async ({ input, caller, idempotencyKey, markReplayed }) => {
    const outcome = await ledger.release({
      accountId: accountOf(caller.userId),
      idempotencyKey: callerKey(caller, idempotencyKey),
      holdId: holdId(input.holdId),
      by: caller.kind,
      metadata: reasonText(input.reason),
    });
    if (!outcome.ok) return refused(outcome.refusal);
    const { transaction, replayed } = outcome.value;
    if (replayed) markReplayed();
    return ok({
      transactionId: transaction.id,
      released: transaction.amount,
      lapsed: transaction.lapsed,
      balance: balanceAfterAll(transaction),
      held: transaction.heldAfter,
    });
  });
