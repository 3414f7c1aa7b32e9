import type pg from "pg";
import { type Inspection, measureClockAheadMs, tryConnections } from "../../../schema/inspection.ts";
import { connectClient } from "../connect.ts";
import { unsafeSettings } from "../durability.ts";
import { withConnection } from "../pool.ts";
import { type NodeRow, readNodes } from "./nodes.ts";
import { NODE_CONNECTIONS, nodeUrl } from "./open-node.ts";

/** What `jifen doctor` reports about one server. */
export type NodeInspection = Required<Pick<Inspection, "clockAheadMs" | "unsafe" | "connections">>;

/** How far the clock of the server is ahead, in milliseconds. */
export const clockOf = (client: pg.ClientBase): Promise<number> =>
  measureClockAheadMs(async () => {
    const { rows } = await client.query<{ now: string }>("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now");
    return Number(rows[0]?.now);
  });

/** Inspects each node that stores shards, as a server connects to it. @throws DatabaseUnavailable */
export async function inspectNodes(client: pg.ClientBase, url: string): Promise<readonly NodeInspection[]> {
  const nodes = (await readNodes(client)).filter(({ stores_shards }) => stores_shards);
  const inspections: NodeInspection[] = [];
  for (const node of nodes) inspections.push(await inspectNode(url, node));
  return inspections;
}

const inspectNode = (url: string, node: NodeRow): Promise<NodeInspection> =>
  withConnection(nodeUrl(url, node), async (client, { options }) => {
    const unsafe = await unsafeSettings(client);
    return {
      clockAheadMs: await clockOf(client),
      unsafe: unsafe && `on the node ${node.host}:${node.port}: ${unsafe}`,
      connections: await tryConnections(
        NODE_CONNECTIONS,
        () => connectClient(options),
        (each) => each.end(),
      ),
    };
  });

/** The settings of all servers, the clock that differs most, and all connections. */
export function combine(inspections: readonly NodeInspection[]): NodeInspection {
  const unsafe = inspections.flatMap((each) => each.unsafe ?? []);
  const clocks = inspections.map(({ clockAheadMs }) => clockAheadMs);
  const sum = (of: "needed" | "opened") =>
    inspections.reduce((all, { connections }) => all + (connections?.[of] ?? 0), 0);
  return {
    clockAheadMs: clocks.toSorted((one, other) => Math.abs(other) - Math.abs(one))[0] ?? 0,
    unsafe: unsafe.length === 0 ? undefined : unsafe.join("\n"),
    connections: { needed: sum("needed"), opened: sum("opened") },
  };
}
