import pg from "pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import type { Inspection } from "../../schema/inspection.ts";
import { type Migrated, type MigrationConnection, migrate, schemaState } from "../../schema/migrate.ts";
import { checkSchema, type MigrationMode } from "../../schema/schema-state.ts";
import { checkDurability, unsafeSettings } from "./durability.ts";

/** Any number that all versions of Jifen agree on and nobody else uses. */
const MIGRATION_LOCK = 5_140_721_006;

/** Runs `work` on a connection of its own. @throws DatabaseUnavailable */
async function onConnection<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "jifen-start",
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks fails the statement it was running; an error event nobody hears would end the process.
  client.on("error", () => undefined);
  await client.connect().catch(afterConnectionLoss("nothing written"));
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const migrationConnection = (client: pg.Client): MigrationConnection => ({
  driver: "pg",
  query: async (sql) => client.query(sql),
  script: async (sql) => {
    await client.query(sql);
  },
});

/**
 * Checks that acknowledged writes are on disk, then brings the tables up to date or looks whether they are.
 * @throws UnsafeDatabaseSettings, MigrationFailed, SchemaTooNew, SchemaTooOld, DatabaseUnavailable
 */
export const preparePostgresql = (url: string, mode: MigrationMode): Promise<void> =>
  onConnection(url, async (client) => {
    await checkDurability(client);
    if (mode === "migrate") await migrateLocked(client);
    else checkSchema(await schemaState("postgresql", migrationConnection(client)), mode);
  });

/** Brings the tables up to date. @throws as `preparePostgresql` */
export const migratePostgresql = (url: string): Promise<Migrated> =>
  onConnection(url, async (client) => {
    await checkDurability(client);
    return migrateLocked(client);
  });

/** Every pending file in one transaction, under an advisory lock, so that many processes may start at once. */
async function migrateLocked(client: pg.Client): Promise<Migrated> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    const migrated = await migrate("postgresql", migrationConnection(client));
    await client.query("COMMIT");
    return migrated;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** What can be said of the server and the tables. @throws DatabaseUnavailable */
export const inspectPostgresql = (url: string): Promise<Inspection> =>
  onConnection(url, async (client) => {
    const schema = await schemaState("postgresql", migrationConnection(client));
    const before = Date.now();
    const { rows } = await client.query<{ version: string; now: string }>(
      "SELECT current_setting('server_version') AS version, extract(epoch FROM clock_timestamp()) * 1000 AS now",
    );
    const half = (Date.now() - before) / 2;
    const [{ version, now } = { version: "", now: "0" }] = rows;
    return {
      kind: "postgresql",
      version,
      schema,
      clockAheadMs: Math.round(Number(now) - before - half),
      unsafe: await unsafeSettings(client),
    };
  });
