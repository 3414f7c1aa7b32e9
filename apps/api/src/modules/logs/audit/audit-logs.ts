import { type Database, type ReadRows, type TransferTable, transferTables } from "@jifen/database";
import { type Fold, mergeGroups } from "./merge-groups.ts";
import { addAll, addEntry, addLog, addLogSums, addSpend, differing, type Sums } from "./sums.ts";

/** What does not agree: sums with their rows, or a key without its log. */
export type LogDifference = {
  readonly kind: "LOG_SUMS" | "LOG_TOTALS" | "KEY_WITHOUT_LOG" | "SPEND_SUMS" | "SPEND_TOTALS";
  /** The user or account; null for the sums of all. */
  readonly owner: string | null;
  /** The quarter of an hour and the action, or the id of the log. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
};

/** The result of an audit of the logs. */
export type LogAuditReport = {
  readonly users: number;
  readonly logs: number;
  readonly accounts: number;
  readonly differences: readonly LogDifference[];
};

type Options = {
  readonly database: Pick<Database, "tableCopier">;
  /** Called after the rows of each user and account. */
  readonly onOwner: () => void;
};

const tableOf = (name: string): TransferTable => {
  const table = transferTables.find((each) => each.name === name);
  if (!table) throw new Error(`${name} is not transferred`);
  return table;
};

/**
 * Recomputes every sum of logs from its rows and every sum of credits from the journal, and looks for the log of each key. All
 * of it is read from one snapshot, while the server runs.
 */
export function auditLogs({ database, onOwner }: Options): Promise<LogAuditReport> {
  return database.tableCopier.readAll(async (read) => {
    const logs = await auditLogSums(read, onOwner);
    const spend = await auditSpendSums(read, onOwner);
    return { ...logs, ...spend, differences: [...logs.differences, ...spend.differences] };
  });
}

/** Of one user: the sums of the rows, the stored sums, the ids of the logs, and the ids that keys name. */
type LogsOfUser = { readonly sums: Sums; readonly ids: Set<string>; count: number };

const nothing = (): LogsOfUser => ({ sums: new Map(), ids: new Set(), count: 0 });

async function auditLogSums(read: ReadRows, onOwner: () => void) {
  const differences: LogDifference[] = [];
  const all: Sums = new Map();
  let [users, logs] = [0, 0];
  const groups = mergeGroups<LogsOfUser>(read, [
    {
      ...{ table: tableOf("call_logs"), begin: nothing },
      add: (kept, row) => {
        addLog(kept.sums, row);
        kept.ids.add(String(row["id"]));
        kept.count += 1;
      },
    },
    { table: tableOf("log_rollups"), begin: nothing, add: (kept, row) => addLogSums(kept.sums, row) },
    {
      ...{ table: tableOf("log_keys"), begin: nothing },
      add: (kept, row) => void kept.ids.add(String(row["log_id"])),
    },
  ]);
  for await (const { owner, kept } of groups) {
    const [rows = nothing(), stored = nothing(), keys = nothing()] = kept;
    for (const { key, ...values } of differing(rows.sums, stored.sums)) {
      differences.push({ kind: "LOG_SUMS", owner, where: key, ...values });
    }
    for (const id of keys.ids) {
      if (!rows.ids.has(id)) differences.push({ kind: "KEY_WITHOUT_LOG", owner, where: id, expected: "1", found: "0" });
    }
    addAll(all, rows.sums);
    users += 1;
    logs += rows.count;
    onOwner();
  }
  differences.push(...(await differingTotals(read, { kind: "LOG_TOTALS", table: "log_totals", add: addLogSums }, all)));
  return { users, logs, differences };
}

async function auditSpendSums(read: ReadRows, onOwner: () => void) {
  const differences: LogDifference[] = [];
  const [all, marks]: [Sums, Map<string, number>] = [new Map(), new Map()];
  for await (const { owner, kept } of mergeGroups<Mark>(read, [markOf])) marks.set(owner, kept[0]?.sequence ?? 0);
  let accounts = 0;
  const groups = mergeGroups<Sums>(read, [
    {
      ...{ table: tableOf("transactions"), begin: () => new Map() },
      // The entries above the mark are not in the sums yet.
      add: (sums, row) => {
        if (Number(row["sequence"]) <= (marks.get(String(row["account_id"])) ?? 0)) addEntry(sums, row);
      },
    },
    { table: tableOf("spend_rollups"), begin: () => new Map(), add: addSpend },
  ]);
  for await (const { owner, kept } of groups) {
    const [journal = new Map(), stored = new Map()] = kept;
    for (const { key, ...values } of differing(journal, stored)) {
      differences.push({ kind: "SPEND_SUMS", owner, where: key, ...values });
    }
    addAll(all, journal);
    accounts += 1;
    onOwner();
  }
  differences.push(
    ...(await differingTotals(read, { kind: "SPEND_TOTALS", table: "spend_totals", add: addSpend }, all)),
  );
  return { accounts, differences };
}

type Mark = { sequence: number };

/** How far the journal of an account is in the sums. */
const markOf: Fold<Mark> = {
  ...{ table: tableOf("spend_marks"), begin: () => ({ sequence: 0 }) },
  add: (kept, row) => {
    kept.sequence = Number(row["sequence"]);
  },
};

type Totals = {
  readonly kind: LogDifference["kind"];
  readonly table: string;
  readonly add: (sums: Sums, row: Readonly<Record<string, unknown>>) => void;
};

/** Compares the sums of all owners, whose parts are added up, with what they have to be. */
async function differingTotals(read: ReadRows, { kind, table, add }: Totals, expected: Sums) {
  const found: Sums = new Map();
  for await (const { kept } of mergeGroups<Sums>(read, [{ table: tableOf(table), begin: () => new Map(), add }])) {
    for (const sums of kept) if (sums) addAll(found, sums);
  }
  return differing(expected, found).map(({ key, ...values }) => ({ kind, owner: null, where: key, ...values }));
}
