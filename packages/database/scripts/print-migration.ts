/**
 * Prints the migration of a new table in the three dialects of SQL, to be reviewed and saved:
 * `pnpm --filter @jifen/database print-migration <table>`.
 * Prisma's own engine (@prisma/schema-engine-wasm) prints other types: no byte order of keys, no CHECKs, no WITHOUT ROWID.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTable, type Dialect } from "./create-table.ts";
import { tablesOf } from "./table-list.ts";

const root = join(import.meta.dirname, "..");
const [name = "", ...others] = process.argv.slice(2);
if (others.length > 0) throw new Error(`one table at a time: remove ${others.join(" ")}`);
const tables = tablesOf(readFileSync(join(root, "prisma/models.prisma"), "utf8"));
const table = tables.find((each) => each.name === name);
if (!table) throw new Error(`models.prisma has no table "${name}", but ${tables.map((each) => each.name).join(", ")}`);

const versionOf = (dialect: Dialect) =>
  String(readdirSync(join(root, "migrations", dialect)).length + 1).padStart(3, "0");

const files = (["sqlite", "postgresql", "mysql"] as const).map((dialect) => {
  const file = `migrations/${dialect}/${versionOf(dialect)}.do.expand-${name.replaceAll("_", "-")}.sql`;
  return `${file}:\n\n${createTable(dialect, table).join("\n\n")}\n`;
});
const mongodb = `src/drivers/mongodb/migrations/index.ts:\n\n  schemas: schemasOf("${name}")\n`;
process.stdout.write([...files, mongodb].join("\n"));
