import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Database, type ReadRows, TableDigest, type TableSummary, transferTables } from "@jifen/database";
import { byTable, type ExportHeader, type ExportTrailer, tableLine } from "./file-format.ts";
import { TransferError } from "./transfer-error.ts";

/** What to write, and where. */
export type ExportOptions = {
  readonly database: Database;
  readonly header: ExportHeader;
  readonly path: string;
  readonly onRows: (count: number) => void;
};

/**
 * Writes everything as of one moment into a file that did not exist: it appears under its name once it is whole and on
 * disk. Only its owner may read it.
 * @throws MoveRefused when there is such a file
 */
export async function writeExport({ database, header, path, onRows }: ExportOptions): Promise<ExportTrailer["tables"]> {
  if (existsSync(path)) {
    throw new TransferError(`${path} is there already: name another file. 文件已存在，请换一个文件名。`);
  }
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  const tables = new Map<string, TableSummary>();
  try {
    await database.tableCopier.readAll(async (rows) => {
      const lines = Readable.from(linesOf(header, rows, { tables, onRows }), { objectMode: false });
      await pipeline(lines, createGzip(), createWriteStream(partial, { mode: 0o600, flags: "wx", flush: true }));
    });
    await rename(partial, path);
    await synchronise(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return Object.fromEntries(tables);
}

type Told = { readonly tables: Map<string, TableSummary>; readonly onRows: (count: number) => void };

async function* linesOf(header: ExportHeader, rows: ReadRows, { tables, onRows }: Told): AsyncGenerator<Buffer> {
  const sha256 = createHash("sha256");
  const hashed = (text: string) => {
    const bytes = Buffer.from(text);
    sha256.update(bytes);
    return bytes;
  };
  const lines = (all: readonly unknown[]) => all.map((each) => `${JSON.stringify(each)}\n`).join("");
  yield hashed(lines([header]));
  const summing = byTable((table) => new TableDigest(table));
  for (const table of transferTables) {
    yield hashed(lines([tableLine(table)]));
    for await (const page of rows(table)) {
      summing.get(table.name)?.add(page);
      yield hashed(lines(page));
      onRows(page.length);
    }
    tables.set(table.name, (summing.get(table.name) as TableDigest).summary());
  }
  const trailer: ExportTrailer = { tables: Object.fromEntries(tables), sha256: sha256.digest("hex") };
  yield Buffer.from(lines([trailer]));
}

/** A name is on disk once its folder is. */
async function synchronise(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // Some systems cannot do this to a folder; the file itself is on disk.
  } finally {
    await handle.close();
  }
}
