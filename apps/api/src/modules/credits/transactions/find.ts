import { operations } from "@jifen/contract";
import { accountOf, ok, refuse, transactionId } from "@jifen/core";
import type { HistoryStore } from "@jifen/database";
import { isCharge, type Transaction } from "@jifen/ledger";
import type { Deps } from "../../../deps.ts";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { shownHold } from "../holds/to-hold.ts";
import { reasonOf } from "../metadata.ts";
import { grantsIn } from "./grants-in.ts";
import { chargeIdOf, holdIdOf, shownTransaction } from "./to-transaction.ts";

/** One charge is hardly ever given back in so many pieces; the list ends there, `refundable` counts them all. */
const MOST_REFUNDS = 1_000;

/** Explains one of the caller's transactions. */
export const find = ({ database: { history }, ledger }: Deps) =>
  implement(operations.transactions.find, async ({ input, caller }) => {
    const account = accountOf(caller.userId);
    // Books what is due first: a hold whose time is over is never shown as pending.
    await ledger.balance(account);
    const transaction = await history.transaction(transactionId(input.transactionId));
    if (transaction?.accountId !== account) return refuse({ code: "TRANSACTION_NOT_FOUND" });
    const [hold, grants, { refunds, refunded }] = await Promise.all([
      holdOf(history, transaction),
      grantsIn(history, transaction),
      refundsOf(history, transaction),
    ]);
    return ok({
      ...shownTransaction(transaction),
      hold: hold ? shownHold(hold) : null,
      grants: grants.map(({ grant, amount }) => ({
        grantId: grant.id,
        amount,
        source: grant.source,
        expiresAt: isoTimeOrNull(grant.expiresAtMs),
      })),
      refunds: refunds.map(({ id, amount, createdAtMs, metadata }) => ({
        transactionId: id,
        amount,
        createdAt: isoTime(createdAtMs),
        reason: reasonOf(metadata),
      })),
      refundable: isCharge(transaction) ? transaction.amount - refunded : 0,
      charge: chargeIdOf(transaction),
    });
  });

async function holdOf(history: HistoryStore, transaction: Transaction) {
  const id = holdIdOf(transaction);
  return id === null ? undefined : history.hold(transaction.accountId, id);
}

/** What has been given back of a charge, line by line and in all. */
async function refundsOf(history: HistoryStore, transaction: Transaction) {
  if (!isCharge(transaction)) return { refunds: [], refunded: 0 };
  const { accountId, id } = transaction;
  const [about, refunded] = await Promise.all([
    history.about(accountId, id, MOST_REFUNDS),
    history.refunded(accountId, id),
  ]);
  return { refunds: about.filter(({ kind }) => kind === "refund"), refunded };
}
