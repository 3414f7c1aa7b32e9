import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, inject, test, vi } from "vitest";
import {
  describeOn,
  emptyDatabase,
  freshDatabase,
  prepareDatabases,
} from "../../packages/testkit/src/fresh-database.ts";
import {
  hasOwnMysql,
  hasOwnPostgresql,
  onMysql,
  onPostgresql,
  startOwnMysql,
  startOwnPostgresql,
} from "../../packages/testkit/src/processes.ts";
import { serverVariables } from "../../packages/testkit/src/server-variables.ts";
import { migrateAndRun, ScriptFailed } from "./after-migrations.ts";
import { NotTheSameDatabase, tryOptions } from "./try-options.ts";

const folder = mkdtempSync(join(tmpdir(), "jifen-verify-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A script with these statements. */
function scriptOf(sql: string): string {
  const path = join(folder, "operator.sql");
  writeFileSync(path, sql);
  return path;
}

const servers = {
  postgresql: {
    isInstalled: hasOwnPostgresql(),
    start: startOwnPostgresql,
    column: async (url: string, sql: string) =>
      (await onPostgresql(url, (client) => client.query<{ name: string }>(sql))).rows.map(({ name }) => name),
  },
  mysql: {
    isInstalled: hasOwnMysql(),
    start: startOwnMysql,
    column: async (url: string, sql: string) =>
      (await onMysql(url, (connection) => connection.query<{ name: string }[]>(sql))).map(({ name }) => name),
  },
} as const;

describe.each(["postgresql", "mysql"] as const)("verify:db with options on %s", (kind) => {
  const { column, isInstalled, start } = servers[kind];
  const byName = (url: string) => url.replace("127.0.0.1", "localhost");

  describeOn(kind)("", () => {
    const url = inject(`${kind}Url`);
    const given = { kind, url, secondUrl: undefined, afterMigrations: undefined };
    const tables = async (at: string) =>
      column(
        at,
        `SELECT table_name AS name FROM information_schema.tables
         WHERE table_schema = ${kind === "mysql" ? "DATABASE()" : "'public'"}`,
      );

    test("verify:db accepts two addresses of one server", async () => {
      await tryOptions({ ...given, secondUrl: byName(url) });
    });

    test.skipIf(!isInstalled)("verify:db refuses the addresses of two servers, and names both", async () => {
      await using other = await start();
      const error = await tryOptions({ ...given, secondUrl: other.url }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotTheSameDatabase);
      expect(String(error)).toContain(new URL(url).host);
      expect(String(error)).toContain(new URL(other.url).host);
    });

    test("verify:db shows a failing statement of the script with its file and line, without its password", async () => {
      const sql = "-- first\nCREATE TABLE one (id integer);\nALTER USER unknown_user IDENTIFIED BY 'secret' NONSENSE;";
      const error = await tryOptions({ ...given, afterMigrations: scriptOf(sql) }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ScriptFailed);
      expect(String(error)).toMatch(
        /operator\.sql, line 3: ALTER USER unknown_user IDENTIFIED BY '…' NONSENSE\n {2}\w/,
      );
      expect(String(error)).not.toContain("secret");
    });

    test("a prepared run has the tables and the script in fresh databases, and nothing in empty ones", async () => {
      const script = scriptOf("CREATE TABLE of_operator (id integer); ALTER TABLE of_operator ADD name text;");
      prepareDatabases((_, at) => migrateAndRun(kind, at, script));
      const [fresh, empty] = [await freshDatabase(kind), await emptyDatabase(kind)];
      prepareDatabases(async () => undefined);
      expect(await tables(fresh.url)).toEqual(expect.arrayContaining(["accounts", "of_operator"]));
      expect(await tables(empty.url)).toEqual([]);
      await Promise.all([fresh.drop(), empty.drop()]);
    });

    test("a run with a second URL has the address of each database there", async () => {
      vi.stubEnv(serverVariables[kind].secondUrl, byName(url));
      const fresh = await freshDatabase(kind);
      vi.unstubAllEnvs();
      expect(fresh.secondUrl).toBe(byName(fresh.url));
      await fresh.drop();
    });
  });
});

describeOn("postgresql")("the command line of verify:db", () => {
  test("verify:db prints the URLs without passwords, and ends with code 2 when the script fails", () => {
    const url = inject("postgresqlUrl");
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const args = ["--second-url", url, "--after-migrations", scriptOf("SELECT 1;\nSELECT nothing;")];
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, url, ...args], { encoding: "utf8" });
    expect(stdout).toContain(`second process 第二个进程: postgresql://${new URL(url).username}`);
    expect(stdout).toContain("operator.sql");
    expect(stderr).toContain('operator.sql, line 2: SELECT nothing\n  column "nothing" does not exist');
    expect(status).toBe(2);
  });
});
