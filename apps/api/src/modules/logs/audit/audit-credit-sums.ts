import { type ReadRows, storedTable } from "@jifen/database";
import { differingTotals } from "./differing-totals.ts";
import type { LogDifference } from "./log-difference.ts";
import { type AuditedRow, type Fold, mergeGroups } from "./merge-groups.ts";
import {
  addAll,
  addCreditEntry,
  addCredits,
  addEntry,
  addSpend,
  addToTotals,
  differing,
  type Sums,
  totalsIn,
} from "./sums.ts";

/** How far the journal of an account is in each of its stored sums, and what its totals are. */
type Stored = { spend: number; credits: number; totals: readonly number[] };

/** Of one account: sums of its journal, or stored ones. */
type OfAccount = {
  readonly spend: Sums;
  readonly credits: Sums;
  totals: number[];
  readonly sources: Map<string, string>;
};

const nothing = (): OfAccount => ({ spend: new Map(), credits: new Map(), totals: [], sources: new Map() });

/**
 * Recomputes every sum of credits from the journal: those of charges, of grants, and the totals of accounts. The entries that are
 * not in stored sums yet do not count.
 */
export async function auditCreditSums(read: ReadRows, onOwner: () => void) {
  const differences: LogDifference[] = [];
  const [spend, credits]: [Sums, Sums] = [new Map(), new Map()];
  const stored = await readStored(read);
  let accounts = 0;
  for await (const { owner, kept } of mergeGroups<OfAccount>(read, foldsOf(stored))) {
    const [sources = nothing(), journal = nothing(), rollups = nothing()] = kept;
    for (const { key, ...values } of differing(journal.spend, rollups.spend)) {
      differences.push({ kind: "SPEND_SUMS", owner, where: key, ...values });
    }
    differences.push(...differingAccount(owner, journal.totals, stored.get(owner)?.totals ?? []));
    addAll(spend, journal.spend);
    addAll(credits, withSources(journal.credits, sources.sources));
    accounts += 1;
    onOwner();
  }
  const totals = [
    ...(await differingTotals(read, { kind: "SPEND_TOTALS", table: "spend_totals", add: addSpend }, spend)),
    ...(await differingTotals(read, { kind: "CREDIT_TOTALS", table: "credit_totals", add: addCredits }, credits)),
  ];
  return { accounts, differences: [...differences, ...totals] };
}

/** What is kept of the grants, the journal and the stored sums of an account. */
const foldsOf = (stored: ReadonlyMap<string, Stored>): readonly Fold<OfAccount>[] => [
  {
    ...{ table: storedTable("grants"), begin: nothing },
    add: ({ sources }, row) => void sources.set(String(row["id"]), String(row["source"])),
  },
  {
    ...{ table: storedTable("transactions"), begin: nothing },
    add: (journal, row) => {
      const sequence = Number(row["sequence"]);
      const marks = stored.get(String(row["account_id"]));
      if (sequence <= (marks?.spend ?? 0)) addEntry(journal.spend, row);
      if (sequence <= (marks?.credits ?? 0)) addCreditEntry(journal.credits, row);
      if (sequence <= (marks?.totals[0] ?? 0)) journal.totals = addToTotals(journal.totals, row);
    },
  },
  { table: storedTable("spend_rollups"), begin: nothing, add: ({ spend }, row) => addSpend(spend, row) },
];

/** Entries name their grant, and sums its source. */
function withSources(credits: Sums, sources: ReadonlyMap<string, string>): Sums {
  const sums: Sums = new Map();
  for (const [key, numbers] of credits) {
    const [quarter, kind, grant = ""] = key.split(" ");
    addAll(sums, new Map([[`${quarter} ${kind} ${sources.get(grant) ?? ""}`, numbers]]));
  }
  return sums;
}

function differingAccount(
  owner: string,
  journal: readonly number[],
  found: readonly number[],
): readonly LogDifference[] {
  const sums = (numbers: readonly number[]): Sums => new Map([[`entry ${found[0] ?? 0}`, [...numbers]]]);
  return differing(sums(journal), sums(found)).map(({ key, ...values }) => ({
    ...{ kind: "ACCOUNT_TOTALS", owner, where: key },
    ...values,
  }));
}

async function readStored(read: ReadRows): Promise<ReadonlyMap<string, Stored>> {
  const begin = (): Stored => ({ spend: 0, credits: 0, totals: [] });
  const number = (row: AuditedRow, column: string): number => Number(row[column] ?? 0);
  const folds: readonly Fold<Stored>[] = [
    {
      ...{ table: storedTable("spend_marks"), begin },
      add: (kept, row) => {
        kept.spend = number(row, "sequence");
        kept.credits = number(row, "credit_sequence");
      },
    },
    {
      ...{ table: storedTable("account_totals"), begin },
      add: (kept, row) => {
        kept.totals = totalsIn(row);
      },
    },
  ];
  const stored = new Map<string, Stored>();
  for await (const { owner, kept } of mergeGroups<Stored>(read, folds)) {
    const [marks = begin(), { totals } = begin()] = kept;
    stored.set(owner, { ...marks, totals });
  }
  return stored;
}
