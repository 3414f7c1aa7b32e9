import { type AccountId, ok, refuse } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { toEntry } from "../ledger/rows.ts";
import { PARTS } from "../logs/log-parts.ts";
import { DuplicateKey, type Records, type RecordTransaction } from "../records/records.ts";
import { type LowBalancePolicy, noteBalance } from "./balance-alerts.ts";
import { byColumn } from "./ledger-records.ts";
import type { SpendReads } from "./spend-reads.ts";
import { addCredits, addSpend, creditSumsOf, grantIdsOf, sumsOf } from "./spend-sums.ts";

/** Sums of what was charged and refunded. They come from the journal alone, and are fed from it in the background. */
export type SpendStore = SpendReads & {
  /**
   * Adds the next entries of a journal to the sums, in one transaction with the mark of the last one: each entry counts once,
   * whichever process feeds. With a policy, the transaction also writes the event of a balance that has become low. Entries that
   * a version without sums of grants has fed are added to these last.
   * @returns whether there are more
   */
  feed(accountId: AccountId, policy?: LowBalancePolicy): Promise<boolean>;
};

/** How many entries one transaction adds. */
const ENTRIES = 1_000;

/** The last entry that is in the sums of charges and refunds, and in those of grants, revocations and expirations. */
type Mark = { readonly sequence: number; readonly creditSequence: number | null };

/** The sums on any database. */
export function createSpendStore(records: Records, reads: SpendReads): SpendStore {
  // Two processes that have the same part wait for each other's sums.
  const part = Math.floor(Math.random() * PARTS);

  async function entriesAfter(account: AccountId, { from, to }: { from: number; to?: number }) {
    const where = { accountId: account, sequence: { gt: from, lte: to } };
    const stored = await records.list("transactions", { where, by: ["sequence"], limit: ENTRIES });
    return stored.map(byColumn).map(toEntry);
  }

  async function creditsIn(account: AccountId, entries: readonly Entry[]) {
    const ids = grantIdsOf(entries);
    const grants =
      ids.length === 0 ? [] : await records.list("grants", { where: { accountId: account, id: { in: ids } } });
    return creditSumsOf(entries, new Map(grants.map(({ id, source }) => [id, source])));
  }

  /** Adds the entries after the mark. */
  async function feedNew(account: AccountId, mark: Mark | undefined, policy: LowBalancePolicy | undefined) {
    const entries = await entriesAfter(account, { from: mark?.sequence ?? 0 });
    const last = entries.at(-1);
    if (!last) return 0;
    const isComplete = mark === undefined || mark.creditSequence === mark.sequence;
    const credits = isComplete ? await creditsIn(account, entries) : [];
    const to = { sequence: last.sequence, creditSequence: isComplete ? last.sequence : mark.creditSequence };
    await once(async (tx) => {
      if (!(await moveMark(tx, account, { from: mark, to }))) return refuse("MOVED");
      for (const sum of sumsOf(entries)) await addSpend(tx, { account, part }, sum);
      for (const sum of credits) await addCredits(tx, part, sum);
      if (policy && entries.length < ENTRIES) await noteBalance(tx, { account, last, policy });
      return ok(undefined);
    });
    return entries.length;
  }

  /** Adds entries before the mark to the sums of grants, which they are not in. */
  async function feedMissing(account: AccountId, mark: Mark) {
    const entries = await entriesAfter(account, { from: mark.creditSequence ?? 0, to: mark.sequence });
    const credits = await creditsIn(account, entries);
    const to = { ...mark, creditSequence: entries.at(-1)?.sequence ?? mark.sequence };
    await once(async (tx) => {
      if (!(await moveMark(tx, account, { from: mark, to }))) return refuse("MOVED");
      for (const sum of credits) await addCredits(tx, part, sum);
      return ok(undefined);
    });
    return to.creditSequence < mark.sequence;
  }

  /** Does nothing when another process was faster. */
  const once = (work: Parameters<Records["transaction"]>[0]) =>
    records.transaction(work).catch((error: unknown) => {
      if (!(error instanceof DuplicateKey)) throw error;
    });

  return {
    ...reads,
    feed: async (account, policy) => {
      const stored = await records.get("spend_marks", { accountId: account });
      const mark = stored && { sequence: stored.sequence, creditSequence: stored.creditSequence };
      const added = await feedNew(account, mark, policy);
      if (added === ENTRIES) return true;
      if (mark === undefined || mark.creditSequence === mark.sequence) return false;
      return added > 0 || feedMissing(account, mark);
    },
  };
}

type Move = { readonly from: Mark | undefined; readonly to: Mark };

async function moveMark(tx: RecordTransaction, account: AccountId, { from, to }: Move): Promise<boolean> {
  if (from === undefined) {
    await tx.insert("spend_marks", { accountId: account, ...to });
    return true;
  }
  return tx.compareAndSet("spend_marks", { accountId: account }, { expected: from, set: to });
}
