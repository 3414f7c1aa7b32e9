import { operations } from "@jifen/contract";
import { accountOf, credits } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { noteTransaction } from "../../audit/note-transaction.ts";
import { findUser } from "../../identity/users/find-user.ts";
import type { Deps } from "../deps.ts";
import { operatorIdempotencyKey } from "../idempotency-keys.ts";

/**
 * Takes credits away from a user, once per idempotency key of that user's account. A deleted user is nobody, here as
 * everywhere: the account is left as it was.
 */
export const revoke = (deps: Deps) =>
  implement(operations.admin.revoke, async ({ input, caller, requestId, idempotencyKey }) => {
    const user = await findUser(deps, input.userId);
    if (!user.ok) return user;
    const outcome = await deps.ledger.revoke({
      accountId: accountOf(user.value.id),
      idempotencyKey: operatorIdempotencyKey(idempotencyKey),
      amount: credits(input.amount),
      reason: input.reason,
    });
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    const by = { actor: caller.actor, requestId };
    await noteTransaction(deps, { action: "credits.revoke", reason: input.reason, by, entry });
    return replayableOk({ transactionId: entry.id, revoked: entry.amount, balance: entry.balanceAfter }, { replayed });
  });
