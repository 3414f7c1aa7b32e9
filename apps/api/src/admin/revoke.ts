import { operations } from "@jifen/contract";
import { accountOf, credits, ok, refuse, userId } from "@jifen/ledger";
import { noteTransaction } from "../audit-log/note-transaction.ts";
import { operatorKey } from "../caller-key.ts";
import type { Deps } from "../deps.ts";
import { implement } from "../trpc.ts";

/** Takes credits away from a user, once per idempotency key of that user's account. */
export const revoke = (deps: Deps) =>
  implement(operations.admin.revoke, async ({ input, caller, requestId, idempotencyKey, markReplayed }) => {
    const { database, ledger } = deps;
    const user = await database.users.find(userId(input.userId));
    if (!user) return refuse({ code: "USER_NOT_FOUND" });
    const outcome = await ledger.revoke({
      accountId: accountOf(user.id),
      idempotencyKey: operatorKey(idempotencyKey),
      amount: credits(input.amount),
      reason: input.reason,
    });
    if (!outcome.ok) return outcome;
    const { transaction, replayed } = outcome.value;
    const by = { actor: caller.actor, requestId };
    await noteTransaction(deps, { action: "credits.revoke", reason: input.reason, by, transaction });
    if (replayed) markReplayed();
    return ok({ transactionId: transaction.id, revoked: transaction.amount, balance: transaction.balanceAfter });
  });
