import { onPostgresql } from "../../packages/testkit/src/processes.ts";
import type { PromiseId } from "../../packages/testkit/src/promise.ts";

/** The environment variable with the URL of a coordinator, for the test processes. */
export const CLUSTER_VARIABLE = "VERIFY_CLUSTER_URL";

/**
 * Promises whose proofs cut the connection to DATABASE_URL or read the catalog: the ledger connects to other nodes as well,
 * and Citus adds to the catalog.
 */
export const unprovedOnCluster: ReadonlySet<PromiseId> = new Set([
  "connection-loss",
  "database-unavailable",
  "abort-in-flight",
  "concurrent-migrations",
  "schema",
]);

/** `coordinator`: its database knows other nodes of Citus. `alone`: it has Citus and no other node. */
export type CitusRole = "coordinator" | "alone" | "none";

/** What the server behind a PostgreSQL URL is in a cluster of Citus. */
export const citusRoleOf = (url: string): Promise<CitusRole> =>
  onPostgresql(url, async (client) => {
    const { rows } = await client.query<{ libraries: string; has_nodes: boolean }>(
      `SELECT current_setting('shared_preload_libraries') AS libraries,
         to_regclass('pg_catalog.pg_dist_node') IS NOT NULL AS has_nodes`,
    );
    const [row] = rows;
    if (row?.has_nodes) {
      const nodes = await client.query("SELECT FROM pg_catalog.pg_dist_node WHERE groupid > 0");
      if (nodes.rows.length > 0) return "coordinator";
    }
    return row?.libraries.includes("citus") ? "alone" : "none";
  });
