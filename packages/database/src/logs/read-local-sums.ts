import { type LocalSumsQuery, sumsCondition, type UnitDialect, unitExpression } from "./local-sums.ts";
import type { LogRow } from "./log-columns.ts";
import type { ReadLogRows } from "./log-reads.ts";

/** How many actions one query can name. */
const MAX_NAMED = 50;

/** The table that has the sums, whose they are, and its counts. */
type Source = {
  readonly table: string;
  readonly owner: { readonly sql: string; readonly values: readonly string[] };
  readonly counts: readonly string[];
};

const sumsOf = (counts: readonly string[]): string => counts.map((name) => `sum(${name}) AS ${name}`).join(", ");

/** Reads sums by local hours or days on any SQL database. Each row has `unit`, `action` and the counts. */
export async function readLocalSums(
  { read, ...dialect }: UnitDialect & { readonly read: ReadLogRows },
  source: Source,
  query: LocalSumsQuery,
): Promise<readonly LogRow[]> {
  const { table, owner, counts } = source;
  const unit = unitExpression(query, dialect);
  const where = sumsCondition(query);
  const action = actionExpression(query, await findNamed(read, source, query));
  const limit = query.limit === undefined ? [] : [query.limit];
  const sql = `SELECT ${unit.sql} AS unit, ${action.sql} AS action, ${sumsOf(counts)}
    FROM ${table} WHERE ${owner.sql} AND ${where.sql} GROUP BY 1${query.byAction ? ", 2" : ""}${limit.length > 0 ? " LIMIT ?" : ""}`;
  return await read(sql, [...unit.values, ...action.values, ...owner.values, ...where.values, ...limit]);
}

/** The actions that have sums of their own; undefined when all have. */
async function findNamed(
  read: ReadLogRows,
  { table, owner }: Source,
  query: LocalSumsQuery,
): Promise<readonly string[] | undefined> {
  const { named } = query;
  if (named === undefined || !("most" in named)) return named;
  const where = sumsCondition(query);
  const sql = `SELECT action, sum(${named.most}) AS most FROM ${table} WHERE ${owner.sql} AND ${where.sql}
    GROUP BY action ORDER BY 2 DESC, 1 LIMIT ?`;
  const rows = await read(sql, [...owner.values, ...where.values, named.limit]);
  return rows.map((row) => String(row["action"]));
}

/** One statement serves any number of names. No action is the empty string. */
function actionExpression({ byAction }: LocalSumsQuery, named: readonly string[] | undefined) {
  if (!byAction) return { sql: "NULL", values: [] };
  if (named === undefined) return { sql: "action", values: [] };
  return {
    sql: `CASE WHEN action IN (${"?, ".repeat(MAX_NAMED - 1)}?) THEN action END`,
    values: Array.from({ length: MAX_NAMED }, (_, at) => named[at] ?? ""),
  };
}

/** The action of such a row; null where actions are together. */
export const actionOf = (action: unknown): string | null =>
  action === null || action === undefined ? null : String(action);
