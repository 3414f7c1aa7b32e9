import type { Database, SpendCounts, SpendQuery } from "@jifen/database";

/** Reads the sums of an account, after feeding a journal of which too much is not in them; or those of all accounts. */
export async function readSpend({ spend }: Pick<Database, "spend">, query: SpendQuery) {
  for (;;) {
    const read = await spend.sums(query);
    if (read.isComplete || query.accountId === undefined) return read;
    await spend.feed(query.accountId);
  }
}

/** The counts of one charge or refund. */
export const countsOf = ({ isRefund, amount }: { readonly isRefund: boolean; readonly amount: number }): SpendCounts =>
  isRefund
    ? { charges: 0, charged: 0, refunds: 1, refunded: amount }
    : { charges: 1, charged: amount, refunds: 0, refunded: 0 };
