import { type Database, idBound, QUARTER_MS, type ReadRows, storedTable } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { auditCreditSums } from "./audit-credit-sums.ts";
import { differingTotals } from "./differing-totals.ts";
import type { LogDifference } from "./log-difference.ts";
import { type Fold, mergeGroups } from "./merge-groups.ts";
import { addAll, addLog, addLogSums, differing, type Sums } from "./sums.ts";

/** The result of an audit of the logs. */
export type LogAuditReport = {
  readonly users: number;
  readonly logs: number;
  readonly accounts: number;
  /** Earlier logs are removed, or are being removed: their sums and keys cannot be compared. Null when none are. */
  readonly comparedFrom: string | null;
  readonly differences: readonly LogDifference[];
};

type Options = {
  readonly database: Pick<Database, "tableCopier">;
  /** Called after the rows of each user and account. */
  readonly onOwner: () => void;
};

/**
 * Recomputes every sum of logs from its rows and every sum of credits from the journal, and looks for the log of each key. All
 * of it is read from one snapshot, while the server runs.
 */
export function auditLogs({ database, onOwner }: Options): Promise<LogAuditReport> {
  return database.tableCopier.readAll(async (read) => {
    const removedBeforeMs = await readRemovedBefore(read);
    const logs = await auditLogSums(read, removedBeforeMs, onOwner);
    const spend = await auditCreditSums(read, onOwner);
    const comparedFrom = removedBeforeMs === undefined ? null : isoTime(removedBeforeMs);
    return { ...logs, ...spend, comparedFrom, differences: [...logs.differences, ...spend.differences] };
  });
}

/** The time before which logs are removed: the mark is moved before the first of them is. */
async function readRemovedBefore(read: ReadRows): Promise<number | undefined> {
  for await (const { owner, kept } of mergeGroups<{ beforeMs: number }>(read, [markOfRemoval])) {
    if (owner === "logs") return kept[0]?.beforeMs;
  }
  return undefined;
}

/** Of one user: the sums of the rows, the stored sums, the ids of the logs, and the ids that keys name. */
type LogsOfUser = { readonly sums: Sums; readonly ids: Set<string>; count: number };

const nothing = (): LogsOfUser => ({ sums: new Map(), ids: new Set(), count: 0 });

async function auditLogSums(read: ReadRows, removedBeforeMs: number | undefined, onOwner: () => void) {
  const differences: LogDifference[] = [];
  const firstQuarter = Math.ceil((removedBeforeMs ?? 0) / QUARTER_MS);
  const firstId = removedBeforeMs === undefined ? "" : idBound(removedBeforeMs);
  const all: Sums = new Map();
  let [users, logs] = [0, 0];
  const groups = mergeGroups<LogsOfUser>(read, [
    {
      ...{ table: storedTable("call_logs"), begin: nothing },
      add: (kept, row) => {
        addLog(kept.sums, row, firstQuarter);
        kept.ids.add(String(row["id"]));
        kept.count += 1;
      },
    },
    { table: storedTable("log_rollups"), begin: nothing, add: (kept, row) => addLogSums(kept.sums, row, firstQuarter) },
    {
      ...{ table: storedTable("log_keys"), begin: nothing },
      // A key of a removed log is free, and removed later.
      add: (kept, row) => void (String(row["log_id"]) >= firstId && kept.ids.add(String(row["log_id"]))),
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
  differences.push(
    ...(await differingTotals(
      read,
      { kind: "LOG_TOTALS", table: "log_totals", add: (sums, row) => addLogSums(sums, row, firstQuarter) },
      all,
    )),
  );
  return { users, logs, differences };
}

const markOfRemoval: Fold<{ beforeMs: number }> = {
  ...{ table: storedTable("log_marks"), begin: () => ({ beforeMs: 0 }) },
  add: (kept, row) => {
    kept.beforeMs = Number(row["before_ms"]);
  },
};
