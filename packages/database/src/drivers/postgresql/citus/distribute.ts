import type pg from "pg";
import { readDistribution, type TableStep } from "./distribution.ts";
import { readStoringNodes } from "./nodes.ts";
import { createGuard, distributeGuard } from "./shard-guard.ts";

/** What `distribute` does, and how. */
export type DistributeOptions = {
  /** Into how many shards accounts are divided, and users; by default four for each node, and at least eight. */
  readonly shardCount?: number;
  /** Only reads what is left to do. */
  readonly isDryRun?: boolean;
  /** Is called before each table. */
  readonly begin?: (step: TableStep) => void;
};

/**
 * Each shard has a queue and batches of its own: with many shards batches are small, with few there is little to move to a
 * new node.
 */
const SHARDS_PER_NODE = 4;
const MIN_SHARDS = 8;

/** Triggers run on the node of each shard: those of the ledger refuse changes of its rows and read nothing else. */
const settings = [
  "SET LOCAL citus.enable_unsafe_triggers = on",
  "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
  // The ledger writes the one copy of a shard; another copy would not get the write.
  "SET LOCAL citus.shard_replication_factor = 1",
].join("; ");

/**
 * Does what is left for the tables to be distributed as declared. Each table is distributed in a transaction of its own, so
 * that an interrupted call can be repeated.
 * @returns the tables that were left to do
 * @throws UnusableDatabase
 */
export async function distribute(
  client: pg.ClientBase,
  schema: string,
  { isDryRun = false, begin, shardCount }: DistributeOptions,
): Promise<readonly TableStep[]> {
  const nodes = await readStoringNodes(client);
  const { steps } = await readDistribution(client, schema, {
    shardCount: shardCount ?? Math.max(MIN_SHARDS, SHARDS_PER_NODE * nodes.length),
  });
  if (isDryRun) return steps;
  await inTransaction(client, [settings, createGuard, distributeGuard]);
  for (const step of steps) {
    begin?.(step);
    await inTransaction(client, [settings, step.sql]);
  }
  await deleteCopies(client, schema);
  return steps;
}

/** Citus keeps the rows of a table that it has distributed, where nothing can read them. */
async function deleteCopies(client: pg.ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_catalog.pg_dist_partition AS p
       JOIN pg_catalog.pg_class AS c ON c.oid = p.logicalrelid
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND pg_relation_size(c.oid) > 0`,
    [schema],
  );
  for (const { name } of rows) {
    await inTransaction(client, [
      settings,
      // Triggers refuse to empty the tables of the ledger.
      `ALTER TABLE ${name} DISABLE TRIGGER USER`,
      `SELECT truncate_local_data_after_distributing_table('${name}')`,
      `ALTER TABLE ${name} ENABLE TRIGGER USER`,
    ]);
  }
}

/** Settings of a migration that changes distributed tables, which other databases ignore. */
export const prepareDistributedMigration = async (client: pg.ClientBase): Promise<void> => {
  await client.query(settings);
};

/** Distributes tables inside the transaction of the migration that created them. */
export async function distributeNewTables(client: pg.ClientBase, schema: string): Promise<void> {
  const { isBegun, steps } = await readDistribution(client, schema);
  if (!isBegun) return;
  for (const { sql } of steps) await client.query(sql);
}

async function inTransaction(client: pg.ClientBase, statements: readonly string[]): Promise<void> {
  await client.query("BEGIN");
  try {
    for (const statement of statements) await client.query(statement);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
