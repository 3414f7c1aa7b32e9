import { UnusableDatabase } from "../../schema/unusable-database.ts";
import type { Client } from "./client.ts";
import { quoteName, type Setting, setStatements } from "./settings.ts";
import type { PostgresqlTarget } from "./target.ts";

/**
 * The one schema of the tables: the one that the URL names, else the first of the search path that exists and may be used.
 * The search path is that of the URL, or the default of this role and database: a pooler's session may have another one.
 * @throws UnusableDatabase when there is none
 */
export async function resolveSchema(client: Client, { schema, searchPath }: PostgresqlTarget): Promise<string> {
  if (schema !== undefined) return schema;
  const path: readonly Setting[] = searchPath === undefined ? [] : [["search_path", searchPath]];
  const set = searchPath === undefined ? "SET LOCAL search_path TO DEFAULT" : setStatements("LOCAL", path);
  await client.query(`BEGIN; ${set}`);
  const { rows } = await client.query<{ schema: string | null; path: string }>(
    "SELECT current_schema() AS schema, current_setting('search_path') AS path",
  );
  await client.query("COMMIT");
  const found = rows[0]?.schema;
  if (found !== null && found !== undefined) return found;
  throw new UnusableDatabase(
    `No schema of the search path (${rows[0]?.path}) exists and may be used: create one with CREATE SCHEMA, or add ?schema=NAME to DATABASE_URL. 搜索路径中没有可用的 schema，请先创建，或在 DATABASE_URL 中加 ?schema=名称。`,
  );
}

type Rights = { exists: boolean; may_create: boolean; may_add_schemas: boolean; role: string; database: string };

/**
 * Creates the schema if it does not exist, and checks that this user may create tables in it. Runs in the transaction of
 * the migration, before anything else.
 * @throws UnusableDatabase
 */
export async function prepareSchemaForTables(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<Rights>(
    `SELECT n.oid IS NOT NULL AS exists, coalesce(has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE'), false) AS may_create,
       has_database_privilege(current_database(), 'CREATE') AS may_add_schemas,
       quote_ident(current_user) AS role, quote_ident(current_database()) AS database
     FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = $1`,
    [schema],
  );
  const rights = rows[0];
  if (rights === undefined || rights.may_create) return;
  const name = quoteName(schema);
  if (rights.exists) {
    throw new UnusableDatabase(
      `The user of DATABASE_URL may not create tables in the schema ${name}. Run as its owner: GRANT USAGE, CREATE ON SCHEMA ${name} TO ${rights.role}; or name another schema with ?schema=NAME. 该用户无权在此 schema 中建表，请由所有者执行上述 GRANT，或用 ?schema=名称 指定其他 schema。`,
    );
  }
  if (!rights.may_add_schemas) {
    throw new UnusableDatabase(
      `The schema ${name} does not exist, and the user of DATABASE_URL may not create it. Run as the owner of the database: CREATE SCHEMA ${name} AUTHORIZATION ${rights.role}; 该 schema 不存在且用户无权创建，请由数据库所有者执行上述语句。`,
    );
  }
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
}
