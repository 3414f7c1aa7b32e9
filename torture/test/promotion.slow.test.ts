// Expected duration: 20 s on two cores.
import { setTimeout as sleep } from "node:timers/promises";
import { promise } from "@jifen/testkit";
import { endServers, hasOwnPostgresql, openFaultProxy, startPostgresqlPair } from "@jifen/testkit/processes";
import { afterAll, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/open-raw-database.ts";
import { ClientHistory } from "../src/faults/client-history.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { LoadClients } from "../src/faults/load-clients.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, createUsers, logInUsers, Replica } from "../src/faults/replica.ts";
import { scratchDatabase } from "../src/scratch.ts";

afterAll(endServers);

test("when a PostgreSQL primary is killed under load and its standby promoted, no acknowledged effect is lost", {
  timeout: 180_000,
  ...promise("failover", "postgresql"),
}, async ({ skip }) => {
  skip(!hasOwnPostgresql() && !process.env["CI"], "PostgreSQL is not installed");
  await using pair = await startPostgresqlPair();
  // The database is gone with its server.
  const { url } = await scratchDatabase(pair.primary.url);
  const promoted = Object.assign(new URL(pair.standby.url), { pathname: new URL(url).pathname }).href;
  await using proxy = await openFaultProxy(url);
  const emails = await createUsers(url, 10);
  const replicas = [new Replica(proxy.url), new Replica(proxy.url, anHourAhead)];
  await Promise.all(replicas.map((replica) => replica.start()));
  const [admin, ...users] = await logInUsers((replicas[0] as Replica).url, emails);
  if (!admin) throw new Error("no user was created");
  const random = randomFrom(1);
  const history = new ClientHistory();
  const clients = new LoadClients({ history, users, admin, random, url: () => random.of(replicas).url });
  await clients.fund(200);
  clients.start();
  await sleep(3_000);
  const before = clients.counts.sent;

  // What the primary acknowledged without its standby would be missing after the promotion.
  await pair.disconnect();
  await sleep(500);
  await pair.primary.kill();
  await pair.promote();
  proxy.redirectTo(promoted);

  await sleep(3_000);
  await clients.stop();
  const logged = await Promise.all(replicas.map((replica) => replica.stop()));
  await using database = await openRawDatabase(promoted);
  expect([...(await history.check(database)), ...(await jifenAudit(promoted)), ...logged.flat()]).toEqual([]);
  expect(before).toBeGreaterThan(200);
  expect(clients.counts.sent).toBeGreaterThan(before + 200);
});
