import { type ReadRows, storedTable } from "@jifen/database";
import type { LogDifference } from "./log-difference.ts";
import { type AuditedRow, mergeGroups } from "./merge-groups.ts";
import { addAll, differing, type Sums } from "./sums.ts";

type Totals = {
  readonly kind: LogDifference["kind"];
  readonly table: string;
  readonly add: (sums: Sums, row: AuditedRow) => void;
};

/** Compares the sums of all owners, whose parts are added up, with what they have to be. */
export async function differingTotals(
  read: ReadRows,
  { kind, table, add }: Totals,
  expected: Sums,
): Promise<readonly LogDifference[]> {
  const found: Sums = new Map();
  for await (const { kept } of mergeGroups<Sums>(read, [{ table: storedTable(table), begin: () => new Map(), add }])) {
    for (const sums of kept) if (sums) addAll(found, sums);
  }
  return differing(expected, found).map(({ key, ...values }) => ({ kind, owner: null, where: key, ...values }));
}
