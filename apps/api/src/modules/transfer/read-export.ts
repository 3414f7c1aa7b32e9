import { createHash, type Hash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { TableDigest, type TransferRow, type TransferTable, transferTables } from "@jifen/database";
import type { ExportFile } from "./export-file.ts";
import {
  type ExportHeader,
  type ExportTrailer,
  FORMAT_VERSION,
  isRowOf,
  type TableLine,
  tableLine,
} from "./file-format.ts";
import { TransferError } from "./transfer-error.ts";

/** Some rows of one table. */
export type Page = { readonly table: TransferTable; readonly rows: readonly TransferRow[] };

/** Rows in memory at a time. */
const PAGE_SIZE = 250;
/** Longer than any row. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

const transferError = (en: string, zh: string) => new TransferError(`${en} ${zh}`);
const damaged = (path: string, why: string) =>
  transferError(
    `The export ${path} is incomplete or damaged: ${why}. Nothing was imported.`,
    "导出文件不完整或已损坏，未导入任何内容。",
  );

/**
 * Reads an export completely and verifies its hash and the summaries of its tables.
 * @throws TransferError when it is incomplete, was changed, or has other tables than this Jifen
 */
export async function checkExport(file: ExportFile, onRows: (count: number) => void): Promise<ExportTrailer["tables"]> {
  const reader = new ExportReader(file);
  const digests = new Map(transferTables.map((table) => [table.name, new TableDigest(table)]));
  for await (const { table, rows } of reader.pages()) {
    digests.get(table.name)?.add(rows);
    onRows(rows.length);
  }
  const { tables } = reader.trailer;
  for (const [name, digest] of digests) {
    if (JSON.stringify(digest.summary()) !== JSON.stringify(tables[name]))
      throw damaged(file.path, `${name} was changed`);
  }
  return tables;
}

/** Reads the rows of an export. @throws TransferError at the first damaged line; the rows before it have been read */
export const readPages = (file: ExportFile): AsyncIterable<Page> => new ExportReader(file).pages();

class ExportReader {
  readonly #file: ExportFile;
  readonly #path: string;
  readonly #sha256 = createHash("sha256");
  #header: ExportHeader | undefined;
  #trailer: ExportTrailer | undefined;

  constructor(file: ExportFile) {
    this.#file = file;
    this.#path = file.path;
  }

  /** Available after the last page. */
  get trailer(): ExportTrailer {
    if (!this.#trailer) throw damaged(this.#path, "its end is missing");
    return this.#trailer;
  }

  /** At least one page for each table; a page can be empty. */
  async *pages(): AsyncGenerator<Page> {
    const remaining = [...transferTables];
    let table: TransferTable | undefined;
    let rows: TransferRow[] = [];
    for await (const line of readLines(this.#file, this.#sha256)) {
      if (this.#trailer) throw damaged(this.#path, "there is text after its last line");
      const value = this.#parse(line);
      if (!this.#header) this.#header = this.#toHeader(value);
      else if (table && isRowOf(table, value)) rows.push(value);
      else {
        if (table) yield { table, rows };
        rows = [];
        table = remaining.shift();
        if (table) this.#assertTable(table, value);
        else this.#trailer = this.#toTrailer(value);
      }
      if (table && rows.length === PAGE_SIZE) {
        yield { table, rows };
        rows = [];
      }
    }
    if (this.trailer.sha256 !== this.#sha256.digest("hex")) throw damaged(this.#path, "it was changed");
  }

  #parse(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch {
      throw damaged(this.#path, "a line is not JSON");
    }
  }

  #toHeader(value: unknown): ExportHeader {
    const header = value as Partial<ExportHeader> | null;
    if (header?.format !== "jifen-export") throw damaged(this.#path, "its first line is not that of an export");
    if (header.version === FORMAT_VERSION) return header as ExportHeader;
    throw transferError(
      `The export ${this.#path} has format ${header.version}; this Jifen reads format ${FORMAT_VERSION}.`,
      "不支持该导出文件的格式版本。",
    );
  }

  #assertTable(table: TransferTable, value: unknown): void {
    if (JSON.stringify(value) === JSON.stringify(tableLine(table))) return;
    const found = value as Partial<TableLine> | null;
    if (found?.table !== table.name) throw damaged(this.#path, `a line before ${table.name} is not a row`);
    throw transferError(
      `The export ${this.#path} has other columns in ${table.name} than this Jifen: import it with the version that wrote it (${this.#header?.jifen}), then upgrade.`,
      "导出文件的表结构与当前版本不同：请用导出它的版本导入，然后再升级。",
    );
  }

  #toTrailer(value: unknown): ExportTrailer {
    const trailer = value as Partial<ExportTrailer> | null;
    if (typeof trailer?.sha256 === "string" && trailer.tables) return trailer as ExportTrailer;
    throw damaged(this.#path, "its last table has a line that is not a row");
  }
}

/** Reads line by line; hashes every line except the last, with its line break. */
async function* readLines(source: ExportFile, sha256: Hash): AsyncGenerator<string> {
  const { path } = source;
  const pending: Buffer[] = [];
  let pendingBytes = 0;
  let last: Buffer | undefined;
  for await (const bytes of unzipped(source)) {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      if (last) sha256.update(last);
      last = Buffer.concat([...pending.splice(0), bytes.subarray(from, end + 1)]);
      pendingBytes = 0;
      from = end + 1;
      yield last.toString("utf8", 0, last.length - 1);
    }
    pending.push(bytes.subarray(from));
    pendingBytes += bytes.length - from;
    if (pendingBytes > MAX_LINE_BYTES) throw damaged(path, "a line is too long");
  }
  if (pendingBytes > 0) throw damaged(path, "its last line has no line break");
}

async function* unzipped({ path, open }: ExportFile): AsyncGenerator<Buffer> {
  const file = Readable.from(open());
  const plain = createGunzip();
  file.on("error", (error) => plain.destroy(error));
  try {
    yield* file.pipe(plain) as AsyncIterable<Buffer>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw transferError(`The file ${path} does not exist.`, "文件不存在。");
    if (code?.startsWith("Z_")) throw damaged(path, message);
    throw error;
  } finally {
    file.destroy();
  }
}
