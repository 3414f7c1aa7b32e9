import { createDatabase, type FreshDatabase } from "./create-database.ts";
import { onPostgresql } from "./postgres.ts";

/** A node of a cluster; group 0 is the coordinator. */
type Node = { group_id: number; host: string; port: number };

/** The URL of the coordinator of a Citus cluster for tests; undefined when there is none. */
export const citusUrl = (): string | undefined => process.env["TEST_CITUS_URL"];

/** The URL of a database on another node. */
export function onCitusNode(url: string, { host, port }: Pick<Node, "host" | "port">): string {
  const address = new URL(url);
  address.hostname = host;
  address.port = String(port);
  return address.href;
}

/** Reads the nodes of the cluster, the coordinator first. */
export const readCitusNodes = (coordinatorUrl: string): Promise<readonly Node[]> =>
  onPostgresql(coordinatorUrl, async (client) => {
    const { rows } = await client.query<Node>(
      "SELECT groupid AS group_id, nodename AS host, nodeport AS port FROM pg_dist_node ORDER BY groupid",
    );
    return rows;
  });

/** A shard of the accounts, the node that stores it, and another one that can. */
export type CitusPlacement = {
  readonly shard: string;
  /** The first hash that belongs to it. */
  readonly min: string;
  readonly node: number;
  readonly host: string;
  readonly port: number;
  readonly toHost: string;
  readonly toPort: number;
};

/** Reads where the shards of the accounts are. */
export const readCitusPlacements = (url: string): Promise<readonly CitusPlacement[]> =>
  onPostgresql(url, async (client) => {
    const { rows } = await client.query<CitusPlacement>(
      `SELECT s.shardid AS shard, s.shardminvalue AS min, n.nodeid AS node, n.nodename AS host, n.nodeport AS port,
         m.nodename AS "toHost", m.nodeport AS "toPort"
       FROM pg_dist_shard s JOIN pg_dist_placement p USING (shardid) JOIN pg_dist_node n USING (groupid)
         JOIN pg_dist_node m ON m.groupid <> n.groupid AND m.shouldhaveshards
       WHERE s.logicalrelid = 'accounts'::regclass`,
    );
    return rows;
  });

/**
 * Moves a shard to its other node.
 * @param mode `block_writes`: writes wait for the whole move; `force_logical`: for its end
 */
export const moveCitusShard = (
  url: string,
  { shard, host, port, toHost, toPort }: CitusPlacement,
  mode: "block_writes" | "force_logical",
): Promise<unknown> =>
  onPostgresql(url, (client) =>
    client.query("SELECT citus_move_shard_placement($1, $2, $3, $4, $5, $6)", [
      shard,
      host,
      port,
      toHost,
      toPort,
      mode,
    ]),
  );

/** Creates an empty database on every node of the cluster, with the extension, and the same nodes. */
export async function createCitusDatabase(coordinatorUrl: string): Promise<FreshDatabase> {
  const nodes = await readCitusNodes(coordinatorUrl);
  const coordinator = nodes.find(({ group_id }) => group_id === 0);
  if (coordinator === undefined) throw new Error("the coordinator is not in pg_dist_node: citus_set_coordinator_host");
  const workers = nodes.filter(({ group_id }) => group_id !== 0);
  const made = await createDatabase(coordinatorUrl);
  const name = new URL(made.url).pathname.slice(1);
  const worker = (node: Node, run: string) =>
    onPostgresql(onCitusNode(coordinatorUrl, node), async (client) => {
      await client.query(run);
    });
  for (const node of workers) await worker(node, `CREATE DATABASE ${name}`);
  for (const node of nodes) {
    await onPostgresql(onCitusNode(made.url, node), async (client) => {
      await client.query("CREATE EXTENSION citus");
    });
  }
  await onPostgresql(made.url, async (client) => {
    await client.query("SELECT citus_set_coordinator_host($1, $2)", [coordinator.host, coordinator.port]);
    for (const { host, port } of workers) await client.query("SELECT citus_add_node($1, $2)", [host, port]);
  });
  return {
    url: made.url,
    secondUrl: made.secondUrl,
    drop: async () => {
      await made.drop();
      for (const node of workers) await worker(node, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
