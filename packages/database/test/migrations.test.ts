import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { accountOf } from "@jifen/core";
import { describeOn, type FreshDatabase, freshDatabase, promise, sqlKinds } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  inspectDatabase,
  MigrationFailed,
  migrateDatabase,
  openDatabase,
  SchemaTooNew,
  SchemaTooOld,
  UnsafeDatabaseSettings,
} from "../src/index.ts";
import { balanceOn, consuming, firstGrantOf, granting, newAccount, perform } from "./commands.ts";
import { openRawSql, type RawSql } from "./raw-sql.ts";
import { newEvent, newUser } from "./samples.ts";
import { startProcess } from "./start-process.ts";

const catalogs = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table'",
  postgresql: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  mysql: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
};

describe.each(sqlKinds)("migrating %s", (kind) => {
  const folder = new URL(`../migrations/${kind}/`, import.meta.url);
  const files = readdirSync(folder);
  const shipped = files.map((_, index) => ({ version: index + 1 }));
  const newestFile = files.at(-1) ?? "";
  /** The table that the newest migration creates. */
  const newestTable = /CREATE TABLE (\w+)/.exec(readFileSync(new URL(newestFile, folder), "utf8"))?.[1] ?? "";

  describeOn(kind)("an empty database", promise("concurrent-migrations", kind), () => {
    let fresh: FreshDatabase;
    let sql: RawSql;
    beforeEach(async () => {
      fresh = await freshDatabase(kind);
      sql = await openRawSql(fresh.url);
    });
    afterEach(async () => {
      await sql.close();
      await fresh.drop();
    });
    const open = async () => (await openDatabase(fresh.url)).close();
    const versions = () => sql.query("SELECT version FROM jifen_migrations WHERE version > 0 ORDER BY version");
    const tables = async () => {
      return (await sql.query(catalogs[kind])).map((row) => row["name"]);
    };

    test("is migrated once by ten processes that start at the same time", async () => {
      await Promise.all(Array.from({ length: 10 }, () => startProcess(fresh.url)));
      expect(await versions()).toEqual(shipped);
      await open();
      expect(await versions()).toEqual(shipped);
    });

    test("of a newer Jifen is refused, and left as it is", async () => {
      await open();
      await sql.query("INSERT INTO jifen_migrations (version, name) VALUES (99, 'from the future')");
      await expect(open()).rejects.toThrow(SchemaTooNew);
      await expect(open()).rejects.toThrow(new RegExp(`version 99.*supports up to ${shipped.length}`));
      expect(await versions()).toEqual([...shipped, { version: 99 }]);
    });

    test("is left as it is by who may not migrate, and refused until somebody has", async () => {
      const check = async () => (await openDatabase(fresh.url, { migrate: false })).close();
      await expect(check()).rejects.toThrow(SchemaTooOld);
      expect(await tables()).toEqual([]);
      expect((await inspectDatabase(fresh.url)).schema).toEqual({
        present: 0,
        newest: shipped.length,
        is: "older",
      });
      expect(await migrateDatabase(fresh.url)).toEqual({ from: 0, to: shipped.length, files });
      await check();
      expect(await inspectDatabase(fresh.url)).toMatchObject({ kind, schema: { present: shipped.length } });
      await sql.query("INSERT INTO jifen_migrations (version, name) VALUES (99, 'from the future')");
      await expect(check()).rejects.toThrow(SchemaTooNew);
    });

    test.skipIf(kind === "mysql")(
      "in which a migration fails keeps nothing of it, and says which and why",
      async () => {
        // In the way of the last table that the first migration makes.
        await sql.query("CREATE TABLE logs (id integer)");
        await expect(open()).rejects.toThrow(MigrationFailed);
        await expect(open()).rejects.toThrow(/001\.do\.first-tables\.sql.*logs.*already exists/s);
        expect(await tables()).toEqual(["logs"]);
        await sql.query("DROP TABLE logs");
        await open();
        expect(await versions()).toEqual(shipped);
      },
    );

    describe("that an older Jifen has left, with somebody's credits in it", () => {
      const account = newAccount();
      const before = shipped.slice(0, -1);
      beforeEach(async () => {
        const database = await openDatabase(fresh.url);
        await perform(database.ledger, granting(account, 70));
        await database.close();
        await sql.query(`DROP TABLE ${newestTable}`);
        await sql.query(`DELETE FROM jifen_migrations WHERE version = ${shipped.length}`);
      });
      const balance = async () =>
        (await sql.query(`SELECT balance FROM accounts WHERE id = '${account}'`))[0]?.["balance"];
      const copies = () =>
        kind === "sqlite"
          ? readdirSync(dirname(fresh.url.slice("file:".length))).filter((name) => name.endsWith(".copy"))
          : [];

      test("is brought up to date once by ten processes that start at the same time", async () => {
        await Promise.all(Array.from({ length: 10 }, () => startProcess(fresh.url)));
        expect(await versions()).toEqual(shipped);
        expect(await tables()).toContain(newestTable);
        expect(await balance()).toBe(70);
        expect(copies()).toHaveLength(kind === "sqlite" ? 1 : 0);
      });

      test("stays as it was when a migration fails, and goes on once what was in the way is gone", async () => {
        await sql.query(`CREATE TABLE ${newestTable} (id integer)`);
        await expect(open()).rejects.toThrow(new RegExp(`${newestFile} failed, .*${newestTable}.*already exists`, "s"));
        expect(await versions()).toEqual(before);
        expect(await balance()).toBe(70);
        await sql.query(`DROP TABLE ${newestTable}`);
        await open();
        expect(await versions()).toEqual(shipped);
      });
    });

    describe("that the next Jifen has migrated", () => {
      const next = shipped.length + 1;
      const migrated = (name: string) =>
        sql.query(`INSERT INTO jifen_migrations (version, name) VALUES (${next}, '${name}')`);
      beforeEach(async () => {
        await open();
        await sql.query("ALTER TABLE transactions ADD COLUMN note text");
        await sql.query("ALTER TABLE accounts ADD COLUMN tier integer NOT NULL DEFAULT 1");
        await sql.query("CREATE TABLE notes (account_id varchar(320) NOT NULL PRIMARY KEY)");
      });

      test.each([true, false])("by only adding to it, works as before, with migrate: %s", async (migrate) => {
        await migrated("expand-notes");
        expect((await inspectDatabase(fresh.url)).schema).toMatchObject({ present: next, is: "expanded" });
        const database = await openDatabase(fresh.url, { migrate });
        const account = newAccount();
        await perform(database.ledger, granting(account, 10));
        await perform(database.ledger, consuming(account, 4));
        expect(await balanceOn(database.ledger, account)).toEqual({ balance: 6, held: 0 });
        const user = newUser();
        const firstGrant = firstGrantOf(accountOf(user.id), 5);
        expect(await database.users.create({ user, firstGrant, event: newEvent() })).toBe(true);
        await database.close();
        expect(await migrateDatabase(fresh.url)).toEqual({ from: next, to: next, files: [] });
      });

      test("in another way, is refused", async () => {
        await migrated("contract-notes");
        expect((await inspectDatabase(fresh.url)).schema).toMatchObject({ present: next, is: "newer" });
        await expect(open()).rejects.toThrow(SchemaTooNew);
      });
    });

    test("whose migration is not the one that was shipped is refused", async () => {
      await open();
      await sql.query("UPDATE jifen_migrations SET md5 = 'another file' WHERE version = 1");
      await expect(open()).rejects.toThrow(MigrationFailed);
    });
  });
});

describeOn("postgresql")("PostgreSQL that could lose what it acknowledged", () => {
  let fresh: FreshDatabase;
  let sql: RawSql;
  beforeEach(async () => {
    fresh = await freshDatabase("postgresql");
    sql = await openRawSql(fresh.url);
  });
  afterEach(async () => {
    await sql.close();
    await fresh.drop();
  });
  const open = async (url = fresh.url) => (await openDatabase(url)).close();

  test.each(["off", "local"])(
    "is refused when the database has synchronous_commit = %s, until it is mended as told",
    async (value) => {
      const name = new URL(fresh.url).pathname.slice(1);
      await sql.query(`ALTER DATABASE ${name} SET synchronous_commit = ${value}`);
      const mend = `ALTER DATABASE ${name} RESET synchronous_commit;`;
      await expect(open()).rejects.toThrow(UnsafeDatabaseSettings);
      await expect(open()).rejects.toThrow(`synchronous_commit is ${value}: ${mend}`);
      await sql.query(mend);
      await expect(open()).resolves.toBeUndefined();
    },
  );

  test("is refused when the URL switches it off", async () => {
    const url = new URL(fresh.url);
    url.searchParams.set("options", "-c synchronous_commit=off");
    await expect(open(url.href)).rejects.toThrow(/synchronous_commit is off: remove .* from DATABASE_URL/);
  });

  test("is not migrated before it is safe", async () => {
    const name = new URL(fresh.url).pathname.slice(1);
    await sql.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await expect(open()).rejects.toThrow();
    expect(await sql.query("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'")).toEqual([]);
  });
});
