import type { UpsertResult } from "mariadb";
import type { Columns } from "../../ledger/columns.ts";
import type { PooledConnection } from "./pool.ts";

/** Texts compare byte by byte, as in the migrations, which explain the two comments. */
const COLLATE = "COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */";

/** The maximum number of characters of an id or a key. */
const MAX_LENGTH = 320;

/** Whether a text can be in the tables. A longer one is in no row, and truncated it would match another. */
const fits = (text: string): boolean => text.length <= MAX_LENGTH || [...text].length <= MAX_LENGTH;

/** `id` → `t.id`, for all names in a list. */
export const qualified = (table: string, names: string): string => names.replace(/\w+/g, `${table}.$&`);

/** A list of ids as a table, in their order: for IN the server would choose any order and any plan. */
export const idTable = `JSON_TABLE(?, '$[*]' COLUMNS (id varchar(${MAX_LENGTH}) ${COLLATE} PATH '$')) AS named`;

/** A list of pairs as a table: of an owner, an account or a user, and of something else. @param type the type of the other */
export const pairTable = (type = `varchar(${MAX_LENGTH}) ${COLLATE}`) =>
  `JSON_TABLE(?, '$[*]' COLUMNS (owner varchar(${MAX_LENGTH}) ${COLLATE} PATH '$[0]', other ${type} PATH '$[1]')) AS named`;

/** Selects the rows of a table for each id of a list, by one index. `where` is the condition on a row, `t`. */
export const selectByIds = (table: string, columns: string, by: { index: string; where: string }): string =>
  `SELECT STRAIGHT_JOIN ${qualified("t", columns)} FROM ${idTable} JOIN ${table} AS t FORCE INDEX (${by.index}) ON ${by.where}`;

/** Selects the rows of a table by pairs of an account and another column, by one index. */
export const selectByPairs = (table: string, columns: string, by: { index: string; column: string }): string =>
  `SELECT STRAIGHT_JOIN ${qualified("t", columns)} FROM ${pairTable()} JOIN ${table} AS t FORCE INDEX (${by.index})
    ON t.account_id = named.owner AND t.${by.column} = named.other`;

/** The parameter of `idTable`. */
export const idList = (all: readonly string[]): string => JSON.stringify(all.filter(fits));

/** The parameter of `pairTable`. */
export const pairList = (all: readonly (readonly [owner: string, other: string])[]): string =>
  JSON.stringify(all.filter(([owner, other]) => fits(owner) && fits(other)));

/** A kind of write, for any number of rows. */
export type Bulk<Row> = {
  /** Splits rows into those of one statement each. */
  readonly split: <Each>(rows: readonly Each[]) => readonly (readonly Each[])[];
  /** The statement for this many rows. */
  readonly sql: (rows: number) => string;
  /** The values of its parameters. */
  readonly parameters: (rows: readonly Row[]) => readonly unknown[];
};

/** Inserts rows, up to `MAX_ROWS` in a statement. @param ending the end of the statement, such as ON DUPLICATE KEY UPDATE */
export const insertInto = <Row>(
  table: string,
  { names, values }: Pick<Columns<Row>, "names" | "values">,
  ending = "",
): Bulk<Row> => {
  const row = `(${names.replace(/\w+/g, "?")})`;
  const texts = new Map<number, string>();
  const textFor = (rows: number) =>
    `INSERT INTO ${table} (${names}) VALUES ${Array(rows).fill(row).join(", ")} ${ending}`.trimEnd();
  return {
    split: inPowersOfTwo,
    sql: (rows) => {
      const text = texts.get(rows) ?? textFor(rows);
      texts.set(rows, text);
      return text;
    },
    parameters: (rows) => rows.flatMap((each) => values(each).map(asText)),
  };
};

const jsonTypes: Readonly<Record<string, string>> = {
  text: `varchar(${MAX_LENGTH}) ${COLLATE}`,
  bigint: "bigint",
  integer: "int",
};

/** Updates rows, all in one statement: the first `keyColumns` columns identify a row, the others are set. */
export const updateOf = <Row>(table: string, columns: Columns<Row>, keyColumns: number): Bulk<Row> => {
  const names = columns.names.split(", ");
  const declared = names.map(
    (name, at) => `${name} ${jsonTypes[columns.types[at] ?? ""]} PATH '$[${at}]' ERROR ON ERROR`,
  );
  const key = names.slice(0, keyColumns).map((name) => `old.${name} = new.${name}`);
  const set = names.slice(keyColumns).map((name) => `old.${name} = new.${name}`);
  const sql = `UPDATE JSON_TABLE(?, '$[*]' COLUMNS (${declared.join(", ")})) AS new
    STRAIGHT_JOIN ${table} AS old FORCE INDEX (PRIMARY) ON ${key.join(" AND ")} SET ${set.join(", ")}`;
  return { split: (rows) => [rows], sql: () => sql, parameters: (rows) => [JSON.stringify(rows.map(columns.values))] };
};

/** The driver sends numbers as 32-bit integers or as floating point: text is converted to the type of the column. */
const asText = (value: unknown): string | null => (value === null ? null : String(value));

/**
 * Rows of one insert at most: a row can have some kilobytes of text, and the server limits the size of a statement
 * (max_allowed_packet, 16 MB). A power of two, as the numbers of rows of all inserts: each is prepared once.
 */
const MAX_ROWS = 128;

/** Splits rows into parts of decreasing powers of two. */
function inPowersOfTwo<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const chunks: (readonly Row[])[] = [];
  for (let [from, size] = [0, MAX_ROWS]; from < rows.length; ) {
    while (size > rows.length - from) size /= 2;
    chunks.push(rows.slice(from, from + size));
    from += size;
  }
  return chunks;
}

/**
 * Runs a write. Not by the bulk command of the driver (`batch`): when a transaction of another Galera node wins, MariaDB
 * answers it, and the COMMIT behind it, as if the rows were written. Waits for every answer even after a failure, because a
 * statement that the driver sends after ROLLBACK would run in the next transaction.
 * @returns how many rows were matched or inserted
 */
export async function runBulk<Row>(
  connection: PooledConnection,
  { split, sql, parameters }: Bulk<Row>,
  rows: readonly Row[],
): Promise<number> {
  const results = await Promise.allSettled(
    split(rows).map((chunk) => connection.execute<UpsertResult>(sql(chunk.length), parameters(chunk))),
  );
  let affected = 0;
  for (const each of results) {
    if (each.status === "rejected") throw each.reason;
    affected += each.value.affectedRows;
  }
  return affected;
}
