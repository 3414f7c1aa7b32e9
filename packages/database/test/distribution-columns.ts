import { tables as declaredTables } from "../src/generated/tables.ts";
import type { Table } from "../src/records/table.ts";
import type { Statement } from "./captured-statements.ts";

const declared: readonly Table[] = declaredTables;

/** The column by which each distributed table is distributed, by the name of the table. */
const columns: ReadonlyMap<string, string> = new Map(
  declared.flatMap(({ name, distribution, columns: all }) => {
    const column = distribution.is === "distributed" && all.find(({ field }) => field === distribution.by);
    return column ? [[name, column.name] as const] : [];
  }),
);

/** The names of the distributed tables. */
export const distributedTables: readonly string[] = [...columns.keys()];

/** SQL with a placeholder such as `⟨3⟩` for the content of each pair of parentheses, and the contents by their numbers. */
type Flat = { readonly top: string; readonly groups: readonly string[] };

/** One line without quotes and schema, and with words that are no clause of their own joined to one. */
export const simplified = (sql: string): string =>
  sql
    .replaceAll(/'[^']*'/g, "''")
    .replaceAll(/"public"\.|"/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\b(DISTINCT FROM|FOR UPDATE|DO UPDATE|ON CONFLICT)\b/g, (words) => words.replace(" ", "_"))
    .trim();

function flatten(sql: string): Flat {
  const groups: string[] = [];
  for (let top = simplified(sql); ; ) {
    const next = top.replaceAll(/\(([^()]*)\)/g, (_, content: string) => `⟨${groups.push(content) - 1}⟩`);
    if (next === top) return { top, groups };
    top = next;
  }
}

const CLAUSE =
  /\b(?=(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|USING|SET|VALUES|WHERE|GROUP BY|ORDER BY|LIMIT|OFFSET|RETURNING|FOR_UPDATE|ON_CONFLICT)\b)/;

/** A table in a part of a statement, and the name by which its columns are qualified there. */
type Source = { readonly table: string; readonly alias: string };

/** `users AS u ON …`, also the table of a shard, `accounts_102008`. */
function sourceOf(item: string): Source | undefined {
  const [, name = "", alias] = /^\s*(\w+)(?:\s+(?:AS\s+)?(?!ON\b|SET\b)(\w+))?/.exec(item) ?? [];
  const table = name.replace(/_\d+$/, "");
  return columns.has(table) ? { table, alias: alias ?? name } : undefined;
}

/** Splits what follows FROM into tables with their conditions. */
const itemsOf = (clause: string): readonly string[] =>
  clause.split(/,|\b(?:(?:LEFT|INNER|CROSS) )?JOIN(?: LATERAL)?\b/);

const startingWith = (clauses: readonly string[], keyword: RegExp): readonly string[] =>
  clauses.filter((clause) => keyword.test(clause)).map((clause) => clause.replace(keyword, "").trim());

/** The column that has to have a condition. */
type Narrowing = {
  readonly groups: readonly string[];
  /** The column, and what it can be equal to, as regular expressions. */
  readonly column: string;
  readonly otherSide: string;
};

/**
 * Whether a condition is true only for rows with one of the given values in the column. Citus then asks only the shards of
 * these values.
 */
function isNarrowed(condition: string, { groups, column, otherSide }: Narrowing): boolean {
  const check = (text: string): boolean => {
    const alternatives = text.split(/\bOR\b/);
    if (alternatives.length > 1) return alternatives.every(check);
    const parts = text.split(/\bAND\b/);
    if (parts.length > 1) return parts.some(check);
    const group = /^\s*⟨(\d+)⟩\s*$/.exec(text)?.[1];
    if (group !== undefined) return check(groups[Number(group)] ?? "");
    if (/^\s*1\s*=\s*0\s*$/.test(text)) return true;
    const list = new RegExp(`^\\s*${column}\\s*(?:= ANY|IN)\\s*⟨(\\d+)⟩\\s*$`).exec(text)?.[1];
    if (list !== undefined) return !/\bSELECT\b/.test(groups[Number(list)] ?? "SELECT");
    return new RegExp(`^\\s*${column}\\s*=\\s*(?:${otherSide})\\s*$`).test(text);
  };
  return check(condition);
}

const PARAMETER = String.raw`\$\d+(?:::text)?`;
/** A column of another source, such as the accounts that a statement got as an array. */
const OTHER_COLUMN = String.raw`\w+\.\w+`;

/** The distributed tables of one part of a statement whose column has no condition and is not inserted. */
function scatteredIn(part: string, groups: readonly string[], otherSide: string): readonly string[] {
  const clauses = part.split(CLAUSE);
  const sources = startingWith(clauses, /^(?:FROM|USING|UPDATE|DELETE FROM)\b/).flatMap(itemsOf);
  const conditions = [
    ...startingWith(clauses, /^WHERE\b/),
    ...sources.flatMap((source) => source.split(/\bON\b/).slice(1)),
  ];
  const read = sources.flatMap((item) => sourceOf(item) ?? []);
  const scattered = read.filter(({ table, alias }) => {
    const column = `(?:${alias}\\.)?${columns.get(table)}`;
    return !conditions.some((condition) => isNarrowed(condition, { groups, column, otherSide }));
  });
  const inserted = startingWith(clauses, /^INSERT INTO\b/).flatMap((clause) => {
    const [, into = "", list] = /^(\w+)\s*⟨(\d+)⟩/.exec(clause) ?? [];
    const table = sourceOf(into)?.table;
    const given = groups[Number(list)]?.split(",").map((name) => name.trim()) ?? [];
    return table === undefined || given.includes(columns.get(table) ?? "") ? [] : [table];
  });
  return [...scattered.map(({ table }) => table), ...inserted];
}

/** Whether a statement runs on the node of a shard, or names its accounts as if it did. */
const isOfLedger = ({ name }: Statement): boolean => name !== undefined && !name.startsWith("extra-write");

/**
 * The distributed tables that a statement reads or writes without naming the column by which they are distributed: in WHERE or
 * ON, equal to a parameter or one of a list, or among the columns of an INSERT. Statements of the ledger run on the node of
 * one shard: there the column can also be equal to a column of the rows that were sent.
 *
 * This is no SQL parser. It knows the SQL that Prisma and the stores write: keywords in capitals, no comments, and no
 * parentheses within texts. It does not know NATURAL, USING with columns, BETWEEN, MERGE or a table's name in a text.
 */
export function scatteredTables(statement: Statement): readonly string[] {
  const { top, groups } = flatten(statement.text);
  const otherSide = isOfLedger(statement) ? `${PARAMETER}|${OTHER_COLUMN}` : PARAMETER;
  const parts = [top, ...groups].flatMap((text) => text.split(/\bUNION(?: ALL)?\b/));
  return [...new Set(parts.flatMap((part) => scatteredIn(part, groups, otherSide)))];
}

/** The distributed tables that a statement reads or writes. */
export function tablesIn({ text }: Statement): readonly string[] {
  const { top, groups } = flatten(text);
  const clauses = [top, ...groups].flatMap((part) => part.split(CLAUSE));
  const sources = startingWith(clauses, /^(?:FROM|USING|UPDATE|DELETE FROM|INSERT INTO)\b/).flatMap(itemsOf);
  return sources.flatMap((item) => sourceOf(item)?.table ?? []);
}
