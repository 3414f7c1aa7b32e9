import { readFile } from "node:fs/promises";
import { onCitusNode, onPostgresql, readCitusNodes } from "@jifen/testkit/processes";

/** The URLs of the nodes of a cluster. */
export type Servers = { readonly coordinator: string; readonly workers: readonly string[] };

/** Reads the nodes from the coordinator. */
export async function serversOf(coordinator: string): Promise<Servers> {
  const nodes = await readCitusNodes(coordinator);
  const workers = nodes.filter(({ group_id }) => group_id > 0).map((node) => onCitusNode(coordinator, node));
  return { coordinator, workers };
}

/** The CPU time of the processes that run now, on servers of this machine; zero for others. Processes must stay. */
export async function cpuMsOf({ coordinator, workers }: Servers) {
  const each = await Promise.all(workers.map(cpuMs));
  return { coordinatorMs: await cpuMs(coordinator), workersMs: each.reduce((sum, ms) => sum + ms, 0) };
}

/** Linux counts in hundredths of a second (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
const TICK_MS = 10;

async function cpuMs(url: string): Promise<number> {
  const pids = await onPostgresql(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    );
    return rows.map(({ pid }) => pid);
  });
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return stats.reduce((sum, stat) => sum + ticksOf(stat) * TICK_MS, 0);
}

/** User and system time follow the name of the program, which may contain spaces. */
function ticksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}
