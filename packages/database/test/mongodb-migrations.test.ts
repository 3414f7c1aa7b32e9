import { describeOn, emptyDatabase, type FreshDatabase, onMongodb, promise } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CollectionSchema, text, validatorOf } from "../src/drivers/mongodb/collection-schema.ts";
import { findUnsafeSettings } from "../src/drivers/mongodb/durability.ts";
import { schemaOf } from "../src/drivers/mongodb/migrate.ts";
import { type Migration, migrations } from "../src/drivers/mongodb/migrations/index.ts";
import { createMongoConnection } from "../src/drivers/mongodb/pool.ts";
import {
  inspectDatabase,
  MigrationFailed,
  migrateDatabase,
  openDatabase,
  SchemaTooNew,
  SchemaTooOld,
} from "../src/index.ts";
import { startProcess } from "./start-process.ts";

const shipped = migrations.map(({ version }) => version);
const newest = shipped.length;

describeOn("mongodb")("migrations of MongoDB", promise("concurrent-migrations", "mongodb"), () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await emptyDatabase("mongodb");
  });
  afterEach(() => fresh.drop());
  const open = async () => (await openDatabase(fresh.url)).close();
  const versions = () =>
    onMongodb(fresh.url, (db) => db.collection("jifen_migrations").distinct("version", { version: { $exists: true } }));
  const collections = () =>
    onMongodb(fresh.url, async (db) => (await db.listCollections().toArray()).map(({ name }) => name).toSorted());
  const insert = (name: string, ...documents: object[]) =>
    onMongodb(fresh.url, (db) => db.collection(name).insertMany(documents));
  const fromTheFuture = { version: 99, name: "from the future" };

  test("ten processes that start at the same time migrate once", async () => {
    await Promise.all(Array.from({ length: 10 }, () => startProcess(fresh.url)));
    expect(await versions()).toEqual(shipped);
    await open();
    expect(await versions()).toEqual(shipped);
    expect(await onMongodb(fresh.url, (db) => db.collection("jifen_migrations").countDocuments())).toBe(newest);
  });

  test("collections of a newer Jifen are refused and not changed", async () => {
    await open();
    await insert("jifen_migrations", fromTheFuture);
    await expect(open()).rejects.toThrow(SchemaTooNew);
    await expect(open()).rejects.toThrow(new RegExp(`version 99.*supports up to ${newest}`));
    expect(await versions()).toEqual([...shipped, 99]);
  });

  test("with migrate: false an empty database is refused and not changed, until it is migrated", async () => {
    const check = async () => (await openDatabase(fresh.url, { migrate: false })).close();
    await expect(check()).rejects.toThrow(SchemaTooOld);
    expect(await collections()).toEqual([]);
    expect((await inspectDatabase(fresh.url)).schema).toEqual({ present: 0, newest, is: "older" });
    const files = migrations.map(({ name }) => name);
    expect(await migrateDatabase(fresh.url)).toEqual({ from: 0, to: newest, files, copies: [] });
    await check();
    expect(await inspectDatabase(fresh.url)).toMatchObject({
      kind: "mongodb",
      schema: { present: newest, newest },
      version: expect.stringMatching(/^\d+\.\d+/),
      unsafe: undefined,
    });
    await insert("jifen_migrations", fromTheFuture);
    await expect(check()).rejects.toThrow(SchemaTooNew);
  });

  test("a failing migration names itself and the reason, keeps the version, and runs again from its beginning", async () => {
    // Violates the unique index on accounts and sequence numbers.
    const twins = [1, 2].map((n) => ({ account_id: "user:ann", sequence: 1, n }));
    await insert("transactions", ...twins);
    await expect(open()).rejects.toThrow(MigrationFailed);
    await expect(open()).rejects.toThrow(/001-first-collections failed: .*duplicate key.*number/s);
    expect(await versions()).toEqual([]);
    await onMongodb(fresh.url, (db) => db.collection("transactions").drop());
    await open();
    expect(await versions()).toEqual(shipped);
  });

  test("a migration waits for the lock and takes it over when its lease has expired", async () => {
    const until = new Date(Date.now() + 1_500);
    await onMongodb(fresh.url, (db) =>
      db.collection<{ _id: string }>("jifen_migrations").insertOne({ _id: "lock", holder: "dead", until } as never),
    );
    await open();
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
    expect(await versions()).toEqual(shipped);
  });

  describe("of several versions", () => {
    const shape = (fields: Parameters<typeof validatorOf>[0]): CollectionSchema => ({
      name: "things",
      validator: validatorOf({ _id: text, ...fields }),
      indexes: [{ name: "by_name", key: { name: 1 }, unique: true }],
    });
    const first: Migration = { version: 1, name: "001-things", schemas: [shape({ name: text })] };
    const second: Migration = { version: 2, name: "002-sizes", schemas: [shape({ name: text, size: text })] };
    const run = async (...known: Migration[]) => {
      const site = createMongoConnection(fresh.url, 5_000);
      try {
        return await schemaOf(site, known).migrate();
      } finally {
        await site.client.close();
      }
    };
    const thing = (document: object) => insert("things", document);

    test("only pending migrations run, and existing collections get the new validator", async () => {
      await run(first);
      await thing({ _id: "a", name: "one" });
      await expect(thing({ _id: "b", name: "two", size: "large" })).rejects.toThrow(/validation/);
      expect(await run(first, second)).toEqual({ from: 1, to: 2, files: ["002-sizes"], copies: [] });
      await thing({ _id: "b", name: "two", size: "large" });
      await expect(thing({ _id: "c", name: "two", size: "small" })).rejects.toThrow(/duplicate key/);
      await expect(thing({ _id: "c", name: "three" })).rejects.toThrow(/validation/);
      expect(await run(first, second)).toEqual({ from: 2, to: 2, files: [], copies: [] });
    });

    test("an interrupted migration runs again from its beginning", async () => {
      await run(first);
      await onMongodb(fresh.url, (db) => db.collection("jifen_migrations").deleteMany({ version: 1 }));
      await onMongodb(fresh.url, (db) => db.collection("things").dropIndex("by_name"));
      expect(await run(first)).toEqual({ from: 0, to: 1, files: ["001-things"], copies: [] });
      await thing({ _id: "a", name: "one" });
      await expect(thing({ _id: "b", name: "one" })).rejects.toThrow(/duplicate key/);
    });
  });
});

/** The URL of a mongod without a replica set, which was started for these tests. */
const standaloneUrl = process.env["TEST_MONGODB_STANDALONE_URL"] ?? "";

describe("MongoDB settings that can lose acknowledged writes", () => {
  const safe = {
    address: "127.0.0.1:27017",
    hello: { setName: "rs0", maxWireVersion: 21 },
    replicas: { config: { writeConcernMajorityJournalDefault: true } },
    status: { storageEngine: { persistent: true } },
  };

  test.each([
    { said: safe, says: "a replica set of one" },
    { said: { ...safe, hello: { msg: "isdbgrid", maxWireVersion: 25 } }, says: "a sharded cluster" },
    {
      said: { ...safe, replicas: undefined, status: undefined },
      says: "a server whose settings this user is not allowed to read",
    },
  ])("$says is accepted", ({ said }) => {
    expect(findUnsafeSettings(said)).toBeUndefined();
  });

  test.each([
    {
      said: { ...safe, hello: { maxWireVersion: 21 } },
      message: /mongosh 127.0.0.1:27017 --eval 'rs\.initiate\(\)'/,
      says: "a standalone server",
    },
    { said: { ...safe, hello: { setName: "rs0", maxWireVersion: 17 } }, message: /7\.0/, says: "a version before 7.0" },
    {
      said: { ...safe, replicas: { config: { writeConcernMajorityJournalDefault: false } } },
      message: /rs\.reconfig/,
      says: "a majority that acknowledges before the journal",
    },
    {
      said: { ...safe, status: { storageEngine: { persistent: false } } },
      message: /wiredTiger/,
      says: "a storage engine in memory",
    },
  ])("$says is refused, and the error contains the fix", ({ said, message }) => {
    expect(findUnsafeSettings(said)).toMatch(message);
  });

  test.skipIf(!standaloneUrl)(
    "a standalone mongod is refused with the command that initiates a replica set",
    async () => {
      await expect(openDatabase(standaloneUrl)).rejects.toThrow(
        /runs standalone.*mongosh \S+ --eval 'rs\.initiate\(\)'/s,
      );
    },
  );
});
