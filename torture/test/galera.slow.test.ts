// Expected duration: 120 s on two cores.

import { setTimeout as sleep } from "node:timers/promises";
import {
  endServers,
  type FaultProxy,
  type GaleraCluster,
  hasGalera,
  type OwnMysql,
  openFaultProxy,
  startGalera,
} from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/open-raw-database.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, Replica } from "../src/faults/replica.ts";
import { startLoad } from "../src/faults/start-load.ts";
import { scratchDatabase } from "../src/scratch.ts";
import { testTwoServers } from "./two-processes-suite.ts";

const isMissing = !hasGalera() && !process.env["CI"];
if (isMissing) console.error("\n!!! NO GALERA: NOTHING IS PROVED ON A CLUSTER. Debian's packages: galera-4 rsync\n");

describe.skipIf(isMissing)("two servers on two nodes of a Galera cluster", () => {
  let cluster: GaleraCluster;
  beforeAll(async () => {
    cluster = await startGalera();
  }, timeLimit(180));
  afterAll(async () => {
    await endServers();
    await cluster?.[Symbol.asyncDispose]();
  });

  /** A new database, at the URLs of all nodes. */
  async function newDatabase() {
    const [first, second, third] = cluster.nodes;
    const scratch = await scratchDatabase(first.url);
    const at = (node: OwnMysql) => Object.assign(new URL(node.url), { pathname: new URL(scratch.url).pathname }).href;
    return {
      urls: [at(first), at(second), at(third)] as const,
      drop: async () => void (await scratch[Symbol.asyncDispose]()),
    };
  }

  describe("two nodes are written", () => {
    testTwoServers({ users: 60, holders: 15, durationMs: 5_000 }, async () => {
      const { urls, drop } = await newDatabase();
      return { url: urls[0], secondUrl: urls[1], drop };
    });
  });

  test("when a node is killed, cut off or a server killed under load, no acknowledged effect is lost, doubled or invented", {
    timeout: timeLimit(240),
  }, async () => {
    const { urls, drop } = await newDatabase();
    const proxies = await Promise.all([openFaultProxy(urls[0]), openFaultProxy(urls[1])]);
    const replicas = [new Replica(proxies[0].url), new Replica(proxies[1].url, anHourAhead)] as const;
    const { history, clients } = await startLoad(urls[0], { replicas, random: randomFrom(1) });

    for (const replica of replicas) {
      await clients.waitForEffects(50);
      await replica.kill();
      await replica.start();
    }
    for (const [n, node] of cluster.nodes.slice(0, 2).entries()) {
      await clients.waitForEffects(50);
      await node.kill();
      // Its server continues at the third node, as behind a proxy that looks for a node that answers.
      proxies[n]?.redirectTo(urls[2]);
      await sleep(3_000);
      await node.start();
      proxies[n]?.redirectTo(urls[n] as string);
      await breakConnections(proxies[n] as FaultProxy);
    }
    // A node that stops answering is excluded; when it continues, it is not ready until it has caught up.
    cluster.nodes[1].freeze();
    await sleep(6_000);
    cluster.nodes[1].thaw();
    await sleep(5_000);

    await clients.waitForEffects(100);
    await clients.stop();
    const logged = await Promise.all(replicas.map((replica) => replica.stop()));
    const findings = [];
    for (const url of urls) {
      await using database = await openRawDatabase(url);
      findings.push(...(await history.check(database)));
    }
    findings.push(...(await jifenAudit(urls[2])), ...logged.flat());
    expect(findings).toEqual([]);
    await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
    await drop();
  });
});

/** New connections lead to the present target of the proxy. */
async function breakConnections(proxy: FaultProxy): Promise<void> {
  await proxy.refuseConnections();
  await proxy.restore();
}
