import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { migrateDatabase } from "../../packages/database/src/index.ts";
import { type Statement, statementsOf } from "../../packages/database/src/schema/statements.ts";
import type { DatabaseKind } from "../../packages/testkit/src/fresh-database.ts";
import { onMysql, onPostgresql } from "../../packages/testkit/src/processes.ts";

/** The environment variables with the path of the script, for the test processes. */
export const scriptVariables = {
  postgresql: "TEST_POSTGRES_AFTER_MIGRATIONS",
  mysql: "TEST_MYSQL_AFTER_MIGRATIONS",
} as const;

/** The kinds of databases on which a script can run. */
export type ScriptedKind = keyof typeof scriptVariables;

/** Whether a script can run on this kind of database. */
export const isScripted = (kind: DatabaseKind): kind is ScriptedKind => kind in scriptVariables;

/** A statement of the script failed. */
export class ScriptFailed extends Error {
  override name = "ScriptFailed";
}

type Run = (sql: string) => Promise<unknown>;

/** Creates the tables of a database, then runs the script there, one statement after the other. @throws ScriptFailed */
export async function migrateAndRun(kind: ScriptedKind, url: string, script: string): Promise<void> {
  await migrateDatabase(url);
  const statements = statementsOf(kind, readFileSync(script, "utf8"));
  const runAll = async (run: Run) => {
    for (const statement of statements) {
      await run(statement.text).catch((error: Error) => {
        throw new ScriptFailed(describe(script, statement, error), { cause: error });
      });
    }
  };
  await (kind === "postgresql"
    ? onPostgresql(url, (client) => runAll((sql) => client.query(sql)))
    : onMysql(url, (connection) => runAll((sql) => connection.query(sql))));
}

/** Hides the passwords of statements such as CREATE ROLE, also where a server repeats them. */
const withoutPasswords = (text: string): string =>
  text.replaceAll(/\b(IDENTIFIED\s+BY|PASSWORD)(\s*=?\s*)'[^']*'/gi, "$1$2'…'");

function describe(script: string, { text, line }: Statement, error: Error & { readonly sqlMessage?: string }): string {
  // The driver for MySQL adds the statement to its message, and has the server's words apart.
  const reason = withoutPasswords(error.sqlMessage ?? error.message);
  return `${basename(script)}, line ${line}: ${withoutPasswords(text).slice(0, 300)}\n  ${reason}`;
}
