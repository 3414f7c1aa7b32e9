// Expected duration: 40 s on two cores.

import { randomUUID } from "node:crypto";
import { accountOf, type UserId } from "@jifen/core";
import { createDatabase, type GaleraCluster, hasGalera, type OwnMysql, startGalera } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { firstGrantOf } from "./commands.ts";
import { newEvent, newUser, times } from "./samples.ts";

const isMissing = !hasGalera() && !process.env["CI"];
if (isMissing) console.error("\n!!! NO GALERA: NOTHING IS PROVED ON A CLUSTER. Debian's packages: galera-4 rsync\n");

describe.skipIf(isMissing)("what two nodes of a Galera cluster change at the same time", () => {
  let cluster: GaleraCluster;
  let databases: readonly [Database, Database];
  beforeAll(async () => {
    cluster = await startGalera();
    const { pathname } = new URL((await createDatabase(cluster.nodes[0].url)).url);
    const openOn = (node: OwnMysql) => openDatabase(Object.assign(new URL(node.url), { pathname }).href);
    databases = [await openOn(cluster.nodes[0]), await openOn(cluster.nodes[1])];
  }, timeLimit(180));
  afterAll(async () => {
    await Promise.all((databases ?? []).map((database) => database.close()));
    await cluster?.[Symbol.asyncDispose]();
  });

  /** The database at one node or the other, in turns. */
  const on = (n: number) => databases[n % 2] as Database;

  async function createUser(role: "user" | "admin"): Promise<UserId> {
    const user = { ...newUser(), role };
    await on(0).users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
    return user.id;
  }

  const restrict = async (id: UserId, n: number) =>
    (await on(n).users.change({ id, set: { role: "user" }, leavesAnAdmin: { ids: [] }, event: newEvent() })).ok;

  test("of two admins who take each other's role on two nodes, one is left, in each of 20 races", async () => {
    for (const race of times(20, (n) => n)) {
      const admins = [await createUser("admin"), await createUser("admin")] as const;
      const made = await Promise.all(admins.map((id, n) => restrict(id, n + race)));
      expect(made.filter((isMade) => isMade)).toHaveLength(1);
      const [last = ""] = admins.filter((_, n) => !made[n]);
      await on(race).users.change({ id: last as UserId, set: { role: "user" }, event: newEvent() });
    }
  });

  test("concurrent creations on two nodes never exceed the key limit, in each of 10 races", async () => {
    for (const _ of times(10, (n) => n)) {
      const ownerId = await createUser("user");
      const create = (n: number) => {
        const key = {
          ...{ id: randomUUID(), ownerId, name: "worker", scopes: ["act-as"], secretHash: "a".repeat(64) },
          ...{ createdBy: `user:${ownerId}`, createdAtMs: 1_700_000_000_000, expiresAtMs: null },
        } as const;
        return on(n).keys.create(key, { mostLive: 4, nowMs: 1_000 }, newEvent());
      };
      const made = await Promise.all(times(16, create));
      expect(made.filter(({ ok }) => ok)).toHaveLength(4);
      expect(await on(0).keys.list({ ownerId }, { limit: 100 })).toHaveLength(4);
    }
  });

  test("a counter counts a hundred calls at both nodes exactly", async () => {
    const key = `login ${randomUUID()}`;
    const count = (n: number) => on(n).counters.add(key, { nowMs: 1_000, expiresAtMs: 2_000 });
    const counts = await Promise.all(times(100, count));
    expect(counts.map(({ points }) => points).toSorted((a, b) => a - b)).toEqual(times(100, (n) => n + 1));
  });

  test("of ten holders that race for a lease at both nodes, one acquires it", async () => {
    const name = `job-${randomUUID()}`;
    const acquire = (n: number) => on(n).leases.acquire({ name, holder: `holder ${n}`, nowMs: 1_000, untilMs: 2_000 });
    expect((await Promise.all(times(10, acquire))).filter((isAcquired) => isAcquired)).toHaveLength(1);
  });
});
