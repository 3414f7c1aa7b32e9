import { readdirSync, readFileSync } from "node:fs";
import type { FreshDatabase } from "@jifen/testkit";
import { changeDatabase } from "./change-database.ts";

/**
 * Takes a database with rows back to the tables of the previous version: removes what the newest migration adds.
 * @returns the version of the tables
 */
export async function toPreviousTables(kind: "sqlite" | "postgresql", database: FreshDatabase): Promise<number> {
  const folder = new URL(`../../../packages/database/migrations/${kind}/`, import.meta.url);
  const newest = readdirSync(folder).toSorted().at(-1) ?? "";
  const version = Number.parseInt(newest, 10);
  const statements = readFileSync(new URL(newest, folder), "utf8")
    .replaceAll(/^--.*$/gm, "")
    .split(";");
  for (const statement of statements.toReversed()) {
    for (const sql of undone(statement)) await changeDatabase(database, sql);
  }
  await changeDatabase(database, `DELETE FROM jifen_migrations WHERE version = ${version}`);
  return version - 1;
}

function undone(statement: string): readonly string[] {
  const [, object, name] = /CREATE (?:UNIQUE )?(TABLE|INDEX) (\w+)/.exec(statement) ?? [];
  if (object !== undefined) return [`DROP ${object} ${name}`];
  const table = /ALTER TABLE (\w+)/.exec(statement)?.[1];
  return [...statement.matchAll(/ADD COLUMN (\w+)/g)].map(([, column]) => `ALTER TABLE ${table} DROP COLUMN ${column}`);
}
