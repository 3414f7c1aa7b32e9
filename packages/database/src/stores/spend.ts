import { type AccountId, ok, refuse } from "@jifen/core";
import { type Entry, isCharge } from "@jifen/ledger";
import { toEntry } from "../ledger/rows.ts";
import { PARTS } from "../logs/log-parts.ts";
import { quarterOf } from "../logs/log-sums.ts";
import { DuplicateKey, type Records, type RecordTransaction } from "../records/records.ts";
import { byColumn } from "./ledger-records.ts";
import type { SpendCounts, SpendReads } from "./spend-reads.ts";

/** Sums of what was charged and refunded. They come from the journal alone, and are fed from it in the background. */
export type SpendStore = SpendReads & {
  /**
   * Adds the next entries of a journal to the sums, in one transaction with the mark of the last one: each entry counts once,
   * whichever process feeds. @returns whether there are more
   */
  feed(accountId: AccountId): Promise<boolean>;
};

/** How many entries one transaction adds. */
const ENTRIES = 1_000;

/** The sums on any database. */
export function createSpendStore(records: Records, reads: SpendReads): SpendStore {
  // Two processes that have the same part wait for each other's sums.
  const part = Math.floor(Math.random() * PARTS);
  return {
    ...reads,
    feed: async (account) => {
      const mark = await records.get("spend_marks", { accountId: account });
      const from = mark?.sequence ?? 0;
      const stored = await records.list("transactions", {
        where: { accountId: account, sequence: { gt: from } },
        by: ["sequence"],
        limit: ENTRIES,
      });
      const entries = stored.map(byColumn).map(toEntry);
      const last = entries.at(-1);
      if (!last) return false;
      const feeding = records.transaction(async (tx) => {
        if (!(await moveMark(tx, account, { from: mark?.sequence, to: last.sequence }))) return refuse("MOVED");
        for (const sum of sumsOf(entries)) await add(tx, { ...sum, account, part });
        return ok(undefined);
      });
      // Another process that was faster has added these entries.
      await feeding.catch((error: unknown) => {
        if (!(error instanceof DuplicateKey)) throw error;
      });
      return entries.length === ENTRIES;
    },
  };
}

type Mark = { readonly from: number | undefined; readonly to: number };

async function moveMark(tx: RecordTransaction, account: AccountId, { from, to }: Mark): Promise<boolean> {
  if (from !== undefined) {
    return tx.compareAndSet(
      "spend_marks",
      { accountId: account },
      { expected: { sequence: from }, set: { sequence: to } },
    );
  }
  await tx.insert("spend_marks", { accountId: account, sequence: to });
  return true;
}

type Sum = SpendCounts & { readonly quarter: number; readonly action: string };

/** The sums of entries, sorted by their keys: processes that change several rows in one order never deadlock. */
function sumsOf(entries: readonly Entry[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const entry of entries) {
    const isRefund = entry.kind === "refund";
    if (!isRefund && !isCharge(entry)) continue;
    const [quarter, { action, amount }] = [quarterOf(entry.createdAtMs), entry];
    const key = `${String(quarter).padStart(8, "0")} ${action}`;
    const sum = sums.get(key) ?? { quarter, action, charges: 0, charged: 0, refunds: 0, refunded: 0 };
    sums.set(key, addEntry(sum, { isRefund, amount }));
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

const addEntry = (sum: Sum, { isRefund, amount }: { readonly isRefund: boolean; readonly amount: number }): Sum =>
  isRefund
    ? { ...sum, refunds: sum.refunds + 1, refunded: sum.refunded + amount }
    : { ...sum, charges: sum.charges + 1, charged: sum.charged + amount };

type Addition = Sum & { readonly account: AccountId; readonly part: number };

async function add(tx: RecordTransaction, { account, part, quarter, action, ...counts }: Addition): Promise<void> {
  const ofAccount = { accountId: account, quarter, action };
  if ((await tx.update("spend_rollups", ofAccount, { add: counts })) === 0) {
    await tx.insert("spend_rollups", { ...ofAccount, ...counts });
  }
  const ofAll = { part, quarter, action };
  if ((await tx.update("spend_totals", ofAll, { add: counts })) === 0) {
    await tx.insert("spend_totals", { ...ofAll, ...counts });
  }
}
