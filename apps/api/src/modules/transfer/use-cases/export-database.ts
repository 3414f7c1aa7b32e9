import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Database, type ReadRows, TableDigest, type TableSummary, transferTables } from "@jifen/database";
import { version } from "../../../version.ts";
import { byTable, type ExportHeader, type ExportTrailer, FORMAT_VERSION, tableLine } from "../file-format.ts";
import { TransferError } from "../transfer-error.ts";

/** What to export, and where to. */
export type ExportOptions = {
  readonly database: Pick<Database, "kind" | "tableCopier">;
  readonly path: string;
  /** ISO 8601; recorded in the file. */
  readonly exportedAt: string;
  readonly onRows: (count: number) => void;
};

/**
 * Exports a snapshot of all tables to a new file. The file has its name only when it is complete and on disk; only its
 * owner may read it.
 * @returns the summaries of the tables
 * @throws TransferError when the file exists
 */
export async function exportDatabase({
  database,
  path,
  exportedAt,
  onRows,
}: ExportOptions): Promise<ExportTrailer["tables"]> {
  if (existsSync(path)) {
    throw new TransferError(`The file ${path} exists: choose another name. 文件已存在，请换一个文件名。`);
  }
  const header = {
    format: "jifen-export",
    version: FORMAT_VERSION,
    jifen: version,
    exportedAt,
    database: database.kind,
  } as const;
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  const tables = new Map<string, TableSummary>();
  try {
    await database.tableCopier.readAll(async (rows) => {
      const lines = Readable.from(exportLines(header, rows, { tables, onRows }), { objectMode: false });
      await pipeline(lines, createGzip(), createWriteStream(partial, { mode: 0o600, flags: "wx", flush: true }));
    });
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return Object.fromEntries(tables);
}

type Results = { readonly tables: Map<string, TableSummary>; readonly onRows: (count: number) => void };

async function* exportLines(header: ExportHeader, rows: ReadRows, { tables, onRows }: Results): AsyncGenerator<Buffer> {
  const sha256 = createHash("sha256");
  const hashed = (text: string) => {
    const bytes = Buffer.from(text);
    sha256.update(bytes);
    return bytes;
  };
  const toLines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
  yield hashed(toLines([header]));
  const digests = byTable((table) => new TableDigest(table));
  for (const table of transferTables) {
    yield hashed(toLines([tableLine(table)]));
    for await (const page of rows(table)) {
      digests.get(table.name)?.add(page);
      yield hashed(toLines(page));
      onRows(page.length);
    }
    tables.set(table.name, (digests.get(table.name) as TableDigest).summary());
  }
  const trailer: ExportTrailer = { tables: Object.fromEntries(tables), sha256: sha256.digest("hex") };
  yield Buffer.from(toLines([trailer]));
}

/** A new file name is durable only once its folder is synchronised. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // Some systems cannot synchronise a folder; the file itself is on disk.
  } finally {
    await handle.close();
  }
}
