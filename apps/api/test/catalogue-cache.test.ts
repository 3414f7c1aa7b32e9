import type { Database } from "@jifen/database";
import { openDatabase } from "@jifen/database";
import { databaseKinds, describeOn, eventually, type FreshDatabase, freshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCatalogues } from "../src/modules/billing/catalogue/catalogues.ts";
import { readDatabaseClock } from "../src/modules/billing/catalogue/database-clock.ts";

let events = 0;
const event = () => ({
  ...{ id: `event-cache-${++events}`, atMs: 1, actor: "operator", action: "catalogues.publish" },
  ...{ subject: "catalogue:1", reason: null, details: null, requestId: null },
});

for (const kind of databaseKinds) {
  describeOn(kind)(`the catalogue in memory, on ${kind}`, () => {
    let fresh: FreshDatabase;
    let database: Database;
    beforeAll(async () => {
      fresh = await freshDatabase(kind);
      database = await openDatabase(fresh.url);
    });
    afterAll(async () => {
      await database.close();
      await fresh.drop();
    });

    /** Another server, whose steady clock the test moves. */
    function createServer() {
      const clock = { ms: 0 };
      const catalogues = createCatalogues(database, () => clock.ms);
      return { clock, version: async () => (await catalogues.inForce()).found?.version, catalogues };
    }
    const publishIn = async (ms: number) => {
      const draft = { document: "{}", note: null, madeBy: "operator", madeAtMs: 1 };
      const { version } = await database.catalogues.create(draft, event);
      const nowMs = await readDatabaseClock(database);
      const publication = { version, effectiveFromMs: nowMs + ms, by: "operator", nowMs };
      expect(await database.catalogues.publish(publication, event())).toMatchObject({ ok: true });
      return version;
    };

    test("a version comes into force at its time without another read, by a steady clock", async () => {
      const before = await publishIn(-1_000);
      const version = await publishIn(15_000);
      const { clock, version: inForce } = createServer();
      expect(await inForce()).toBe(before);
      clock.ms = 10_000;
      expect(await inForce()).toBe(before);
      clock.ms = 16_000;
      expect(await inForce()).toBe(version);
      await database.catalogues.withdraw(version, 0, event());
    });

    test("what another server publishes is known after 20 seconds, and after 40 before anything is answered", async () => {
      const before = await publishIn(-500);
      const [early, late] = [createServer(), createServer()];
      expect([await early.version(), await late.version()]).toEqual([before, before]);
      const version = await publishIn(-100);
      early.clock.ms = 19_999;
      expect(await early.version()).toBe(before);
      // This call is answered from memory, and begins to read.
      early.clock.ms = 20_000;
      expect(await early.version()).toBe(before);
      await eventually(async () => expect(await early.version()).toBe(version));
      late.clock.ms = 40_000;
      expect(await late.version()).toBe(version);
    });

    test("a server that cannot read the versions answers for 40 seconds, then refuses to name a price", async () => {
      const version = await publishIn(-50);
      const own = await openDatabase(fresh.secondUrl);
      const clock = { ms: 0 };
      const catalogues = createCatalogues(own, () => clock.ms);
      expect((await catalogues.inForce()).found?.version).toBe(version);
      await own.close();
      clock.ms = 39_999;
      expect((await catalogues.inForce()).found?.version).toBe(version);
      clock.ms = 40_000;
      await expect(catalogues.inForce()).rejects.toThrow();
    });

    test("a version that a price names is found, also when it is not in force", async () => {
      const version = await publishIn(3_600_000);
      const { catalogues } = createServer();
      expect((await catalogues.version(version))?.catalogue).toEqual({ actions: [], multipliers: [], packs: [] });
      expect(await catalogues.version(version + 1_000)).toBeUndefined();
    });
  });
}
