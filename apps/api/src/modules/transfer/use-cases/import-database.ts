import { type Database, type TableCopier, TableDigest, type TableSummary, transferTables } from "@jifen/database";
import { type AuditReport, runAudit } from "../../audit/use-cases/run-audit.ts";
import { byTable } from "../file-format.ts";
import type { Source, SourceRows } from "../sources.ts";
import { TableImporter } from "../table-importer.ts";
import { TransferError } from "../transfer-error.ts";

/** A table of the source and of the target. */
type TableComparison = { readonly table: string; readonly from: TableSummary; readonly to: TableSummary };

/** Reports the progress of long work. */
type Progress = { advance(by?: number): void; stop(): void };

/** How to import. */
export type ImportOptions = {
  readonly source: Source;
  readonly target: Database;
  /** Whether an earlier import into the target was interrupted. */
  readonly isBegun: boolean;
  readonly auditId: string;
  readonly nowMs: () => number;
  readonly startProgress: (of: { readonly total: number | undefined; readonly what: "rows" | "accounts" }) => Progress;
};

/** The result of an import. */
export type ImportReport = {
  /** Whether every table is the same in the source and the target, and the ledger is consistent. */
  readonly ok: boolean;
  readonly tables: readonly TableComparison[];
  /** The audit of the target; null when the tables differ. */
  readonly audit: AuditReport | null;
};

/**
 * Imports a source into an empty database, or continues an interrupted import; then compares both sides and audits the
 * ledger. A target with a difference stays marked as unfinished, so that no server opens it.
 * @throws TransferError when the target has other rows
 */
export async function importDatabase(options: ImportOptions): Promise<ImportReport> {
  const { source, target } = options;
  const read = await source.read((rows) => copyRows(options, rows));
  const existing = await summaries(target.tableCopier);
  const tables = [...read].map(([table, from]) => ({ table, from, to: existing.get(table) as TableSummary }));
  if (!tables.every(isSame)) return { ok: false, tables, audit: null };
  await target.tableCopier.setUnfinished(false);
  const audit = await auditTarget(options);
  return { ok: audit.differences.length === 0, tables, audit };
}

/** Whether a table is the same in the source and the target. */
export const isSame = ({ from, to }: TableComparison): boolean => JSON.stringify(from) === JSON.stringify(to);

/** @returns the summaries of the source's tables */
async function copyRows(
  { target, isBegun, startProgress }: ImportOptions,
  { total, pages }: SourceRows,
): Promise<ReadonlyMap<string, TableSummary>> {
  const { tableCopier } = target;
  const existing = await summaries(tableCopier);
  const isEmpty = [...existing.values()].every(({ rows }) => rows === 0);
  if (!isEmpty && !isBegun) {
    throw new TransferError(
      "The target database is not empty: set DATABASE_URL to an empty database. 目标数据库不是空的，请使用空数据库。",
    );
  }
  if (!isBegun) await tableCopier.setUnfinished(true);
  const progress = startProgress({ total, what: "rows" });
  const onRows = (count: number) => progress.advance(count);
  const importers = byTable(
    (table) => new TableImporter({ tableCopier, table, existing: existing.get(table.name) as TableSummary, onRows }),
  );
  try {
    // Rows are inserted in the order of the source, so the existing rows must be its first rows.
    for await (const { table, rows } of pages) await importers.get(table.name)?.add(rows);
    const read = new Map<string, TableSummary>();
    for (const [name, importer] of importers) read.set(name, await importer.finish());
    return read;
  } finally {
    progress.stop();
  }
}

/** Summarises all tables of a database in one snapshot. */
const summaries = (tableCopier: TableCopier): Promise<ReadonlyMap<string, TableSummary>> =>
  tableCopier.readAll(async (rows) => {
    const found = new Map<string, TableSummary>();
    for (const table of transferTables) {
      const digest = new TableDigest(table);
      for await (const page of rows(table)) digest.add(page);
      found.set(table.name, digest.summary());
    }
    return found;
  });

async function auditTarget({ target, auditId, nowMs, startProgress }: ImportOptions): Promise<AuditReport> {
  const progress = startProgress({ total: await target.audit.countAccounts(), what: "accounts" });
  try {
    return await runAudit({
      database: target,
      nowMs,
      id: auditId,
      accountId: undefined,
      onAccount: () => progress.advance(),
    });
  } finally {
    progress.stop();
  }
}
