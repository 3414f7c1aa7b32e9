import type pg from "pg";
import { UnusableDatabase } from "../../../schema/unusable-database.ts";

/** A node of the cluster; group 0 is the coordinator. */
export type NodeRow = {
  readonly group_id: number;
  readonly host: string;
  readonly port: number;
  readonly stores_shards: boolean;
  /** Whether it knows where shards are. */
  readonly has_metadata: boolean;
};

/** Reads the nodes of the cluster. */
export async function readNodes(client: pg.ClientBase): Promise<readonly NodeRow[]> {
  const { rows } = await client.query<NodeRow>(
    `SELECT groupid AS group_id, nodename AS host, nodeport AS port, shouldhaveshards AS stores_shards,
       hasmetadata AND metadatasynced AS has_metadata
     FROM pg_catalog.pg_dist_node WHERE isactive AND noderole = 'primary' ORDER BY groupid`,
  );
  return rows;
}

/**
 * The nodes of the cluster that store shards.
 * @throws UnusableDatabase when this is no coordinator of a cluster, or no node stores shards
 */
export async function readStoringNodes(client: pg.ClientBase): Promise<readonly NodeRow[]> {
  const { rows } = await client.query("SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'");
  if (rows.length === 0) {
    throw new UnusableDatabase(
      "Citus is not installed in this database. Install it on all nodes (https://docs.citusdata.com), then run on each of them, in this database: CREATE EXTENSION citus; 数据库未安装 Citus，请先在所有节点安装，再在各节点的此数据库中执行 CREATE EXTENSION citus;",
    );
  }
  const nodes = await readNodes(client);
  if (!nodes.some(({ group_id }) => group_id === 0)) {
    throw new UnusableDatabase(
      "The nodes do not know the address of the coordinator. Run on it: SELECT citus_set_coordinator_host('HOST', PORT); 各节点不知道协调节点的地址，请在协调节点执行上述语句。",
    );
  }
  const storing = nodes.filter(({ stores_shards }) => stores_shards);
  if (storing.length === 0) {
    throw new UnusableDatabase(
      "No node stores shards. Add workers, on the coordinator: SELECT citus_add_node('HOST', PORT); 没有可存放分片的节点，请在协调节点执行上述语句添加。",
    );
  }
  const unsynced = nodes.filter(({ has_metadata }) => !has_metadata);
  if (unsynced.length === 0) return storing;
  const corrections = unsynced.map(({ host, port }) => `SELECT start_metadata_sync_to_node('${host}', ${port});`);
  throw new UnusableDatabase(
    `Some nodes do not know where shards are. Run on the coordinator: ${corrections.join(" ")} 部分节点没有元数据，请在协调节点执行上述语句。`,
  );
}
