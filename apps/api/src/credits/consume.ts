import { operations } from "@jifen/contract";
import { accountOf, credits, idempotencyKey, ok } from "@jifen/ledger";
import { stringify } from "safe-stable-stringify";
import type { Deps } from "../deps.ts";
import { implement } from "../trpc.ts";

/** Spends the caller's credits, once per idempotency key. */
export const consume = ({ ledger }: Deps) =>
  implement(operations.credits.consume, async ({ input, caller, idempotencyKey: key, markReplayed }) => {
    const outcome = await ledger.consume({
      accountId: accountOf(caller.userId),
      amount: credits(input.amount),
      action: input.action,
      metadata: input.metadata === undefined ? null : stringify(input.metadata),
      idempotencyKey: key === undefined ? undefined : idempotencyKey.ofCaller(key),
    });
    if (!outcome.ok) return outcome;
    const { transaction, replayed } = outcome.value;
    if (replayed) markReplayed();
    return ok({ success: true, balance: transaction.balanceAfter, transactionId: transaction.id });
  });
