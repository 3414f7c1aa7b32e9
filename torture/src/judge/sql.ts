import { DatabaseSync } from "node:sqlite";
import pg from "pg";

/** By column names, whole numbers as numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** A way into a database past all of our own code. */
export type Sql = AsyncDisposable & {
  query(sql: string): Promise<readonly Row[]>;
  /** Begins a transaction whose every answer is as of one moment, whatever a sweeper books meanwhile. */
  readonly beginReading: string;
};

/** Opens one connection to the database behind `url`. */
export async function openSql(url: string): Promise<Sql> {
  return url.startsWith("file:") ? openFile(url.slice("file:".length)) : openServer(url);
}

function openFile(path: string): Sql {
  const connection = new DatabaseSync(path, { timeout: 10_000 });
  return {
    query: async (sql) => connection.prepare(sql).all() as Row[],
    beginReading: "BEGIN",
    [Symbol.asyncDispose]: async () => connection.close(),
  };
}

async function openServer(url: string): Promise<Sql> {
  const wholeNumbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);
  const types: pg.CustomTypesConfig = {
    getTypeParser: (id: number, format?: "text" | "binary") =>
      wholeNumbers.has(id) ? Number : pg.types.getTypeParser(id, format as "text"),
  };
  const client = new pg.Client({ connectionString: url, types });
  // A test may end the server's side of it.
  client.on("error", () => undefined);
  await client.connect();
  return {
    query: async (sql) => (await client.query<Row>(sql)).rows,
    beginReading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [Symbol.asyncDispose]: () => client.end(),
  };
}
