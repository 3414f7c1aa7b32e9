import { type FreshDatabase, freshDatabase } from "@jifen/testkit";
import type { SqlDriverAdapter, SqlQuery } from "@prisma/driver-adapter-utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileAccess } from "./file-access.ts";
import { SerializedAdapterFactory } from "./serialized-adapter.ts";

const sql = (text: string): SqlQuery => ({ sql: text, args: [], argTypes: [] });

describe("the serialized SQLite adapter", () => {
  let fresh: FreshDatabase;
  let adapter: SqlDriverAdapter;
  beforeEach(async () => {
    fresh = await freshDatabase("sqlite");
    adapter = await new SerializedAdapterFactory(fresh.url.replace("file:", ""), new FileAccess()).connect();
    await adapter.executeScript(`
      CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
    `);
  });
  afterEach(async () => {
    await adapter.dispose();
    await fresh.drop();
  });
  const count = async (table: string) => (await adapter.queryRaw(sql(`SELECT count(*) FROM ${table}`))).rows[0]?.[0];

  test("runs a read after the open transaction, never inside it", async () => {
    const transaction = await adapter.startTransaction();
    await transaction.executeRaw(sql("INSERT INTO parents VALUES (1)"));
    const read = count("parents");
    await transaction.executeRaw(sql("ROLLBACK"));
    await transaction.rollback();
    expect(await read).toBe(0);
  });

  test("runs a write after the open transaction, never inside it", async () => {
    const transaction = await adapter.startTransaction();
    const write = adapter.executeRaw(sql("INSERT INTO parents VALUES (2)"));
    await transaction.executeRaw(sql("INSERT INTO parents VALUES (1)"));
    await transaction.executeRaw(sql("ROLLBACK"));
    await transaction.rollback();
    await write;
    expect((await adapter.queryRaw(sql("SELECT id FROM parents"))).rows).toEqual([[2]]);
  });

  test("begins a second transaction after the first has ended", async () => {
    const first = await adapter.startTransaction();
    const begun: string[] = [];
    const second = adapter.startTransaction().then((transaction) => {
      begun.push("second");
      return transaction;
    });
    await first.executeRaw(sql("INSERT INTO parents VALUES (1)"));
    begun.push("first is done");
    await first.executeRaw(sql("COMMIT"));
    await first.commit();
    const transaction = await second;
    await transaction.executeRaw(sql("COMMIT"));
    await transaction.commit();
    expect(begun).toEqual(["first is done", "second"]);
  });

  test("leaves no transaction open after a failed COMMIT", async () => {
    const transaction = await adapter.startTransaction();
    await transaction.executeRaw(sql("INSERT INTO children VALUES (404)"));
    // Prisma does the same: after a failed COMMIT it sends no ROLLBACK.
    await expect(transaction.executeRaw(sql("COMMIT"))).rejects.toThrow();
    await transaction.rollback();
    expect(await count("children")).toBe(0);
    const next = await adapter.startTransaction();
    await next.executeRaw(sql("COMMIT"));
    await next.commit();
  });

  test("releases the connection when a transaction cannot begin", async () => {
    await adapter.executeScript("BEGIN");
    await expect(adapter.startTransaction()).rejects.toThrow();
    await adapter.executeScript("ROLLBACK");
    expect(await count("parents")).toBe(0);
  });
});
