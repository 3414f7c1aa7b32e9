import type pg from "pg";

/** The tables of the ledger; their shards are colocated, so that a shard is a range of accounts in all of them. */
const ledgerTables = ["accounts", "grants", "holds", "transactions"] as const;

/** A node of the cluster, as the others reach it. */
export type Node = { readonly host: string; readonly port: number };

/** A range of accounts: its tables, and the node that stores them. */
export type Shard = {
  /** The id of the shard of `accounts`. */
  readonly id: number;
  /** The name of each table of the ledger within this shard. */
  readonly tables: Readonly<Record<string, string>>;
  readonly node: Node;
};

type Placement = { table_name: string; shard_id: string; range: string; host: string; port: number };

/** Reads which shards the ledger has and where they are (https://docs.citusdata.com/en/stable/develop/api_metadata.html). */
export async function readShards(client: pg.ClientBase | pg.Pool, schema: string): Promise<readonly Shard[]> {
  const { rows } = await client.query<Placement>(
    `SELECT c.relname AS table_name, s.shardid AS shard_id, s.shardminvalue AS range, n.nodename AS host, n.nodeport AS port
     FROM pg_catalog.pg_dist_shard AS s
       JOIN pg_catalog.pg_class AS c ON c.oid = s.logicalrelid
       JOIN pg_catalog.pg_namespace AS ns ON ns.oid = c.relnamespace
       JOIN pg_catalog.pg_dist_placement AS p ON p.shardid = s.shardid AND p.shardstate = 1
       JOIN pg_catalog.pg_dist_node AS n ON n.groupid = p.groupid AND n.noderole = 'primary'
     WHERE ns.nspname = $1 AND c.relname = ANY($2)`,
    [schema, [...ledgerTables]],
  );
  const ranges = Map.groupBy(rows, ({ range }) => range);
  return [...ranges.values()].flatMap((placements) => {
    const accounts = placements.find(({ table_name }) => table_name === "accounts");
    if (accounts === undefined) return [];
    const tables = placements.map(({ table_name, shard_id }) => [table_name, `${table_name}_${shard_id}`] as const);
    const { host, port } = accounts;
    return [{ id: Number(accounts.shard_id), tables: Object.fromEntries(tables), node: { host, port } }];
  });
}
