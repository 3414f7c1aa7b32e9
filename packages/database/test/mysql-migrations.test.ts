import {
  describeOn,
  emptyDatabase,
  type FreshDatabase,
  hasOwnMysql,
  type LossMoment,
  openFaultProxy,
  startOwnMysql,
} from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tables as declaredTables } from "../src/generated/tables.ts";
import { inspectDatabase, MigrationFailed, openDatabase, UnsafeDatabaseSettings } from "../src/index.ts";
import { openRawSql, type RawSql } from "./raw-sql.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];

describeOn("mysql")("a migration on MySQL, where every statement of the schema commits by itself,", () => {
  let fresh: FreshDatabase;
  let sql: RawSql;
  beforeEach(async () => {
    fresh = await emptyDatabase("mysql");
    sql = await openRawSql(fresh.url);
  });
  afterEach(async () => {
    await sql.close();
    await fresh.drop();
  });
  const open = async (url = fresh.url) => (await openDatabase(url)).close();
  const tables = async () =>
    (await sql.query("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()")).map(
      (row) => row["name"],
    );

  test("names the file that failed and the reason, and the next start continues with the failed statement", async () => {
    // Makes the last CREATE TABLE of the first migration fail.
    await sql.query("CREATE TABLE logs (id integer)");
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(open()).rejects.toThrow(MigrationFailed);
      await expect(open()).rejects.toThrow(
        /001\.do\.first-tables\.sql failed, the next start continues from there.*logs/s,
      );
      expect((await inspectDatabase(fresh.url)).schema.present).toBe(0);
    }
    expect(await tables()).toContain("accounts");
    expect(await sql.query("SHOW COLUMNS FROM logs")).toHaveLength(1);
    await sql.query("DROP TABLE logs");
    await open();
    expect(await tables()).not.toContain("jifen_migration_steps");
  });

  const statements = [
    "CREATE TABLE holds",
    "CREATE TRIGGER transactions_never_updated",
    "ALTER TABLE users",
    "CREATE TABLE counters",
    "REPLACE INTO jifen_migration_steps",
  ];
  test.each(statements.flatMap((statement) => moments.map((moment) => ({ statement, moment }))))(
    "that loses its connection at $statement, $moment, is completed by the next start",
    async ({ statement, moment }) => {
      await using proxy = await openFaultProxy(fresh.url);
      proxy.loseConnectionAt(statement, moment);
      await expect(open(proxy.url)).rejects.toThrow();
      expect(proxy.lostConnections()).toBe(1);
      await open();
      const { schema } = await inspectDatabase(fresh.url);
      expect(schema.present).toBe(schema.newest);
      const triggers = await sql.query("SHOW TRIGGERS");
      expect(triggers).toHaveLength(5);
      expect(await tables()).toHaveLength(declaredTables.length + 1);
    },
  );
});

const withOwnServer = describe.skipIf(!hasOwnMysql());
if (!hasOwnMysql()) console.error("\n!!! NO MARIADBD EXECUTABLE: THE TESTS OF ITS DURABILITY SETTINGS ARE SKIPPED.\n");

withOwnServer("MariaDB settings that can lose acknowledged writes", () => {
  test("are refused before a table is created, and the error lists one fix for each setting", async () => {
    await using server = await startOwnMysql(
      "--innodb-flush-log-at-trx-commit=2",
      "--skip-innodb-doublewrite",
      "--log-bin=binlog",
      "--sync-binlog=0",
    );
    const sql = await openRawSql(server.url);
    await sql.query("CREATE DATABASE jifen");
    const url = `${server.url}jifen`;
    const open = async () => (await openDatabase(url)).close();
    await expect(open()).rejects.toThrow(UnsafeDatabaseSettings);
    const { unsafe } = await inspectDatabase(url);
    expect(unsafe?.split("\n")).toEqual([
      expect.stringContaining("innodb_flush_log_at_trx_commit is 2: SET GLOBAL innodb_flush_log_at_trx_commit = 1;"),
      expect.stringContaining("innodb_doublewrite is OFF"),
      expect.stringContaining("sync_binlog is 0: SET GLOBAL sync_binlog = 1;"),
    ]);
    expect(await sql.query("SHOW TABLES FROM jifen")).toEqual([]);
    await sql.query("SET GLOBAL innodb_flush_log_at_trx_commit = 1; SET GLOBAL sync_binlog = 1");
    await expect(open()).rejects.toThrow(
      /could lose writes that it acknowledged\.\n {2}innodb_doublewrite is OFF: [^\n]*$/,
    );
    await sql.close();
  });
});
