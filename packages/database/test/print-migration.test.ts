import { readFileSync } from "node:fs";
import { describeOn, emptyDatabase, sqlKinds } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { createTable } from "../scripts/create-table.ts";
import { tables as declaredTables } from "../src/generated/tables.ts";
import type { Table } from "../src/records/table.ts";
import { openRawSql } from "./raw-sql.ts";

const tables: readonly Table[] = declaredTables;
const tableOf = (name: string) => tables.find((table) => table.name === name) as Table;

describe.each(sqlKinds)("the printed migration for %s", (kind) => {
  test("is the one that was shipped for job leases", () => {
    const shipped = new URL(`../migrations/${kind}/004.do.expand-job-leases.sql`, import.meta.url);
    expect(createTable(kind, tableOf("job_leases"))).toEqual([readFileSync(shipped, "utf8").trimEnd()]);
  });

  describeOn(kind)("of every table without a computed column", () => {
    test("is SQL that the database accepts", async () => {
      const fresh = await emptyDatabase(kind);
      const sql = await openRawSql(fresh.url);
      for (const table of tables) {
        if (table.columns.some(({ isComputed }) => isComputed)) continue;
        for (const statement of createTable(kind, table)) await sql.query(statement);
        expect(await sql.query(`SELECT * FROM ${table.name}`)).toEqual([]);
      }
      await sql.close();
      await fresh.drop();
    });
  });

  test("of a table with a computed column is not printed", () => {
    expect(() => createTable(kind, tableOf("grants"))).toThrow("grants.is_open is computed");
  });
});
