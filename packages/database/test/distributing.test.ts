import { readFileSync } from "node:fs";
import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { useDatabase } from "./use-database.ts";

const script = readFileSync(new URL("../distributing/citus.sql", import.meta.url), "utf8");

/** `[table, column, with whom]` of each. */
const distributed = [...script.matchAll(/create_distributed_table\('(\w+)', '(\w+)', colocate_with => '(\w+)'\)/g)].map(
  ([, table = "", column = "", others = ""]) => ({ table, column, others }),
);
const named = (pattern: RegExp) => [...script.matchAll(pattern)].map(([, table = ""]) => table);

describeOn("postgresql")("the script for Citus", () => {
  const here = useDatabase("postgresql");
  const column = async (sql: string) => (await here.sql.query(sql)).map(({ name }) => String(name));

  test("says of every table where it is", async () => {
    const tables = await column(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    const said = [
      ...distributed.map(({ table }) => table),
      ...named(/create_reference_table\('(\w+)'\)/g),
      ...named(/^-- local: (\w+)$/gm),
    ];
    expect(said.toSorted()).toEqual(tables.toSorted());
  });

  test("distributes what belongs to an account by it, what belongs to a user by him, and nothing else", async () => {
    const owned = await here.sql.query(
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
       WHERE table_schema = 'public' AND (column_name IN ('account_id', 'user_id')
         OR (table_name IN ('accounts', 'users') AND column_name = 'id'))`,
    );
    const line = ({ table, column: by }: { table?: unknown; column?: unknown }) => `${table} by ${by}`;
    expect(distributed.map(line).toSorted()).toEqual(owned.map(line).toSorted());
  });

  test("distributes by a column that is in every unique index, and like the table beside which the rows are", async () => {
    for (const { table, column: by, others } of distributed) {
      const without = await column(
        `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = '${table}'::regclass AND indisunique
         AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid AND attname = '${by}') = ANY(indkey)`,
      );
      expect(without, table).toEqual([]);
      const kindOf = (of: string, name: string) =>
        column(`SELECT atttypid::regtype || ' ' || attcollation::regcollation AS name FROM pg_attribute
          WHERE attrelid = '${of}'::regclass AND attname = '${name}'`);
      const beside = distributed.find((each) => each.table === others);
      if (others !== "none") expect(await kindOf(table, by), table).toEqual(await kindOf(others, beside?.column ?? ""));
    }
  });

  test("takes away every trigger of what it distributes, and none that is not there", async () => {
    const drops = [...script.matchAll(/^DROP TRIGGER (\w+) ON (\w+);$/gm)].map(([, name, table]) => `${table}.${name}`);
    const tables = distributed.map(({ table }) => `'${table}'`).join(", ");
    const triggers = await column(
      `SELECT tgrelid::regclass || '.' || tgname AS name FROM pg_trigger
       WHERE NOT tgisinternal AND tgrelid::regclass::text IN (${tables})`,
    );
    expect(drops.toSorted()).toEqual(triggers.toSorted());
  });
});
