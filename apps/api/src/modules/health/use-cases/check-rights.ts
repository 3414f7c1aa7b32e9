import type { Database } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";

/** The database user cannot do what the server needs. The message names the rights and how to grant them. */
export class MissingRights extends Error {
  override name = "MissingRights";
}

/** The statement that grants what is missing, where the database has one. */
const grantOf: Readonly<Record<Database["kind"], string>> = {
  sqlite: "",
  postgresql: "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA … TO …",
  mysql: "GRANT SELECT, INSERT, UPDATE, DELETE ON database.* TO user",
  mongodb: 'db.grantRolesToUser("user", [{ role: "readWrite", db: "database" }])',
};

/** How to grant all that Jifen needs. */
export const rightsRemedy = ({ kind }: Pick<Database, "kind">): string => grantOf[kind];

/** Refuses a database whose user lacks a right, by name. A database that does not answer is not refused. @throws MissingRights */
export async function checkRights(database: Pick<Database, "kind" | "writeAccess">): Promise<void> {
  const missing = await database.writeAccess.missingRights().catch(unlessUnavailable);
  if (missing.length === 0) return;
  const list = missing.join(", ");
  throw new MissingRights(
    `The user of DATABASE_URL lacks rights: ${list}. Grant them: ${rightsRemedy(database)}. 数据库用户缺少权限：${list}。请授予。`,
  );
}

function unlessUnavailable(error: unknown): readonly string[] {
  if (error instanceof DatabaseUnavailable) return [];
  throw error;
}
