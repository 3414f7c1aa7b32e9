import type pg from "pg";
import { tables as declaredTables } from "../../../generated/tables.ts";
import type { Table } from "../../../records/table.ts";
import { UnusableDatabase } from "../../../schema/unusable-database.ts";
import { GUARD, guardExists } from "./shard-guard.ts";

const declared: readonly Table[] = declaredTables;

/**
 * How Citus knows a table. `replication`: `s` one copy of each shard, `c` several, which Citus writes, `t` a copy on each node.
 * `group`: tables of one group are colocated.
 */
type KnownTable = { name: string; method: "h" | "n"; replication: "s" | "c" | "t"; group: number };

/** What is left to do for one table. */
export type TableStep = {
  readonly table: string;
  readonly sql: string;
  /** An estimate of the rows that are copied; undefined when the database has none. */
  readonly rows: number | undefined;
};

/** Whether the tables of a schema are distributed, and what is left to do. */
export type Distribution = {
  /** Whether Citus distributes the accounts, or any other table that it should. */
  readonly isBegun: boolean;
  /** In the order in which they have to be done. */
  readonly steps: readonly TableStep[];
};

const columnOf = ({ columns }: Table, field: string): string =>
  columns.find((column) => column.field === field)?.name ?? field;

/** A table comes after the one beside which its rows are stored. */
const inOrder: readonly Table[] = declared.toSorted((one, other) => rank(one) - rank(other));

function rank({ distribution }: Table): number {
  if (distribution.is !== "distributed") return 2;
  return distribution.beside === undefined ? 0 : 1;
}

/** Whether this installation of PostgreSQL has the extension in this database. */
async function hasCitus(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ is_there: boolean }>(
    "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS is_there",
  );
  return rows[0]?.is_there === true;
}

/** Compares how Citus knows the tables of the schema with their declarations in models.prisma. */
export async function readDistribution(
  client: pg.ClientBase,
  schema: string,
  { shardCount }: { readonly shardCount?: number } = {},
): Promise<Distribution> {
  if (!(await hasCitus(client))) return { isBegun: false, steps: [] };
  const known = await knownTables(client, schema);
  assertOneCopy(known);
  const collations = await collationsOf(client, schema);
  const rows = await estimatedRows(client, schema);
  // Every table has a key of text. One that a migration has still to create is not there.
  const isThere = (table: Table) => collations.has(`${table.name}.${columnOf(table, table.key[0])}`);
  const steps = inOrder.filter(isThere).flatMap((table) => {
    const sql = stepOf(table, { known, shardCount, collations });
    return sql === undefined ? [] : [{ table: table.name, sql, rows: rows.get(table.name) }];
  });
  return { isBegun: [...known.values()].some(({ method }) => method === "h"), steps };
}

async function knownTables(client: pg.ClientBase, schema: string): Promise<ReadonlyMap<string, KnownTable>> {
  const { rows } = await client.query<KnownTable>(
    `SELECT c.relname AS name, p.partmethod AS method, p.repmodel AS replication, p.colocationid AS "group"
     FROM pg_catalog.pg_dist_partition AS p
       JOIN pg_catalog.pg_class AS c ON c.oid = p.logicalrelid
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = $1`,
    [schema],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/** The ledger writes one copy of a shard directly. @throws UnusableDatabase when Citus has several */
function assertOneCopy(known: ReadonlyMap<string, KnownTable>): void {
  const copied = [...known.values()].filter(({ replication }) => replication === "c").map(({ name }) => name);
  if (copied.length === 0) return;
  throw new UnusableDatabase(
    `Citus keeps several copies of each shard of ${copied.join(", ")}, which Jifen cannot use: undistribute these tables, SET citus.shard_replication_factor = 1, and use standbys of the nodes instead. 以下表的分片有多个副本：${copied.join(", ")}，请先取消分布，将 citus.shard_replication_factor 设为 1，并改用节点的备库。`,
  );
}

/** The collation of each column with a text, by `table.column`. */
async function collationsOf(client: pg.ClientBase, schema: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ column: string; collation: string }>(
    `SELECT c.relname || '.' || a.attname AS "column", quote_ident(o.collname) AS "collation"
     FROM pg_catalog.pg_attribute AS a
       JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_collation AS o ON o.oid = a.attcollation
     WHERE n.nspname = $1 AND a.attnum > 0`,
    [schema],
  );
  return new Map(rows.map((row) => [row.column, row.collation]));
}

/** How many rows each table has, as of its last ANALYZE. */
async function estimatedRows(client: pg.ClientBase, schema: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ name: string; rows: number }>(
    `SELECT c.relname AS name, c.reltuples::float8 AS rows FROM pg_catalog.pg_class AS c
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.reltuples >= 0`,
    [schema],
  );
  return new Map(rows.map((row) => [row.name, row.rows]));
}

type Known = {
  readonly known: ReadonlyMap<string, KnownTable>;
  readonly shardCount: number | undefined;
  readonly collations: ReadonlyMap<string, string>;
};

const tableNamed = (name: string): Table | undefined => declared.find((table) => table.name === name);

/** Tables can be colocated only if their columns have the same collation, which makes no difference to equality. */
function sameCollation(table: Table, by: string, { collations }: Known): string {
  const { distribution } = table;
  const beside = distribution.is === "distributed" && distribution.beside ? tableNamed(distribution.beside) : undefined;
  if (beside?.distribution.is !== "distributed") return "";
  const wanted = collations.get(`${beside.name}.${columnOf(beside, beside.distribution.by)}`);
  if (wanted === undefined || wanted === collations.get(`${table.name}.${by}`)) return "";
  return `ALTER TABLE ${table.name} ALTER COLUMN ${by} TYPE text COLLATE ${wanted}; `;
}

/** The statement that distributes a table, or undefined when it is distributed as declared. */
function stepOf(table: Table, context: Known): string | undefined {
  const { known, shardCount } = context;
  const { name, distribution } = table;
  const is = known.get(name);
  switch (distribution.is) {
    case "distributed": {
      const beside = distribution.beside === undefined ? undefined : known.get(distribution.beside);
      if (is?.method === "h" && (distribution.beside === undefined || is.group === beside?.group)) return undefined;
      const where =
        distribution.beside === undefined
          ? `colocate_with => 'none'${shardCount === undefined ? "" : `, shard_count => ${shardCount}`}`
          : `colocate_with => '${distribution.beside}'`;
      const column = columnOf(table, distribution.by);
      return `${sameCollation(table, column, context)}SELECT create_distributed_table('${name}', '${column}', ${where})`;
    }
    case "reference":
      return is?.method === "n" && is.replication === "t" ? undefined : `SELECT create_reference_table('${name}')`;
    case "local":
      // One shard on one node, which every node can write to; a table that Citus only knows would lose its trigger.
      return is?.method === "n" && is.replication === "s" && is.group > 0
        ? undefined
        : `SELECT create_distributed_table('${name}', NULL, colocate_with => 'none')`;
    default:
      return distribution satisfies never;
  }
}

/**
 * Whether the tables are distributed.
 * @throws UnusableDatabase when some are and others are not
 */
export async function isDistributed(client: pg.ClientBase, schema: string): Promise<boolean> {
  const { isBegun, steps } = await readDistribution(client, schema);
  if (!isBegun) return false;
  const hasGuard = await guardExists(client);
  if (steps.length === 0 && hasGuard) return true;
  const names = [...steps.map(({ table }) => table), ...(hasGuard ? [] : [GUARD])].join(", ");
  throw new UnusableDatabase(
    `Citus distributes some of the tables, but this version also needs: ${names}. Stop all servers and run "jifen distribute", which does what is left. 以下表尚未按当前版本的要求分布：${names}。请停止所有服务后运行 jifen distribute。`,
  );
}
