// Expected duration: 20 s on two cores.

import { promise } from "@jifen/testkit";
import { endServers, hasOwnPostgresql } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/open-raw-database.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { startPromotableDatabase } from "../src/faults/promotable-database.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, Replica } from "../src/faults/replica.ts";
import { startLoad } from "../src/faults/start-load.ts";

afterAll(endServers);

test("when a PostgreSQL primary is killed under load and its standby promoted, no acknowledged effect is lost", {
  timeout: timeLimit(180),
  ...promise("failover", "postgresql"),
}, async ({ skip }) => {
  skip(!hasOwnPostgresql() && !process.env["CI"], "PostgreSQL is not installed");
  await using primary = await startPromotableDatabase();
  const { url, promotedUrl } = primary;
  const replicas = [new Replica(url), new Replica(url, anHourAhead)] as const;
  const { history, clients } = await startLoad(url, { replicas, random: randomFrom(1) });
  await clients.waitForEffects(100);

  await primary.promote();

  await clients.waitForEffects(100);
  await clients.stop();
  const logged = await Promise.all(replicas.map((replica) => replica.stop()));
  await using database = await openRawDatabase(promotedUrl);
  expect([...(await history.check(database)), ...(await jifenAudit(promotedUrl)), ...logged.flat()]).toEqual([]);
});
