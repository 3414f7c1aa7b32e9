import { createHash } from "node:crypto";
import { type MigrationConnection, migrating, readSchemaState, runMigrations } from "../../schema/migrate.ts";
import type { Migrated } from "../../schema/migrated.ts";
import type { Schema, SchemaState } from "../../schema/schema-state.ts";
import { statementsOf } from "../../schema/statements.ts";
import { distributeNewTables, prepareDistributedMigration } from "./citus/distribute.ts";
import type { Client } from "./client.ts";
import { prepareSchemaForTables } from "./schema.ts";

/** The key of the advisory lock in the schema `public`: a random number that every version of Jifen uses. */
const MIGRATION_LOCK = 5_140_721_006;

/** Locks are shared by all schemas of a database. A key has 64 bits with a sign. */
const lockOf = (schema: string): string =>
  schema === "public"
    ? String(MIGRATION_LOCK)
    : createHash("sha256").update(`jifen ${schema}`).digest().readBigInt64BE().toString();

const migrationConnection = (client: Client, schema: string): MigrationConnection => ({
  driver: "pg",
  // As part of a text in quotes.
  schema: schema.replaceAll("'", "''"),
  // The search path of the connection is this schema already, with a name that is quoted.
  query: async (sql) => (sql.startsWith("SET search_path") ? { rows: [] } : client.query(sql)),
  // Citus sends the text of a query that changes a distributed table to every node, and accepts one statement only.
  script: async (sql) => {
    for (const { text } of statementsOf("postgresql", sql)) await client.query(text);
  },
});

/** The tables of one schema of the database behind `client`. */
export const schemaOf = (client: Client, schema: string) =>
  ({
    read: (): Promise<SchemaState> => readSchemaState("postgresql", migrationConnection(client, schema)),
    migrate: () => migrating(() => migrateLocked(client, schema)),
  }) satisfies Schema;

/** Runs all pending files in one transaction under an advisory lock, so that several processes can start concurrently. */
async function migrateLocked(client: Client, schema: string): Promise<Migrated> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [lockOf(schema)]);
    const state = await readSchemaState("postgresql", migrationConnection(client, schema));
    if (state.is === "older") await prepareSchemaForTables(client, schema);
    await prepareDistributedMigration(client);
    const migrated = await runMigrations("postgresql", migrationConnection(client, schema));
    if (migrated.files.length > 0) await distributeNewTables(client, schema);
    await client.query("COMMIT");
    return migrated;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
