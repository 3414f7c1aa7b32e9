import type pg from "pg";
import { type Migrated, type MigrationConnection, readSchemaState, runMigrations } from "../../schema/migrate.ts";
import type { Schema, SchemaState } from "../../schema/schema-state.ts";

/** The key of the advisory lock: a random number that every version of Jifen uses. */
const MIGRATION_LOCK = 5_140_721_006;

const migrationConnection = (client: pg.ClientBase): MigrationConnection => ({
  driver: "pg",
  query: async (sql) => client.query(sql),
  script: async (sql) => {
    await client.query(sql);
  },
});

/** The schema of the database behind `client`. */
export const schemaOf = (client: pg.ClientBase) =>
  ({
    read: (): Promise<SchemaState> => readSchemaState("postgresql", migrationConnection(client)),
    migrate: () => migrateLocked(client),
  }) satisfies Schema;

/** Runs all pending files in one transaction under an advisory lock, so that several processes can start concurrently. */
async function migrateLocked(client: pg.ClientBase): Promise<Migrated> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    const migrated = await runMigrations("postgresql", migrationConnection(client));
    await client.query("COMMIT");
    return migrated;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
