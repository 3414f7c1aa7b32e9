import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { tables as declaredTables } from "../src/generated/tables.ts";
import type { Table } from "../src/records/table.ts";
import { useDatabase } from "./use-database.ts";

const tables: readonly Table[] = declaredTables;
const columnOf = ({ columns }: Table, field: string) => columns.find((column) => column.field === field)?.name ?? "";

/** The tables that are distributed, and by which column. */
const distributed = tables.flatMap((table) => {
  const { name, distribution } = table;
  return distribution.is === "distributed" ? [{ table: name, column: columnOf(table, distribution.by) }] : [];
});

describeOn("postgresql")("the distribution that models.prisma declares, compared with the tables,", () => {
  const here = useDatabase("postgresql");
  const column = async (sql: string) => (await here.sql.query(sql)).map(({ name }) => String(name));

  test("distributes the rows of an account by the account and the rows of a user by the user, and no other table", async () => {
    const owned = await here.sql.query(
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
       WHERE table_schema = 'public' AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass) AND (column_name IN ('account_id', 'user_id')
         OR (table_name IN ('accounts', 'users') AND column_name = 'id'))`,
    );
    const text = ({ table, column: by }: { table?: unknown; column?: unknown }) => `${table} by ${by}`;
    expect(distributed.map(text).toSorted()).toEqual(owned.map(text).toSorted());
  });

  test("distributes by a column that is in every unique index", async () => {
    for (const { table, column: by } of distributed) {
      const without = await column(
        `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = '${table}'::regclass AND indisunique
         AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid AND attname = '${by}') = ANY(indkey)`,
      );
      expect(without, table).toEqual([]);
    }
  });
});
