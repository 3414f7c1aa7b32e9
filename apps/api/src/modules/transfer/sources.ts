import { type Database, openDatabase, transferTables } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import { checkExport, type Page, pagesOfExport } from "./read-export.ts";

/** Where an import takes everything from. */
export type Source = {
  /** How many rows there are; undefined when nobody knows before they have come. */
  readonly total: number | undefined;
  /** Table by table in the order of `movedTables`. */
  readonly pages: AsyncIterable<Page>;
};

/** An export that was found to be whole. @throws MoveRefused when it is not */
export async function fileSource(path: string, onChecked: (count: number) => void): Promise<Source> {
  const tables = await checkExport(path, onChecked);
  const total = Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
  return { total, pages: pagesOfExport(path) };
}

/** Runs `work` on everything that another database holds, as of one moment. Its tables have to be those of this Jifen. */
export async function fromDatabase<Result>(url: string, work: (source: Source) => Promise<Result>): Promise<Result> {
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
}

/** How many rows a database holds; undefined when counting takes too long. */
export async function countRows({ tableCopier }: Database): Promise<number | undefined> {
  try {
    const counts = await Promise.all(transferTables.map((table) => tableCopier.count(table)));
    return counts.reduce((sum, count) => sum + count, 0);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return undefined;
    throw error;
  }
}
