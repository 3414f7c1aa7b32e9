import type { HistoryStore } from "@jifen/database";
import { type Entry, isCharge } from "@jifen/ledger";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { toHoldOutput } from "../holds/to-hold.ts";
import { reasonOf } from "../metadata.ts";
import { grantsIn } from "./grants-in.ts";
import { chargeIdOf, holdIdOf } from "./to-transaction.ts";

/** The list of refunds ends here; `refundable` counts all of them. */
const MAX_REFUNDS = 1_000;

/** The hold, grants and refunds of a transaction as the output of operations. */
export async function readDetails(history: HistoryStore, entry: Entry) {
  const [hold, grants, { refunds, refunded }] = await Promise.all([
    holdOf(history, entry),
    grantsIn(history, entry),
    refundsOf(history, entry),
  ]);
  return {
    hold: hold ? toHoldOutput(hold) : null,
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
    refundable: isCharge(entry) ? entry.amount - refunded : 0,
    charge: chargeIdOf(entry),
  };
}

async function holdOf(history: HistoryStore, entry: Entry) {
  const id = holdIdOf(entry);
  return id === null ? undefined : history.hold(entry.accountId, id);
}

/** The refunds of a charge, and their total. */
async function refundsOf(history: HistoryStore, entry: Entry) {
  if (!isCharge(entry)) return { refunds: [], refunded: 0 };
  const { accountId, id } = entry;
  const [entries, refunded] = await Promise.all([
    history.about(accountId, id, MAX_REFUNDS),
    history.refunded(accountId, id),
  ]);
  return { refunds: entries.filter(({ kind }) => kind === "refund"), refunded };
}
