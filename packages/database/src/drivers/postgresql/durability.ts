import type pg from "pg";
import { assertDurable } from "../../schema/durability.ts";

type Setting = { name: string; setting: string; source: string; database: string; role: string };

/** Settings that can lose acknowledged writes, each with its correction, one a line; undefined when there are none. */
export async function unsafeSettings(client: pg.ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<Setting>(
    `SELECT name, setting, source, quote_ident(current_database()) AS database, quote_ident(current_user) AS role
     FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name`,
  );
  const unsafe = rows.filter(({ setting }) => setting === "off" || setting === "local");
  if (unsafe.length === 0) return undefined;
  return unsafe.map((row) => `${row.name} is ${row.setting}: ${correctionOf(row)}`).join("\n");
}

/** @throws UnsafeDatabaseSettings */
export const checkDurability = async (client: pg.ClientBase): Promise<void> =>
  assertDurable("PostgreSQL", await unsafeSettings(client));

/** A setting is reset where it was set: a role or a database overrides the configuration of the server. */
function correctionOf({ name, source, database, role }: Setting): string {
  switch (source) {
    case "database":
      return `ALTER DATABASE ${database} RESET ${name};`;
    case "user":
      return `ALTER ROLE ${role} RESET ${name};`;
    case "database user":
      return `ALTER ROLE ${role} IN DATABASE ${database} RESET ${name};`;
    case "client":
    case "session":
      return `remove ${name} from DATABASE_URL and PGOPTIONS`;
    default:
      return `ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`;
  }
}
