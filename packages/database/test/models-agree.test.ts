import { type DatabaseKind, databaseKinds, describeOn, promise } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { tables as declaredTables } from "../src/generated/tables.ts";
import { transferTables } from "../src/index.ts";
import type { Table } from "../src/records/table.ts";
import { asInMongodb, linesOfMongodb } from "./mongodb-entries.ts";
import type { RawSql } from "./raw-sql.ts";
import { type InUse, useDatabase } from "./use-database.ts";

/** One text for each column and each unique set of columns, so that a failing comparison shows what differs. */
type Lines = readonly string[];

const column = (name: string, type: string, isRequired: boolean) => `${name} ${type}${isRequired ? " not null" : ""}`;
const unique = (table: string, columns: readonly string[]) => `${table} unique (${columns.join(", ")})`;

const tables: readonly Table[] = declaredTables;

const columnOf = ({ columns }: Table, field: string) => columns.find((each) => each.field === field)?.name ?? "";

/** What models.prisma declares, by the names that the database has. */
const linesOfModels: Lines = tables.flatMap((table) => [
  ...table.columns.map(({ name, type, isNullable }) => column(`${table.name}.${name}`, type, !isNullable)),
  ...[table.key, ...table.unique].map((fields) =>
    unique(
      table.name,
      fields.map((field) => columnOf(table, field)),
    ),
  ),
]);

/** The type of a column in the table list, by the database's own name of it. */
const typeNames: Record<string, string> = {
  text: "text",
  bigint: "bigint",
  integer: "integer",
  int: "integer",
  varchar: "text",
  mediumtext: "text",
  boolean: "boolean",
};
const typeName = (type: unknown) => typeNames[String(type).toLowerCase()] ?? `? ${type}`;

/** The tables of both files. */
async function linesOfSqlite(sql: RawSql): Promise<Lines> {
  return [...(await linesOfFile(sql, "main")), ...(await linesOfFile(sql, "log_file"))];
}

/** A partial unique index without nulls is the same as a full one: nulls are never equal. */
async function linesOfFile(sql: RawSql, file: "main" | "log_file"): Promise<Lines> {
  const columns = await sql.query(
    `SELECT t.name || '.' || c.name AS name, c.type, c."notnull" AS required
     FROM ${file}.sqlite_schema t, pragma_table_xinfo(t.name, '${file}') c
     WHERE t.type = 'table' AND t.name <> 'jifen_migrations'`,
  );
  const keys = await sql.query(
    `SELECT t.name AS "table",
       (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name, '${file}') ORDER BY seqno)) AS columns
     FROM ${file}.sqlite_schema t, pragma_index_list(t.name, '${file}') i
     LEFT JOIN ${file}.sqlite_schema made ON made.name = i.name
     WHERE t.type = 'table' AND t.name <> 'jifen_migrations' AND i."unique"
       AND (NOT i.partial OR made.sql GLOB '* WHERE [a-z_]* IS NOT NULL')`,
  );
  return toLines(columns, keys);
}

/** A partition has what its table has. */
async function linesOfPostgresql(sql: RawSql): Promise<Lines> {
  const columns = await sql.query(
    `SELECT table_name || '.' || column_name AS name, data_type AS type, is_nullable = 'NO' AS required
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'jifen_migrations'
       AND table_name NOT IN (SELECT relname FROM pg_class WHERE relispartition)`,
  );
  const keys = await sql.query(
    `SELECT indrelid::regclass::text AS "table",
       (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute ON attrelid = indrelid AND attnum = number) AS columns
     FROM pg_index WHERE indisunique AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$') AND indrelid IN
       (SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relname <> 'jifen_migrations' AND NOT relispartition)`,
  );
  return toLines(columns, keys);
}

/** MariaDB does not allow NOT NULL on a computed column. */
async function linesOfMysql(sql: RawSql): Promise<Lines> {
  const tables = "table_schema = DATABASE() AND table_name <> 'jifen_migrations'";
  const columns = await sql.query(
    `SELECT CONCAT(table_name, '.', column_name) AS name, IF(column_type LIKE 'tinyint(1)', 'boolean', data_type) AS type,
       is_nullable = 'NO' OR generation_expression <> '' AS required
     FROM information_schema.columns WHERE ${tables}`,
  );
  const keys = await sql.query(
    `SELECT table_name AS \`table\`, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
     FROM information_schema.statistics WHERE ${tables} AND non_unique = 0 GROUP BY table_name, index_name`,
  );
  return toLines(columns, keys);
}

const toLines = (columns: Awaited<ReturnType<RawSql["query"]>>, keys: typeof columns): Lines => [
  ...columns.map((row) => column(String(row["name"]), typeName(row["type"]), Boolean(row["required"]))),
  ...keys.map((row) => unique(String(row["table"]), String(row["columns"]).split(","))),
];

function linesOf(kind: DatabaseKind, { sql, url }: InUse): Promise<Lines> {
  if (kind === "mongodb") return linesOfMongodb(url);
  return { sqlite: linesOfSqlite, postgresql: linesOfPostgresql, mysql: linesOfMysql }[kind](sql);
}

/** The tables whose rows belong to an account or a user. */
const distributed = tables.flatMap(({ name, distribution }) => (distribution.is === "distributed" ? [name] : []));

describe.each(databaseKinds)("the migrations of %s", (kind) => {
  describeOn(kind)("compared with models.prisma", promise("schema", kind), () => {
    const here = useDatabase(kind);

    test("create every declared column with its type and nullability, and every key", async () => {
      const stored = await linesOf(kind, here);
      const declared = kind === "mongodb" ? asInMongodb(linesOfModels) : linesOfModels;
      expect(declared.length).toBeGreaterThan(40);
      expect(stored.toSorted()).toEqual(declared.toSorted());
    });

    test("begin every key of rows of an account or a user with it, so that the rows can be distributed by it", async () => {
      const keys = (await linesOf(kind, here)).filter((line) => line.includes(" unique ("));
      const owner = (line: string) => [line.split(" ")[0], /\((\w+)/.exec(line)?.[1]] as const;
      const owners = new Set(
        keys
          .map(owner)
          .filter(([table]) => distributed.includes(String(table)))
          .map(String),
      );
      expect([...owners].toSorted()).toEqual([
        ...[
          "account_totals,account_id",
          "accounts,id",
          "balance_alerts,user_id",
          "call_logs,user_id",
          "code_claims,user_id",
        ],
        "ended_tokens,user_id",
        ...["grants,account_id", "holds,account_id"],
        ...["log_keys,user_id", "log_rollups,user_id", "logs,user_id", "one_time_links,user_id"],
        ...["order_events,user_id", "orders,user_id", "outgoing_events,user_id"],
        ...["payments,user_id", "reversals,user_id"],
        ...["spend_marks,account_id", "spend_rollups,account_id", "statements,account_id"],
        "transactions,account_id",
        "users,id",
      ]);
    });

    test.runIf(kind === "sqlite")("put each table into the file that models.prisma declares", async () => {
      const files = { ledger: "main", logs: "log_file" } as const;
      for (const [file, name] of Object.entries(files)) {
        const rows = await here.sql.query(`SELECT name FROM ${name}.sqlite_schema WHERE type = 'table'`);
        const declared = tables.filter((table) => table.file === file).map((table) => table.name);
        expect(rows.map((row) => row["name"]).toSorted()).toEqual([...declared, "jifen_migrations"].toSorted());
      }
    });
  });
});

test("a transfer takes along every column but counters, leases, totals and computed columns", () => {
  const transferred = transferTables.flatMap(({ name, columns }) => columns.map(([each]) => `${name}.${each}`));
  const all = linesOfModels
    .filter((line) => !/ unique \(|^counters\.|^job_leases\.|^account_totals\.|^grants\.is_open /.test(line))
    .map((line) => line.split(" ")[0]);
  expect(transferred.toSorted()).toEqual(all.toSorted());
});
