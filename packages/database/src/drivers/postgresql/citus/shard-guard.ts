import type { AccountId } from "@jifen/core";
import { OutcomeUnknown } from "@jifen/ledger";
import type pg from "pg";
import type { TableNames } from "../table-names.ts";
import type { Shard } from "./shards.ts";

/** The name of the function. */
export const GUARD = "jifen_shard_is_here";

/** SQLSTATE: the shard is on another node. */
const MOVED = "JF001";
/** SQLSTATE: the table does not exist, because its shard has been moved and cleaned up. */
const UNDEFINED_TABLE = "42P01";

/**
 * Creates the function that a node calls in each transaction on a shard. Statements name the tables of a shard directly, so
 * that Citus does not plan them, and so does not see them either: without the function, a write during the move of a shard
 * could reach the old copy after its rows were copied. The function takes the lock that Citus itself takes for a write
 * (ShareLock, mode 5, on the metadata of the shard, until the end of the transaction), for which a move waits before it
 * switches nodes, and fails when the shard is not on this node. A function sees what was committed while it waited for the
 * lock; the statement that calls it may not (https://www.postgresql.org/docs/current/xfunc-volatility.html). Only the owner of
 * the tables may take the lock, and a server can be another user: hence SECURITY DEFINER.
 */
export const createGuard = `CREATE OR REPLACE FUNCTION ${GUARD}(shard bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_catalog.lock_shard_metadata(5, ARRAY[shard]);
  PERFORM FROM pg_catalog.pg_dist_placement AS p
    JOIN pg_catalog.pg_dist_local_group AS g ON g.groupid = p.groupid
    WHERE p.shardid = shard AND p.shardstate = 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'shard % is not on this node', shard USING ERRCODE = '${MOVED}';
  END IF;
  RETURN true;
END $$`;

/** Citus creates the function on every node, and on nodes that are added later. */
export const distributeGuard = `SELECT create_distributed_function('${GUARD}(bigint)')`;

/** Whether the function exists in the schema of the connection. */
export async function guardExists(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regprocedure('${GUARD}(bigint)') IS NOT NULL AS exists`,
  );
  return rows[0]?.exists === true;
}

/** The tables of a shard, for statements on its node. */
export const tableNamesOf = ({ id, tables }: Shard): TableNames => ({
  of: (table) => tables[table] ?? table,
  suffix: `-${id}`,
  guard: `${GUARD}(${id})`,
  beforeExtraWrites: ([accountId]) => (accountId === undefined ? [] : joinDistributed(accountId)),
  extraInserts: "values",
});

/**
 * Makes Citus commit the shard's rows and the extra writes, which may be on other nodes, in one two-phase commit: it sees a
 * write of its own on this node, which changes nothing. Extra writes name distributed tables, and Citus plans those each
 * time.
 */
const joinDistributed = (accountId: AccountId): readonly pg.QueryConfig[] => [
  { text: "SET LOCAL plan_cache_mode = auto" },
  { text: "UPDATE accounts SET sequence = sequence WHERE id = $1", values: [accountId] },
];

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** Whether the node refused a statement because the shard has moved. Nothing was written. */
export const isMoved = (error: unknown): boolean => {
  if (error instanceof OutcomeUnknown) return false;
  const { cause } = error as { cause?: unknown };
  return [error, cause].some((each) => codeOf(each) === MOVED || codeOf(each) === UNDEFINED_TABLE);
};
