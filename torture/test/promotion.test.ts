import { setTimeout as sleep } from "node:timers/promises";
import { promise } from "@jifen/testkit";
import { endServers, openFaultProxy, startPostgresqlPair } from "@jifen/testkit/processes";
import { afterAll, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/raw-database.ts";
import { Notebook } from "../src/faults/client-history.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { Crowd } from "../src/faults/load-clients.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, logIn, makePeople, Replica } from "../src/faults/site.ts";
import { scratchDatabase } from "../src/scratch.ts";

afterAll(endServers);

test("a primary ends without a word under load and its standby takes its place: nothing acknowledged is lost", {
  timeout: 180_000,
  ...promise("failover", "postgresql"),
}, async () => {
  await using pair = await startPostgresqlPair();
  // It is gone with its server.
  const { url } = await scratchDatabase(pair.primary.url);
  const promoted = Object.assign(new URL(pair.standby.url), { pathname: new URL(url).pathname }).href;
  await using address = await openFaultProxy(url);
  const emails = await makePeople(url, 10);
  const replicas = [new Replica(address.url), new Replica(address.url, anHourAhead)];
  await Promise.all(replicas.map((replica) => replica.start()));
  const [admin, ...people] = await logIn((replicas[0] as Replica).url, emails);
  if (!admin) throw new Error("nobody was made");
  const random = randomFrom(1);
  const notebook = new Notebook();
  const crowd = new Crowd({ notebook, people, admin, random, url: () => random.of(replicas).url });
  await crowd.fund(200);
  crowd.start();
  await sleep(3_000);
  const before = crowd.counts.asked;

  // Whatever the primary did without its standby would be missing.
  await pair.disconnect();
  await sleep(500);
  await pair.primary.kill();
  await pair.promote();
  address.redirectTo(promoted);

  await sleep(3_000);
  await crowd.stop();
  const logged = await Promise.all(replicas.map((replica) => replica.stop()));
  await using books = await openRawDatabase(promoted);
  expect([...(await notebook.judge(books)), ...(await jifenAudit(promoted)), ...logged.flat()]).toEqual([]);
  expect(before).toBeGreaterThan(200);
  expect(crowd.counts.asked).toBeGreaterThan(before + 200);
});
