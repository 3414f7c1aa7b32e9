import { globSync } from "node:fs";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { hasOwnMysql, type OwnMysql, startMariadb } from "./own-mysql.ts";

/** A cluster of three MariaDB servers, which replicate to each other with Galera. */
export type GaleraCluster = AsyncDisposable & {
  readonly nodes: readonly [OwnMysql, OwnMysql, OwnMysql];
};

/** Debian and Red Hat install the provider in different folders. */
const findProvider = (): string | undefined => globSync("/usr/{lib,lib64}/galera*/libgalera_smm.so")[0];

/** Whether MariaDB, Galera and rsync, which copies the data to a joining node, are installed here. */
export const hasGalera = (): boolean =>
  hasOwnMysql() && findProvider() !== undefined && findProgram("rsync") !== undefined;

type Ports = { readonly group: number; readonly increments: number; readonly copies: number };

const freePorts = async (): Promise<Ports> => ({
  group: await freePort(),
  increments: await freePort(),
  copies: await freePort(),
});

/**
 * The settings of one node. A node that is gone is excluded within two seconds instead of five.
 * Source: https://mariadb.com/docs/galera-cluster/reference/wsrep-variable-details
 */
function flagsOf(provider: string, { group, increments, copies }: Ports, members: readonly Ports[]): string[] {
  const options = [
    `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
    `ist.recv_addr=127.0.0.1:${increments}`,
    "evs.keepalive_period=PT0.5S",
    "evs.suspect_timeout=PT2S",
    "evs.inactive_timeout=PT4S",
    "gcache.size=64M",
  ];
  return [
    "--wsrep-on=ON",
    `--wsrep-provider=${provider}`,
    `--wsrep-cluster-address=gcomm://${members.map((member) => `127.0.0.1:${member.group}`).join(",")}`,
    `--wsrep-provider-options=${options.join(";")}`,
    "--wsrep-node-address=127.0.0.1",
    "--wsrep-sst-method=rsync",
    `--wsrep-sst-receive-address=127.0.0.1:${copies}`,
    "--binlog-format=ROW",
    "--innodb-autoinc-lock-mode=2",
    "--innodb-flush-log-at-trx-commit=1",
  ];
}

/** Starts a cluster. Resolves when every node can read and write. */
export async function startGalera(): Promise<GaleraCluster> {
  const provider = findProvider();
  if (provider === undefined) throw new Error("Galera is not installed here: Debian's package is galera-4");
  const members = [await freePorts(), await freePorts(), await freePorts()] as const;
  const startNode = (ports: Ports, ...firstFlags: readonly string[]) =>
    startMariadb({
      flags: flagsOf(provider, ports, members),
      firstFlags,
      readyQuery:
        "SELECT variable_value = 'ON' FROM information_schema.global_status WHERE variable_name = 'wsrep_ready'",
    });
  const nodes = [
    await startNode(members[0], "--wsrep-new-cluster"),
    await startNode(members[1]),
    await startNode(members[2]),
  ] as const;
  return {
    nodes,
    [Symbol.asyncDispose]: async () => {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}
