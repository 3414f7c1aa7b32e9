import type pg from "pg";
import { UnsafeDatabaseSettings } from "../../schema/durability.ts";

type Setting = { name: string; setting: string; source: string; database: string; role: string };

/** Settings by which PostgreSQL could lose what it acknowledged, each with its mend, one to a line; undefined when there are none. */
export async function unsafeSettings(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<Setting>(
    `SELECT name, setting, source, quote_ident(current_database()) AS database, quote_ident(current_user) AS role
     FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name`,
  );
  const unsafe = rows.filter(({ setting }) => setting === "off" || setting === "local");
  if (unsafe.length === 0) return undefined;
  return unsafe.map((row) => `${row.name} is ${row.setting}: ${mendOf(row)}`).join("\n");
}

/** @throws UnsafeDatabaseSettings */
export async function checkDurability(client: pg.Client): Promise<void> {
  const unsafe = await unsafeSettings(client);
  if (unsafe === undefined) return;
  const lines = unsafe.replaceAll(/^/gm, "  ");
  throw new UnsafeDatabaseSettings(`PostgreSQL could lose writes that it acknowledged.\n${lines}`);
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
