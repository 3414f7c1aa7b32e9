import type { Grant, Transaction } from "@jifen/ledger";

/** Grant to the record that Prisma takes. */
export const grantRecord = (grant: Grant) => ({ ...grant, createdAtMs: BigInt(grant.createdAtMs) });

/** Transaction to the record that Prisma takes. */
export const transactionRecord = (transaction: Transaction) => ({
  ...transaction,
  shares: JSON.stringify(transaction.shares),
  createdAtMs: BigInt(transaction.createdAtMs),
});
