import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { type Database, type ReadRows, TableDigest, type TableSummary, transferTables } from "@jifen/database";
import { version } from "../../version.ts";
import { byTable, type ExportHeader, type ExportTrailer, FORMAT_VERSION, tableLine } from "./file-format.ts";

/** What to export. */
export type ExportOptions = {
  readonly database: Pick<Database, "kind" | "tableCopier">;
  /** ISO 8601; recorded in the file. */
  readonly exportedAt: string;
  readonly onRows: (count: number) => void;
};

/**
 * Exports a snapshot of all tables: `consume` reads the bytes of an export file.
 * @returns the summaries of the tables
 */
export async function streamExport(
  { database, exportedAt, onRows }: ExportOptions,
  consume: (bytes: Readable) => Promise<void>,
): Promise<ExportTrailer["tables"]> {
  const header = {
    format: "jifen-export",
    version: FORMAT_VERSION,
    jifen: version,
    exportedAt,
    database: database.kind,
  } as const;
  const tables = new Map<string, TableSummary>();
  await database.tableCopier.readAll(async (rows) => {
    const lines = Readable.from(exportLines(header, rows, { tables, onRows }), { objectMode: false });
    const compressed = createGzip();
    lines.on("error", (error) => compressed.destroy(error));
    await consume(lines.pipe(compressed));
  });
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
