import { type Database, isDatabaseFileInUse, openDatabase, transferTables } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { ExportFile } from "./export-file.ts";
import { checkExport, type Page, readPages } from "./read-export.ts";
import { TransferError } from "./transfer-error.ts";

/** The rows of a source. */
export type SourceRows = {
  /** How many rows there are; undefined when it is unknown before they have been read. */
  readonly total: number | undefined;
  /** Pages of rows, table by table in the order of `transferTables`. */
  readonly pages: AsyncIterable<Page>;
};

/** Where an import reads from. */
export type Source = {
  /** Opens the source, runs `work` on its rows, and closes the source. */
  read<Result>(work: (rows: SourceRows) => Promise<Result>): Promise<Result>;
};

/** An export file. `check` counts the rows of the check that comes before reading. @throws TransferError for a damaged file */
export const fileSource = (file: ExportFile, onChecked: (count: number) => void): Source => ({
  read: async (work) => {
    const tables = await checkExport(file, onChecked);
    const total = Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
    return work({ total, pages: readPages(file) });
  },
});

/** What a server writes to its file after the snapshot would be missing in the target. */
async function assertNotInUse(url: string): Promise<void> {
  if (!(await isDatabaseFileInUse(url))) return;
  throw new TransferError(
    "The source is the file of a database that another program has open, such as a running server: stop it first, because writes after the copy would be missing. For a copy of a running server, use jifen backup and jifen restore. Nothing was imported. 来源数据库文件正被其他程序（例如运行中的服务）使用，请先停止；在线复制请用 jifen backup 和 jifen restore。未导入任何内容。",
  );
}

/** Another database with the tables of this Jifen, read in one snapshot. @throws TransferError for a file that a server has open */
export const databaseSource = (url: string): Source => ({
  read: async (work) => {
    await assertNotInUse(url);
    const database = await openDatabase(url, { migrate: false });
    try {
      const total = await countRows(database);
      return await database.tableCopier.readAll((rows) =>
        work({
          total,
          pages: (async function* () {
            for (const table of transferTables) for await (const page of rows(table)) yield { table, rows: page };
          })(),
        }),
      );
    } finally {
      await database.close();
    }
  },
});

/** How many rows a database has; undefined when counting takes too long. */
export async function countRows({ tableCopier }: Pick<Database, "tableCopier">): Promise<number | undefined> {
  try {
    const counts = await Promise.all(transferTables.map((table) => tableCopier.count(table)));
    return counts.reduce((sum, count) => sum + count, 0);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return undefined;
    throw error;
  }
}
