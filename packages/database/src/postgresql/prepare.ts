import pg from "pg";
import { UnsafeDatabaseSettings } from "../durability.ts";
import { afterConnectionLoss } from "../failure.ts";
import { migrate } from "../migrate.ts";

/** Any number that all versions of Jifen agree on and nobody else uses. */
const MIGRATION_LOCK = 5_140_721_006;

/**
 * Checks that acknowledged writes are on disk, then migrates: every pending file in one transaction,
 * under an advisory lock, so that many processes may start at once.
 * @throws UnsafeDatabaseSettings, MigrationFailed, SchemaTooNew, DatabaseUnavailable
 */
export async function preparePostgresql(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "jifen-start",
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks fails the statement it was running; an error event nobody hears would end the process.
  client.on("error", () => undefined);
  await client.connect().catch(afterConnectionLoss("nothing written"));
  try {
    await checkDurability(client);
    await migrateLocked(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

type Setting = { name: string; setting: string; source: string; database: string; role: string };

async function checkDurability(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Setting>(
    `SELECT name, setting, source, quote_ident(current_database()) AS database, quote_ident(current_user) AS role
     FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name`,
  );
  const unsafe = rows.filter(({ setting }) => setting === "off" || setting === "local");
  if (unsafe.length === 0) return;
  const lines = unsafe.map((row) => `  ${row.name} is ${row.setting}: ${mendOf(row)}`);
  throw new UnsafeDatabaseSettings(`PostgreSQL could lose writes that it acknowledged.\n${lines.join("\n")}`);
}

/** A setting is undone where it was made: what stands closer to the connection wins over the server's own. */
function mendOf({ name, source, database, role }: Setting): string {
  switch (source) {
    case "database":
      return `ALTER DATABASE ${database} RESET ${name};`;
    case "user":
      return `ALTER ROLE ${role} RESET ${name};`;
    case "database user":
      return `ALTER ROLE ${role} IN DATABASE ${database} RESET ${name};`;
    case "client":
      return `leave ${name} out of DATABASE_URL and PGOPTIONS`;
    default:
      return `ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`;
  }
}

async function migrateLocked(client: pg.Client): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await migrate("postgresql", {
      driver: "pg",
      query: async (sql) => client.query(sql),
      script: async (sql) => {
        await client.query(sql);
      },
    });
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
