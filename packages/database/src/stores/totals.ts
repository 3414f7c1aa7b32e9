import type { AccountId } from "@jifen/core";
import type { Records } from "../records/records.ts";
import type { StatementReads } from "./statement-reads.ts";
import type { summedKinds } from "./statement-sums.ts";

/** What an account received and lost since its first entry, in whole credits. */
export type AccountTotals = {
  readonly granted: number;
  readonly spent: number;
  readonly refunded: number;
  readonly revoked: number;
  readonly expired: number;
};

/** Sums of whole journals. They come from the journal alone. */
export type TotalStore = {
  /**
   * The totals of an account exactly through its entry `through`, which has to exist; 0 stands for none. They are kept: a read
   * adds the entries since the read before, at most `ENTRIES_PER_READ` of them, and changes nothing else. A read of an earlier
   * entry than what is kept subtracts the entries between.
   * @returns undefined while entries are left to add: each further read adds more
   */
  read(accountId: AccountId, through: number): Promise<AccountTotals | undefined>;
};

/** How many entries one statement adds up: on SQLite it occupies the process for some milliseconds. */
const SLICE = 5_000;
/** How many entries one read adds: with an index, some 100 milliseconds. */
const ENTRIES_PER_READ = 50_000;

/** The field in which entries of a kind are summed. */
const fields = {
  grant: "granted",
  consume: "spent",
  capture: "spent",
  refund: "refunded",
  revoke: "revoked",
  expire: "expired",
} as const satisfies Record<(typeof summedKinds)[number], keyof AccountTotals>;

type Totals = { -readonly [Field in keyof AccountTotals]: number };

/** Totals on any database. Entries are numbered without gaps (M8) and never change (M13), so that kept sums stay true. */
export const createTotalStore = (records: Records, reads: Pick<StatementReads, "sumsOf">): TotalStore => ({
  read: async (accountId, through) => {
    const kept = await records.get("account_totals", { accountId });
    const { sequence = 0, granted = 0, spent = 0, refunded = 0, revoked = 0, expired = 0 } = kept ?? {};
    const totals: Totals = { granted, spent, refunded, revoked, expired };
    const end = Math.min(through, sequence + ENTRIES_PER_READ);
    // A concurrent read of a later entry can have stored its totals after the caller read the balance at `through`.
    const [sign, first, last] = end < sequence ? [-1, end, sequence] : [1, sequence, end];
    for (let after = first; after < last; after += SLICE) {
      const sums = await reads.sumsOf(accountId, { after, through: Math.min(after + SLICE, last) });
      for (const { kind, amount } of sums) totals[fields[kind as keyof typeof fields]] += sign * amount;
    }
    // Concurrent reads write what is true through their own entry; the later write can be of an earlier entry.
    if (end > sequence) await records.put("account_totals", { accountId, sequence: end, ...totals });
    return end >= through ? totals : undefined;
  },
});
