import { createReadStream } from "node:fs";
import { HEADER_FILE } from "./backup/backup-header.ts";
import { TransferError } from "./transfer-error.ts";

/** The bytes of an export, and the path of the file that has them. Each `open` reads them from the beginning. */
export type ExportFile = { readonly path: string; open(): AsyncIterable<Uint8Array> };

/** What other files begin with that an operator may take for an export, and what to do with them. */
const otherFiles = [
  {
    start: "SQLite format 3\0",
    en: "is the file of an SQLite database: stop its server, then import from it by its URL: jifen import file:PATH",
    zh: "是 SQLite 数据库文件，请先停止其服务，再用 jifen import file:路径 导入",
  },
  { start: HEADER_FILE, en: "is a backup: restore it with jifen restore", zh: "是备份文件，请用 jifen restore 恢复" },
] as const;

/** An export that is a file of its own. Reading it throws a TransferError when it is a database or a backup. */
export const exportFile = (path: string): ExportFile => ({ path, open: () => readFile(path) });

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  let isStart = true;
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
    if (isStart) assertNoOtherFile(path, bytes);
    isStart = false;
    yield bytes;
  }
}

function assertNoOtherFile(path: string, bytes: Buffer): void {
  const other = otherFiles.find(({ start }) => bytes.subarray(0, start.length).toString("latin1") === start);
  if (other === undefined) return;
  throw new TransferError(`The file ${path} ${other.en}. Nothing was imported. 该文件${other.zh}。未导入任何内容。`);
}
