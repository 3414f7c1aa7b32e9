import { checkDurability } from "../durability.ts";
import { createPool, type Route, withConnection } from "../pool.ts";
import { NodeConnection } from "./node-connection.ts";
import type { Node } from "./shards.ts";

/** How many batches and reads one process has in flight on each node: more would only wait for the same disk. */
const LEDGER_CONNECTIONS = 4;

/** How many connections one process opens to each node: those of the ledger and one for pings. */
export const NODE_CONNECTIONS = LEDGER_CONNECTIONS + 1;

/** The URL of a node: that of the coordinator with another address. */
export function nodeUrl(url: string, { host, port }: Node): string {
  const address = new URL(url);
  for (const parameter of ["host", "port"]) address.searchParams.delete(parameter);
  address.hostname = host.includes(":") ? `[${host}]` : host;
  address.port = String(port);
  return address.href;
}

const nodeSettings = [
  // Statements name the tables of shards, which Citus otherwise refuses to change.
  ["citus.enable_manual_changes_to_shards", "on"],
  // With another default, the guard of a shard would not see that the shard has moved.
  ["default_transaction_isolation", "read committed"],
] as const;

/**
 * Opens connections to a node for the ledger. Checks before that the node keeps what it acknowledges.
 * @throws DatabaseUnavailable, UnusableDatabase, UnsafeDatabaseSettings
 */
export async function openNode(url: string, node: Node, { schema }: Pick<Route, "schema">): Promise<NodeConnection> {
  const route = await withConnection(nodeUrl(url, node), async (client, found) => {
    await checkDurability(client);
    return found;
  });
  const ledgerRoute = { ...route, schema, settings: [...route.settings, ...nodeSettings] };
  return new NodeConnection(
    createPool(ledgerRoute, { max: LEDGER_CONNECTIONS, use: "ledger" }),
    createPool(route, { max: 1, use: "records" }),
  );
}
