import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { accountOf } from "@jifen/core";
import { describeOn, emptyDatabase, type FreshDatabase, promise, sqlKinds } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  inspectDatabase,
  type Migrated,
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

/** A table or a column that a migration adds: SQL that removes it, that adds another one of its name, and that fails without it. */
type Addition = { readonly undo: string; readonly redo: string; readonly isThere: string };

/** What a migration adds, in its order. */
function additionsOf(migration: string, kind: (typeof sqlKinds)[number]): readonly Addition[] {
  const statements = migration.replaceAll(/^--.*$/gm, "").split(";");
  return statements.flatMap((statement) => {
    const created = /CREATE TABLE (\w+)/.exec(statement)?.[1];
    const [, index, table] = /CREATE INDEX (\w+) ON (\w+)/.exec(statement) ?? [];
    if (index !== undefined) {
      const undo = kind === "mysql" ? `DROP INDEX ${index} ON ${table}` : `DROP INDEX ${index}`;
      return [{ undo, redo: statement, isThere: `SELECT 1 FROM ${table} LIMIT 1` }];
    }
    const altered = /ALTER TABLE (\w+)/.exec(statement)?.[1];
    if (created !== undefined) {
      const isThere = `SELECT * FROM ${created} LIMIT 1`;
      return [{ undo: `DROP TABLE ${created}`, redo: `CREATE TABLE ${created} (id integer)`, isThere }];
    }
    return [...statement.matchAll(/ADD COLUMN (\w+)/g)].map(([, column]) => ({
      undo: `ALTER TABLE ${altered} DROP COLUMN ${column}`,
      redo: `ALTER TABLE ${altered} ADD COLUMN ${column} text`,
      isThere: `SELECT ${column} FROM ${altered} LIMIT 1`,
    }));
  });
}

describe.each(sqlKinds)("migrations of %s", (kind) => {
  const folder = new URL(`../migrations/${kind}/`, import.meta.url);
  const files = readdirSync(folder);
  const shipped = files.map((name) => ({ version: Number.parseInt(name, 10) }));
  const newestVersion = shipped.at(-1)?.version ?? 0;
  const newestFile = files.at(-1) ?? "";
  const newest = additionsOf(readFileSync(new URL(newestFile, folder), "utf8"), kind);

  describeOn(kind)("an empty database", promise("concurrent-migrations", kind), () => {
    let fresh: FreshDatabase;
    let sql: RawSql;
    beforeEach(async () => {
      fresh = await emptyDatabase(kind);
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

    test("ten processes that start at the same time migrate it once", async () => {
      await Promise.all(Array.from({ length: 10 }, () => startProcess(fresh.url)));
      expect(await versions()).toEqual(shipped);
      await open();
      expect(await versions()).toEqual(shipped);
    });

    test("tables of a newer Jifen are refused and not changed", async () => {
      await open();
      await sql.query("INSERT INTO jifen_migrations (version, name) VALUES (99, 'from the future')");
      await expect(open()).rejects.toThrow(SchemaTooNew);
      await expect(open()).rejects.toThrow(new RegExp(`version 99.*supports up to ${newestVersion}`));
      expect(await versions()).toEqual([...shipped, { version: 99 }]);
    });

    test("with migrate: false an empty database is refused and not changed, until it is migrated", async () => {
      const check = async () => (await openDatabase(fresh.url, { migrate: false })).close();
      await expect(check()).rejects.toThrow(SchemaTooOld);
      expect(await tables()).toEqual([]);
      expect((await inspectDatabase(fresh.url)).schema).toEqual({
        present: 0,
        newest: newestVersion,
        is: "older",
      });
      const ofLogs =
        kind === "sqlite" ? ["sqlite-logs/001.do.call-logs.sql", "sqlite-logs/002.do.expand-log-marks.sql"] : [];
      expect(await migrateDatabase(fresh.url)).toEqual({
        from: 0,
        to: newestVersion,
        files: [...files, ...ofLogs],
        copies: [],
      });
      await check();
      expect(await inspectDatabase(fresh.url)).toMatchObject({ kind, schema: { present: newestVersion } });
      await sql.query("INSERT INTO jifen_migrations (version, name) VALUES (99, 'from the future')");
      await expect(check()).rejects.toThrow(SchemaTooNew);
    });

    test.skipIf(kind === "mysql")(
      "a failing migration is rolled back, and the error names the file and the reason",
      async () => {
        // Makes the last CREATE TABLE of the first migration fail.
        await sql.query("CREATE TABLE logs (id integer)");
        await expect(open()).rejects.toThrow(MigrationFailed);
        await expect(open()).rejects.toThrow(/001\.do\.first-tables\.sql.*logs.*already exists/s);
        expect(await tables()).toEqual(["logs"]);
        await sql.query("DROP TABLE logs");
        await open();
        expect(await versions()).toEqual(shipped);
      },
    );

    describe("at the version before the newest, with a balance", () => {
      const account = newAccount();
      const before = shipped.slice(0, -1);
      beforeEach(async () => {
        const database = await openDatabase(fresh.url);
        await perform(database.ledger, granting(account, 70));
        await database.close();
        for (const { undo } of newest.toReversed()) await sql.query(undo);
        await sql.query(`DELETE FROM jifen_migrations WHERE version = ${newestVersion}`);
      });
      const balance = async () =>
        (await sql.query(`SELECT balance FROM accounts WHERE id = '${account}'`))[0]?.["balance"];
      const copies = () =>
        kind === "sqlite"
          ? readdirSync(dirname(fresh.url.slice("file:".length))).filter((name) => name.endsWith(".copy"))
          : [];

      test("ten processes that start at the same time run the newest migration once", async () => {
        await Promise.all(Array.from({ length: 10 }, () => startProcess(fresh.url)));
        expect(await versions()).toEqual(shipped);
        for (const { isThere } of newest) await sql.query(isThere);
        expect(await balance()).toBe(70);
        expect(copies()).toHaveLength(kind === "sqlite" ? 1 : 0);
      });

      test("a start that migrates reports the versions and the copy, and the next start reports nothing", async () => {
        const reported: Migrated[] = [];
        const start = async () =>
          (await openDatabase(fresh.url, { onMigrated: (migrated) => void reported.push(migrated) })).close();
        await start();
        await start();
        const folder = dirname(fresh.url.slice("file:".length));
        const done = { from: newestVersion - 1, to: newestVersion, files: files.slice(-1) };
        expect(reported).toEqual([{ ...done, copies: copies().map((name) => join(folder, name)) }]);
      });

      test("a failing migration changes nothing, and the next start runs it again", async () => {
        const [first] = newest as [Addition];
        await sql.query(first.redo);
        await expect(open()).rejects.toThrow(new RegExp(`${newestFile} failed, .*(already exists|duplicate)`, "is"));
        expect(await versions()).toEqual(before);
        expect(await balance()).toBe(70);
        await sql.query(first.undo);
        await open();
        expect(await versions()).toEqual(shipped);
      });
    });

    describe("migrated by a newer Jifen", () => {
      const next = newestVersion + 1;
      const migrated = (name: string) =>
        sql.query(`INSERT INTO jifen_migrations (version, name) VALUES (${next}, '${name}')`);
      beforeEach(async () => {
        await open();
        await sql.query("ALTER TABLE transactions ADD COLUMN note text");
        await sql.query("ALTER TABLE accounts ADD COLUMN tier integer NOT NULL DEFAULT 1");
        await sql.query("CREATE TABLE future_notes (account_id varchar(320) NOT NULL PRIMARY KEY)");
      });

      test.each([true, false])(
        "an expand migration is accepted and the tables work as before, with migrate: %s",
        async (migrate) => {
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
          expect(await migrateDatabase(fresh.url)).toEqual({ from: next, to: next, files: [], copies: [] });
        },
      );

      test("any other migration is refused", async () => {
        await migrated("contract-notes");
        expect((await inspectDatabase(fresh.url)).schema).toMatchObject({ present: next, is: "newer" });
        await expect(open()).rejects.toThrow(SchemaTooNew);
      });
    });

    test("a migration that differs from the shipped file is refused", async () => {
      await open();
      await sql.query("UPDATE jifen_migrations SET md5 = 'another file' WHERE version = 1");
      await expect(open()).rejects.toThrow(MigrationFailed);
    });
  });
});

describeOn("postgresql")("PostgreSQL settings that can lose acknowledged writes", () => {
  let fresh: FreshDatabase;
  let sql: RawSql;
  beforeEach(async () => {
    fresh = await emptyDatabase("postgresql");
    sql = await openRawSql(fresh.url);
  });
  afterEach(async () => {
    await sql.close();
    await fresh.drop();
  });
  const open = async (url = fresh.url) => (await openDatabase(url)).close();

  test.each(["off", "local"])(
    "synchronous_commit = %s is refused until the command in the error has run",
    async (value) => {
      const name = new URL(fresh.url).pathname.slice(1);
      await sql.query(`ALTER DATABASE ${name} SET synchronous_commit = ${value}`);
      const fix = `ALTER DATABASE ${name} RESET synchronous_commit;`;
      await expect(open()).rejects.toThrow(UnsafeDatabaseSettings);
      await expect(open()).rejects.toThrow(`synchronous_commit is ${value}: ${fix}`);
      await sql.query(fix);
      await expect(open()).resolves.toBeUndefined();
    },
  );

  test("synchronous_commit = off in the URL is refused", async () => {
    const url = new URL(fresh.url);
    url.searchParams.set("options", "-c synchronous_commit=off");
    await expect(open(url.href)).rejects.toThrow(/synchronous_commit is off: remove .* from DATABASE_URL/);
  });

  test("an unsafe database is not migrated", async () => {
    const name = new URL(fresh.url).pathname.slice(1);
    await sql.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await expect(open()).rejects.toThrow();
    expect(await sql.query("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'")).toEqual([]);
  });
});
