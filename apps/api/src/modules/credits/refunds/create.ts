import { operations } from "@jifen/contract";
import { accountOf, credits, refuse, transactionId } from "@jifen/core";
import { balanceAfterExpirations } from "@jifen/ledger";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { noteTransaction } from "../../audit/note-transaction.ts";
import type { Deps } from "../deps.ts";
import { operatorIdempotencyKey } from "../idempotency-keys.ts";
import { reasonText } from "../metadata.ts";

/** Gives a charge back to the account it was taken from, whoever's that is; once per idempotency key of that account. */
export const create = (deps: Deps) =>
  implement(operations.refunds.create, async ({ input, caller, requestId, idempotencyKey }) => {
    const { database, ledger } = deps;
    const charge = await database.history.entry(transactionId(input.transactionId));
    const isMeant = !caller.isNamed || charge?.accountId === accountOf(caller.userId);
    if (!charge || !isMeant) return refuse({ code: "TRANSACTION_NOT_FOUND" });
    const outcome = await ledger.refund({
      accountId: charge.accountId,
      idempotencyKey: operatorIdempotencyKey(idempotencyKey),
      chargeId: charge.id,
      amount: input.amount === undefined ? null : credits(input.amount),
      metadata: reasonText(input.reason),
    });
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    const by = { actor: caller.actor, requestId };
    await noteTransaction(deps, { action: "credits.refund", reason: input.reason, by, entry });
    return replayableOk(
      {
        transactionId: entry.id,
        refunded: entry.amount,
        expiredOnReturn: entry.expiredOnReturn,
        balance: balanceAfterExpirations(entry),
      },
      { replayed },
    );
  });
