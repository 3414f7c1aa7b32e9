import { readFileSync } from "node:fs";
import { type DatabaseKind, databaseKinds, describeOn } from "@jifen/testkit";
import { getDMMF } from "@prisma/get-dmmf";
import { describe, expect, test } from "vitest";
import { transferTables } from "../src/index.ts";
import { asInMongodb, linesOfMongodb } from "./mongodb-entries.ts";
import type { RawSql } from "./raw-sql.ts";
import { type InUse, useDatabase } from "./use-database.ts";

/** One line for each column and each unique set of columns, so that a difference reads as what it is. */
type Lines = readonly string[];

const column = (name: string, type: string, isRequired: boolean) => `${name} ${type}${isRequired ? " not null" : ""}`;
const unique = (table: string, columns: readonly string[]) => `${table} unique (${columns.join(", ")})`;

/** What the models say, by the names that the database has. */
function linesOfModels(provider: DatabaseKind): Lines {
  const models = readFileSync(new URL("../prisma/models.prisma", import.meta.url), "utf8");
  const document = getDMMF({ datamodel: `datasource db {\n  provider = "${provider}"\n}\n${models}` });
  if ("error" in document) throw document.error;
  return document.datamodel.models.flatMap((model) => {
    const table = model.dbName ?? model.name;
    const names = new Map(model.fields.map((field) => [field.name, field.dbName ?? field.name]));
    const named = (fields: readonly string[]) => fields.map((field) => String(names.get(field)));
    const keys = model.fields.filter((field) => field.isId || field.isUnique).map((field) => [field.name]);
    if (model.primaryKey) keys.push([...model.primaryKey.fields]);
    return [
      ...model.fields.map((field) => column(`${table}.${names.get(field.name)}`, field.type, field.isRequired)),
      ...[...keys, ...model.uniqueFields].map((fields) => unique(table, named(fields))),
    ];
  });
}

/** What a type of the database is called in the models. */
const typeNames: Record<string, string> = {
  text: "String",
  bigint: "BigInt",
  integer: "Int",
  int: "Int",
  varchar: "String",
  mediumtext: "String",
  boolean: "Boolean",
};
const typeName = (type: unknown) => typeNames[String(type).toLowerCase()] ?? `? ${type}`;

/** A unique index that leaves out what is null is as good as one that does not: nulls never clash. */
async function linesOfSqlite(sql: RawSql): Promise<Lines> {
  const columns = await sql.query(
    `SELECT t.name || '.' || c.name AS name, c.type, c."notnull" AS required
     FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name <> 'jifen_migrations'`,
  );
  const keys = await sql.query(
    `SELECT t.name AS "table", (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
     FROM sqlite_schema t, pragma_index_list(t.name) i
     LEFT JOIN sqlite_schema made ON made.name = i.name
     WHERE t.type = 'table' AND t.name <> 'jifen_migrations' AND i."unique"
       AND (NOT i.partial OR made.sql GLOB '* WHERE [a-z_]* IS NOT NULL')`,
  );
  return toLines(columns, keys);
}

async function linesOfPostgresql(sql: RawSql): Promise<Lines> {
  const columns = await sql.query(
    `SELECT table_name || '.' || column_name AS name, data_type AS type, is_nullable = 'NO' AS required
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'jifen_migrations'`,
  );
  const keys = await sql.query(
    `SELECT indrelid::regclass::text AS "table",
       (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute ON attrelid = indrelid AND attnum = number) AS columns
     FROM pg_index WHERE indisunique AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$') AND indrelid IN
       (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname <> 'jifen_migrations')`,
  );
  return toLines(columns, keys);
}

/** MariaDB does not let a computed column be NOT NULL, whatever it computes. */
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

/** What the whole installation has: small, or found by an id that grows with time. */
const belongsToNobody = ["audit_events", "audit_runs", "counters", "service_keys"];

describe.each(databaseKinds)("the migrations of %s", (kind) => {
  describeOn(kind)("and the models", () => {
    const here = useDatabase(kind);

    test("agree on every column, its type, whether it may be missing, and every key", async () => {
      const tables = await linesOf(kind, here);
      const models = kind === "mongodb" ? asInMongodb(linesOfModels("postgresql")) : linesOfModels(kind);
      expect(models.length).toBeGreaterThan(40);
      expect(tables.toSorted()).toEqual(models.toSorted());
    });

    test("begin every key of what belongs to an account or a user with it, so that all of it can be distributed by that", async () => {
      const keys = (await linesOf(kind, here)).filter((line) => line.includes(" unique ("));
      const owner = (line: string) => [line.split(" ")[0], /\((\w+)/.exec(line)?.[1]] as const;
      const byOwn = new Set(
        keys
          .map(owner)
          .filter(([table]) => !belongsToNobody.includes(String(table)))
          .map(String),
      );
      expect([...byOwn].toSorted()).toEqual([
        ...["accounts,id", "ended_tokens,user_id", "grants,account_id", "holds,account_id", "logs,user_id"],
        ...["one_time_links,user_id", "transactions,account_id", "users,id"],
      ]);
    });

    test("are moved to another database, column by column, but for counters and what the database computes", async () => {
      const moved = transferTables.flatMap(({ name, columns }) => columns.map(([each]) => `${name}.${each}`));
      const all = linesOfModels("postgresql")
        .filter((line) => !/ unique \(|^counters\.|^grants\.is_open /.test(line))
        .map((line) => line.split(" ")[0]);
      expect(moved.toSorted()).toEqual(all.toSorted());
    });
  });
});
