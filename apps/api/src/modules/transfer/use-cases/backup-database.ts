import { stat } from "node:fs/promises";
import {
  type CannotDump,
  type Dump,
  dumpDatabase,
  type Holdings,
  type Inspection,
  inspectDatabase,
  openDatabase,
  type TableSummary,
} from "@jifen/database";
import { version } from "../../../version.ts";
import { ArchiveWriter } from "../backup/archive-writer.ts";
import { type BackupHeader, EXPORT_FILE, HEADER_FILE, newHeader } from "../backup/backup-header.ts";
import { streamExport } from "../export-stream.ts";
import { writeNewFile } from "../new-file.ts";
import { TransferError } from "../transfer-error.ts";

/** What to back up, and where to. */
export type BackupOptions = {
  readonly url: string;
  readonly path: string;
  /** Whether a file of that name is replaced. */
  readonly replaces: boolean;
  /** ISO 8601; recorded in the file. */
  readonly createdAt: string;
  /** Receives how many bytes of the database were read. */
  readonly onBytes: (count: number) => void;
};

/** The result of a backup. */
export type BackupReport = {
  readonly header: BackupHeader;
  readonly bytes: number;
  /** Why the rows were exported, where the database makes a dump of its own elsewhere. */
  readonly exportedBecause: CannotDump["reason"] | undefined;
};

type Task = Pick<BackupOptions, "url" | "createdAt" | "onBytes"> & {
  readonly archive: ArchiveWriter;
  readonly inspection: Inspection;
};

/**
 * Backs up the database to one file, from one snapshot, while servers write. The file has its name only when it is complete
 * and on disk; only its owner may read it.
 * @throws TransferError when the file exists, or there is nothing to back up; DatabaseUnavailable
 */
export async function backUpDatabase({
  url,
  path,
  replaces,
  createdAt,
  onBytes,
}: BackupOptions): Promise<BackupReport> {
  const inspection = await inspectDatabase(url);
  assertTables(inspection);
  const write = async (partial: string) => {
    const [scratch, copy] = [`${partial}.part`, `${partial}.copy`];
    const archive = new ArchiveWriter(partial, scratch);
    const task = { url, createdAt, onBytes, archive, inspection };
    try {
      const dumped = await dumpDatabase(url, { scratch: copy }, (dump) => addDump(task, dump));
      const header = dumped.ok ? dumped.value : await addExport(task);
      await archive.finish();
      return { header, exportedBecause: dumped.ok ? undefined : dumped.refusal.reason };
    } catch (error) {
      await archive.abort(error);
      throw error;
    }
  };
  const written = await writeNewFile(path, write, { replaces });
  return { ...written, bytes: (await stat(path)).size };
}

function assertTables({ schema }: Inspection): void {
  if (schema.present === 0) {
    throw new TransferError(
      "The database has no tables of Jifen: check DATABASE_URL. 数据库中没有 Jifen 的数据表，请检查 DATABASE_URL。",
    );
  }
  if (schema.is !== "importing") return;
  throw new TransferError(
    "An import or a restore into this database has not finished: there is nothing to back up yet. 导入或恢复尚未完成，无法备份。",
  );
}

/** Rows of tables that this Jifen does not know exactly would lack columns, and no version could restore them. */
function assertCurrent({ schema: { present, newest, is } }: Inspection): void {
  if (is === "current") return;
  const [en, zh] =
    is === "older"
      ? [
          "the older Jifen whose servers run, or run jifen migrate before",
          "正在运行的旧版本 Jifen，或先运行 jifen migrate",
        ]
      : ["the newer Jifen that migrated them", "升级该结构的新版本 Jifen"];
  throw new TransferError(
    `The tables have version ${present}, this Jifen has version ${newest}, and the rows of this database are exported: back it up with ${en}. 数据结构版本为 ${present}，当前程序为 ${newest}，此数据库以导出行的方式备份：请使用${zh}。`,
  );
}

async function addDump({ archive, inspection, createdAt, onBytes }: Task, dump: Dump): Promise<BackupHeader> {
  const header = newHeader({
    ...headerOf(inspection, createdAt),
    databaseVersion: dump.version,
    ...(dump.schemaName !== undefined && { schemaName: dump.schemaName }),
    content: "dump",
    by: dump.by,
    holdings: dump.holdings,
  });
  await archive.addText(HEADER_FILE, toText(header));
  for (const { name, isCompressed, read } of dump.parts) {
    await archive.add(await archive.stage({ name, content: await read(), compress: !isCompressed }, onBytes));
  }
  return header;
}

/** The header comes first in the file, and what it counts is known when the rows have been read. */
async function addExport({ url, archive, inspection, createdAt, onBytes }: Task): Promise<BackupHeader> {
  assertCurrent(inspection);
  const database = await openDatabase(url, { migrate: false });
  try {
    let staged: Awaited<ReturnType<ArchiveWriter["stage"]>> | undefined;
    const tables = await streamExport({ database, exportedAt: createdAt, onRows: () => undefined }, async (content) => {
      staged = await archive.stage({ name: EXPORT_FILE, content, compress: false }, onBytes);
    });
    const header = newHeader({
      ...headerOf(inspection, createdAt),
      content: "export",
      by: `jifen export ${version}`,
      holdings: holdingsOf(tables),
    });
    await archive.addText(HEADER_FILE, toText(header));
    if (staged) await archive.add(staged);
    return header;
  } finally {
    await database.close();
  }
}

const headerOf = ({ kind, version: databaseVersion, schema }: Inspection, createdAt: string) => ({
  jifen: version,
  createdAt,
  database: kind,
  databaseVersion,
  tables: schema.present,
  knownTables: schema.newest,
});

/** For readers of the archive as well. */
const toText = (header: BackupHeader): string => `${JSON.stringify(header, null, 2)}\n`;

function holdingsOf(tables: Readonly<Record<string, TableSummary>>): Holdings {
  const rows = (name: string) => tables[name]?.rows ?? 0;
  const { balance = "0", held = "0" } = tables["accounts"]?.sums ?? {};
  return {
    accounts: rows("accounts"),
    transactions: rows("transactions"),
    users: rows("users"),
    logs: rows("call_logs"),
    credits: String(BigInt(balance) + BigInt(held)),
  };
}
