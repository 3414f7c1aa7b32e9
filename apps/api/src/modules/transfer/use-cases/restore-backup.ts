import { createGunzip } from "node:zlib";
import {
  type Holdings,
  type Inspection,
  inspectDatabase,
  openDatabase,
  openToImport,
  restoreDump,
} from "@jifen/database";
import { type AuditReport, runAudit } from "../../audit/use-cases/run-audit.ts";
import { readArchive } from "../backup/archive-reader.ts";
import { type BackupHeader, COMPRESSED, EXPORT_FILE, HEADER_FILE, SUMS_FILE } from "../backup/backup-header.ts";
import { checkBackup } from "../backup/check-backup.ts";
import { fileSource } from "../sources.ts";
import { TransferError } from "../transfer-error.ts";
import { type ImportOptions, importDatabase } from "./import-database.ts";

/** Reports the progress of long work. */
type StartProgress = (of: {
  readonly total: number | undefined;
  readonly what: "rows" | "accounts" | "bytes";
}) => ReturnType<ImportOptions["startProgress"]>;

/** How to restore. */
export type RestoreOptions = {
  readonly url: string;
  readonly path: string;
  readonly newId: (kind: "audit") => string;
  readonly nowMs: () => number;
  readonly startProgress: StartProgress;
};

/** The result of a restore. */
export type RestoreReport = {
  readonly header: BackupHeader;
  /** Whether the database holds what the backup counted, and its ledger is consistent. */
  readonly ok: boolean;
  /** What the database holds, before migrations. */
  readonly restored: Holdings;
  readonly audit: AuditReport | null;
};

/**
 * Restores a backup into an empty database, migrates it, and audits the ledger. The backup is checked completely before
 * anything is changed.
 * @throws TransferError, UnusableDatabase, DatabaseUnavailable
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { url, path, startProgress } = options;
  const progress = startProgress({ total: undefined, what: "bytes" });
  const header = await checkBackup(path, (count) => progress.advance(count)).finally(() => progress.stop());
  assertRestorable(header, await inspectDatabase(url));
  return header.content === "dump" ? restoreOwnDump(options, header) : importRows(options, header);
}

function assertRestorable({ tables, knownTables, jifen, content }: BackupHeader, { schema }: Inspection): void {
  const continues = content === "export" && schema.is === "importing";
  if (schema.present > 0 && !continues) {
    throw new TransferError(
      "The database is not empty: it has tables of Jifen. Set DATABASE_URL to an empty database. Nothing was changed. 数据库不是空的，请将 DATABASE_URL 指向空数据库。未做任何更改。",
    );
  }
  if (tables > schema.newest) {
    const [en, zh] =
      tables > knownTables
        ? [`the Jifen that migrated the tables, which is newer than ${jifen}`, `升级该结构的 Jifen（高于 ${jifen}）`]
        : [`Jifen ${jifen} or newer`, `Jifen ${jifen} 或更新版本`];
    throw new TransferError(
      `The backup has tables of version ${tables}, this Jifen knows up to ${schema.newest}: restore it with ${en}. 备份的数据结构版本为 ${tables}，当前最高支持 ${schema.newest}，请使用${zh}恢复。`,
    );
  }
  if (content === "export" && tables !== schema.newest) {
    throw new TransferError(
      `The backup has rows of tables of version ${tables}, this Jifen has version ${schema.newest}: restore it with Jifen ${jifen}, then upgrade. 备份的数据结构版本为 ${tables}，请用 Jifen ${jifen} 恢复后再升级。`,
    );
  }
}

async function restoreOwnDump(options: RestoreOptions, header: BackupHeader): Promise<RestoreReport> {
  const { url, path, newId, nowMs, startProgress } = options;
  const { database: kind, by, schemaName } = header;
  const restored = await restoreDump(url, { kind, by, schemaName, parts: partsOf(path) });
  const database = await openDatabase(url);
  try {
    const progress = startProgress({ total: await database.audit.countAccounts(), what: "accounts" });
    const onAccount = () => progress.advance();
    const run = runAudit({ database, nowMs, id: newId("audit"), accountId: undefined, onAccount });
    const audit = await run.finally(() => progress.stop());
    return { header, ok: audit.differences.length === 0 && isSame(header.holdings, restored), restored, audit };
  } finally {
    await database.close();
  }
}

/** The parts of a dump, uncompressed. */
async function* partsOf(path: string) {
  for await (const { name, content } of readArchive(path)) {
    if (name === HEADER_FILE || name === SUMS_FILE) continue;
    if (!name.endsWith(COMPRESSED)) yield { name, content };
    else {
      const plain = createGunzip();
      content.on("error", (error) => plain.destroy(error));
      yield { name: name.slice(0, -COMPRESSED.length), content: content.pipe(plain) };
    }
  }
}

async function importRows(options: RestoreOptions, header: BackupHeader): Promise<RestoreReport> {
  const { url, path, newId, nowMs, startProgress } = options;
  const { database: target, isBegun } = await openToImport(url);
  try {
    const source = fileSource({ path, open: () => exportIn(path) }, () => undefined);
    const imported = await importDatabase({ source, target, isBegun, auditId: newId("audit"), nowMs, startProgress });
    // The import has compared every table with the backup.
    return { header, ok: imported.ok, restored: header.holdings, audit: imported.audit };
  } finally {
    await target.close();
  }
}

async function* exportIn(path: string): AsyncGenerator<Buffer> {
  for await (const { name, content } of readArchive(path)) {
    if (name === EXPORT_FILE) yield* content as AsyncIterable<Buffer>;
  }
}

const isSame = (one: Holdings, other: Holdings): boolean =>
  (Object.keys(one) as (keyof Holdings)[]).every((name) => one[name] === other[name]);
