// Expected duration: 120 s on two cores.

import { setTimeout as sleep } from "node:timers/promises";
import { distributeDatabase, migrateDatabase } from "@jifen/database";
import {
  citusUrl,
  createCitusDatabase,
  endServers,
  moveCitusShard,
  onPostgresql,
  readCitusPlacements,
} from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, describe, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/open-raw-database.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, Replica } from "../src/faults/replica.ts";
import { startLoad } from "../src/faults/start-load.ts";
import { testTwoServers } from "./two-processes-suite.ts";

const serverUrl = citusUrl();
if (serverUrl === undefined) console.error("\n!!! NO CITUS: NOTHING IS PROVED ON IT. TEST_CITUS_URL is not set\n");

/** A distributed database. A read in one transaction uses one connection, and so one snapshot, for each node. */
async function newDatabase(shardCount: number) {
  const { url, drop } = await createCitusDatabase(serverUrl ?? "");
  await migrateDatabase(url);
  await distributeDatabase(url, { shardCount });
  const options = new URLSearchParams({ options: "-c citus.max_adaptive_executor_pool_size=1" });
  return { url: `${url}?${options}`, drop };
}

describe.skipIf(serverUrl === undefined)("two servers on a database that Citus distributes", () => {
  afterAll(endServers);

  testTwoServers({ users: 60, holders: 15, durationMs: 5_000 }, async () => {
    const { url, drop } = await newDatabase(8);
    return { url, secondUrl: url, drop };
  });

  test("when servers are killed and shards are moved and split under load, no acknowledged effect is lost, doubled or invented", {
    timeout: timeLimit(300),
  }, async () => {
    const { url, drop } = await newDatabase(4);
    const random = randomFrom(1);
    const replicas = [new Replica(url), new Replica(url, anHourAhead)] as const;
    const { history, clients } = await startLoad(url, { replicas, random });

    await clients.waitForEffects(100);
    for (const [n, placement] of (await readCitusPlacements(url)).entries()) {
      await moveCitusShard(url, placement, "force_logical");
      await sleep(random.below(300));
      await replicas[n % 2]?.kill();
      await replicas[n % 2]?.start();
    }
    await onPostgresql(url, (client) =>
      client.query(
        `SELECT citus_split_shard_by_split_points(s.shardid, ARRAY[(s.shardminvalue::int + 1000000)::text],
           ARRAY[n.nodeid, n.nodeid], 'block_writes')
         FROM pg_dist_shard s JOIN pg_dist_placement p USING (shardid) JOIN pg_dist_node n USING (groupid)
         WHERE s.logicalrelid = 'accounts'::regclass ORDER BY s.shardid LIMIT 1`,
      ),
    );
    await clients.waitForEffects(100);
    await clients.stop();
    const logged = await Promise.all(replicas.map((replica) => replica.stop()));
    await using database = await openRawDatabase(url);
    const findings = [...(await history.check(database)), ...(await jifenAudit(url)), ...logged.flat()];
    expect(findings).toEqual([]);
    await drop();
  });
});
