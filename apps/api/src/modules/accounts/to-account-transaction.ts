import { idempotencyKey, type UserId } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { toTransactionOutput } from "../credits/transactions/to-transaction.ts";

/** A ledger entry as staff sees it. */
export const toAccountTransaction = (entry: Entry, userId: UserId) => ({
  ...toTransactionOutput(entry, "staff"),
  userId,
  idempotencyKey: idempotencyKey.sentText(entry.idempotencyKey) ?? null,
});
