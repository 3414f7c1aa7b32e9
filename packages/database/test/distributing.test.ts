import { readFileSync } from "node:fs";
import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { tables as declaredTables } from "../src/generated/tables.ts";
import type { Table } from "../src/records/table.ts";
import { useDatabase } from "./use-database.ts";

const tables: readonly Table[] = declaredTables;
const script = readFileSync(new URL("../distributing/citus.sql", import.meta.url), "utf8");

/** The tables that the script distributes, by which column, and colocated with which table. */
const distributed = [...script.matchAll(/create_distributed_table\('(\w+)', '(\w+)', colocate_with => '(\w+)'\)/g)].map(
  ([, table = "", column = "", colocated = ""]) => ({ table, column, colocated }),
);
const references = [...script.matchAll(/create_reference_table\('(\w+)'\)/g)].map(([, table = ""]) => table);

const columnOf = ({ columns }: Table, field: string) => columns.find((column) => column.field === field)?.name;

test("the script for Citus distributes every table as models.prisma declares", () => {
  const declared = tables.flatMap((table) => {
    const { name, distribution } = table;
    if (distribution.is !== "distributed") return [];
    return [{ table: name, column: columnOf(table, distribution.by), colocated: distribution.beside ?? "none" }];
  });
  const byTable = (one: { table: string }, other: { table: string }) => (one.table < other.table ? -1 : 1);
  expect(distributed.toSorted(byTable)).toEqual(declared.toSorted(byTable));
  expect(references).toEqual(
    tables.filter(({ distribution }) => distribution.is === "reference").map(({ name }) => name),
  );
});

describeOn("postgresql")("the script for Citus, compared with the tables,", () => {
  const here = useDatabase("postgresql");
  const column = async (sql: string) => (await here.sql.query(sql)).map(({ name }) => String(name));

  test("names only tables that exist", async () => {
    const existing = await column(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { table } of distributed) expect(existing).toContain(table);
    for (const table of references) expect(existing).toContain(table);
  });

  test("distributes the rows of an account by the account and the rows of a user by the user, and no other table", async () => {
    const owned = await here.sql.query(
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
       WHERE table_schema = 'public' AND (column_name IN ('account_id', 'user_id')
         OR (table_name IN ('accounts', 'users') AND column_name = 'id'))`,
    );
    const text = ({ table, column: by }: { table?: unknown; column?: unknown }) => `${table} by ${by}`;
    expect(distributed.map(text).toSorted()).toEqual(owned.map(text).toSorted());
  });

  test("distributes by a column that is in every unique index and has the type of the colocated table's column", async () => {
    for (const { table, column: by, colocated } of distributed) {
      const without = await column(
        `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = '${table}'::regclass AND indisunique
         AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid AND attname = '${by}') = ANY(indkey)`,
      );
      expect(without, table).toEqual([]);
      const kindOf = (of: string, name: string) =>
        column(`SELECT atttypid::regtype || ' ' || attcollation::regcollation AS name FROM pg_attribute
          WHERE attrelid = '${of}'::regclass AND attname = '${name}'`);
      const beside = distributed.find((each) => each.table === colocated);
      if (colocated !== "none")
        expect(await kindOf(table, by), table).toEqual(await kindOf(colocated, beside?.column ?? ""));
    }
  });

  test("drops every trigger of the tables that it distributes, and no other trigger", async () => {
    const drops = [...script.matchAll(/^DROP TRIGGER (\w+) ON (\w+);$/gm)].map(([, name, table]) => `${table}.${name}`);
    const tables = distributed.map(({ table }) => `'${table}'`).join(", ");
    const triggers = await column(
      `SELECT tgrelid::regclass || '.' || tgname AS name FROM pg_trigger
       WHERE NOT tgisinternal AND tgrelid::regclass::text IN (${tables})`,
    );
    expect(drops.toSorted()).toEqual(triggers.toSorted());
  });
});
