import type { Connection } from "mariadb";
import type { SessionOptions } from "./options.ts";

/** Whether the server is a node of a Galera cluster. */
export async function isGaleraNode(connection: Connection): Promise<boolean> {
  type Row = { readonly Value: string };
  const [row] = await connection.query<Row[]>("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
  return row?.Value.toUpperCase() === "ON";
}

/** The bits of wsrep_sync_wait for reads, for UPDATE and DELETE, and for INSERT. */
const ALL_STATEMENTS = 1 + 2 + 4;

/**
 * A node shows what another node has committed only when it has applied it, a moment later. With this setting a statement
 * waits for what was committed before it began, as on a single server.
 * Source: https://mariadb.com/docs/galera-cluster/reference/galera-cluster-system-variables#wsrep_sync_wait
 */
export const waitingForOtherNodes = (options: SessionOptions): SessionOptions => ({
  ...options,
  session: [...options.session, `SET SESSION wsrep_sync_wait = ${ALL_STATEMENTS}`],
});
