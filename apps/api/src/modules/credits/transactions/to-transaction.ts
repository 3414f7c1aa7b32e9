import { type HoldId, holdId, type TransactionId, transactionId } from "@jifen/core";
import { spendableGain, type Transaction } from "@jifen/ledger";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { metadataOf } from "../metadata.ts";

/** The hold that a line is about. */
export function holdIdOf({ kind, subjectId }: Transaction): HoldId | null {
  if (subjectId === null) return null;
  switch (kind) {
    case "hold":
    case "extend":
    case "capture":
    case "release":
      return holdId(subjectId);
    case "consume":
    case "expire":
    case "grant":
    case "refund":
    case "revoke":
      return null;
    default:
      return kind satisfies never;
  }
}

/** The charge that a refund gave back. */
export const chargeIdOf = ({ kind, subjectId }: Transaction): TransactionId | null =>
  kind === "refund" && subjectId !== null ? transactionId(subjectId) : null;

/** A line of the journal as its owner sees it. */
export const shownTransaction = (transaction: Transaction) => ({
  transactionId: transaction.id,
  kind: transaction.kind,
  amount: transaction.amount,
  action: transaction.action,
  metadata: metadataOf(transaction.metadata),
  balanceAfter: transaction.balanceAfter,
  heldAfter: transaction.heldAfter,
  change: spendableGain(transaction),
  holdId: holdIdOf(transaction),
  chargeId: chargeIdOf(transaction),
  createdAt: isoTime(transaction.createdAtMs),
  expiresAt: isoTimeOrNull(transaction.expiresAtMs),
});
