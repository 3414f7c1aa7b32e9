import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { databaseKinds, describeOn, type FreshDatabase, freshDatabase, runApi, startApi } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addToBalance, changeDatabase, newerMigration } from "./change-database.ts";
import { jifen, jifenWith } from "./jifen-command.ts";
import { startMailbox } from "./mailbox.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`jifen migrate on ${kind}`, () => {
    let fresh: FreshDatabase;
    beforeEach(async () => {
      fresh = await freshDatabase(kind);
    });
    afterEach(() => fresh.drop());

    test("a server with AUTO_MIGRATE=off and every command refuse a database before jifen migrate", async () => {
      const start = { databaseUrl: fresh.url, env: { AUTO_MIGRATE: "off" } };
      expect(await runApi(start)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("jifen migrate") });
      expect(await jifen(fresh.url, "admin", "create", "admin@example.com")).toMatchObject({ exitCode: 1 });
      const check = await jifen(fresh.url, "migrate", "--check", "--json");
      expect(check.exitCode).toBe(1);
      expect(JSON.parse(check.stdout)).toMatchObject({ present: 0, isCurrent: false });

      const many = await Promise.all(Array.from({ length: 4 }, () => jifen(fresh.url, "migrate", "--json")));
      expect(many.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
      const done = many.map(({ stdout }) => JSON.parse(stdout).files.length);
      expect(done.filter((count) => count > 0)).toHaveLength(1);
      expect(await jifen(fresh.url, "migrate", "--check")).toMatchObject({ exitCode: 0 });
      expect(await jifen(fresh.url, "migrate")).toMatchObject({
        stdout: expect.stringContaining("No migration was needed"),
      });
      await using api = await startApi(start);
      expect(api.url).toMatch(/^http/);
    });

    test("jifen doctor accepts a new database and reports missing parts and damage", async () => {
      await jifen(fresh.url, "migrate");
      const doctor = async () => {
        const { exitCode, stdout } = await jifen(fresh.url, "doctor", "--json");
        const { ok, findings } = JSON.parse(stdout);
        const states = findings.map(({ about, state }: Record<string, string>) => [about, state]);
        return { exitCode, ok, ...Object.fromEntries(states) };
      };
      expect(await doctor()).toEqual({
        exitCode: 0,
        ok: true,
        settings: "ok",
        database: "ok",
        writes: "ok",
        ...(kind === "sqlite" ? { disk: "ok" } : {}),
        schema: "ok",
        clock: "ok",
        ...(kind === "postgresql" || kind === "mysql" ? { connections: "ok", logs: "ok" } : {}),
        admin: "warning",
        ledger: "warning",
      });
      await jifen(fresh.url, "admin", "create", "admin@example.com");
      await jifen(fresh.url, "audit");
      expect(await doctor()).toMatchObject({ exitCode: 0, admin: "ok", ledger: "ok" });
      await changeDatabase(fresh, addToBalance(1));
      await jifen(fresh.url, "audit");
      expect(await doctor()).toMatchObject({ exitCode: 1, ok: false, ledger: "error" });
      await changeDatabase(fresh, newerMigration);
      expect(await doctor()).toMatchObject({ exitCode: 1, schema: "error" });
    });
  });
}

describe("an embedded database", () => {
  test("a start that migrates an embedded database copies it first and logs both, and a start that does not logs neither", async () => {
    const fresh = await freshDatabase("sqlite");
    await jifen(fresh.url, "migrate");
    const folder = dirname(fresh.url.slice("file:".length));
    const copies = () => readdirSync(folder).filter((name) => name.endsWith(".copy"));
    const logOfStart = async () => {
      const api = await startApi({ databaseUrl: fresh.url, env: { USER_WHITELIST: "ann@example.com:password123" } });
      await api.stop();
      return api.logs();
    };
    const aboutMigrations = { msg: expect.stringContaining("migrated") };
    expect(await logOfStart()).not.toContainEqual(expect.objectContaining(aboutMigrations));
    expect(copies()).toEqual([]);
    // The state before the newest migration, which adds tables, columns and indexes.
    const migrations = new URL("../../../packages/database/migrations/sqlite/", import.meta.url);
    const files = readdirSync(migrations).toSorted();
    const sql = readFileSync(new URL(files.at(-1) ?? "", migrations), "utf8");
    for (const [, index] of sql.matchAll(/CREATE INDEX (\w+)/g)) await changeDatabase(fresh, `DROP INDEX ${index}`);
    for (const [, table] of sql.matchAll(/CREATE TABLE (\w+)/g)) await changeDatabase(fresh, `DROP TABLE ${table}`);
    for (const [, table, column] of sql.matchAll(/ALTER TABLE (\w+) ADD COLUMN (\w+)/g)) {
      await changeDatabase(fresh, `ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
    await changeDatabase(fresh, `DELETE FROM jifen_migrations WHERE version = ${files.length}`);
    const before = files.length - 1;
    const log = await logOfStart();
    expect(copies()).toEqual([expect.stringMatching(new RegExp(`^jifen\\.db\\.version-${before}\\..*\\.copy$`))]);
    const copied = join(folder, String(copies()[0]));
    expect(log).toContainEqual(
      expect.objectContaining({
        ...{ level: "info", from: before, to: files.length, files: [files.at(-1)], copies: [copied] },
        msg: `migrated the database from version ${before} to ${files.length}; it was copied to ${copied} before`,
      }),
    );
    const copy = `file:${copied}`;
    expect(JSON.parse((await jifen(copy, "migrate", "--check", "--json")).stdout)).toMatchObject({ present: before });
    const { exitCode, stdout } = await jifen(copy, "migrate");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("Copy from before: ") });
    expect((await jifen(copy, "audit")).stdout).toContain("The ledger is consistent");
    await fresh.drop();
  });
});

describe("jifen doctor", () => {
  const runDoctor = async (env: Record<string, string>) => {
    const { exitCode, stdout } = await jifenWith(env, "doctor", "--json");
    return { exitCode, findings: JSON.parse(stdout).findings as Record<string, string>[] };
  };
  const find = async (about: string, env: Record<string, string>) => {
    const { exitCode, findings } = await runDoctor(env);
    return { exitCode, ...findings.find((each) => each["about"] === about) };
  };

  test.each<{ about: string; env: Record<string, string>; message: RegExp }>([
    { about: "settings", env: { PORT: "many" }, message: /PORT must be a whole number/ },
    { about: "database", env: { DATABASE_URL: "postgresql://127.0.0.1:1/jifen" }, message: /cannot be reached/ },
    { about: "redis", env: { REDIS_URL: "redis://127.0.0.1:1" }, message: /does not respond/ },
    { about: "mail", env: { SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "a@b.co" }, message: /cannot be used/ },
  ])("jifen doctor reports what is wrong with $env", async ({ about, env, message }) => {
    const folder = mkdtempSync(join(tmpdir(), "jifen-doctor-"));
    expect(await find(about, { DATA_DIR: folder, ...env })).toMatchObject({
      exitCode: 1,
      state: "error",
      message: expect.stringMatching(message),
    });
    rmSync(folder, { recursive: true });
  });

  test("jifen doctor connects to the mail server, warns about development settings and prints no secret", async () => {
    const mailbox = await startMailbox();
    const folder = mkdtempSync(join(tmpdir(), "jifen-doctor-"));
    mkdirSync(folder, { recursive: true });
    const secret = "a-secret-that-must-never-be-printed-00";
    const env = { DATA_DIR: folder, NODE_ENV: "production", JWT_SECRET: secret };
    const { exitCode, findings } = await runDoctor({ ...env, SMTP_URL: mailbox.url, MAIL_FROM: "a@b.co" });
    expect(exitCode).toBe(0);
    const states = Object.fromEntries(findings.map(({ about, state }) => [about, state]));
    expect(states).toMatchObject({ mail: "ok", PUBLIC_URL: "warning", FRONTEND_URL: "warning", schema: "warning" });
    expect(JSON.stringify(findings)).not.toContain(secret);
    await mailbox.close();
    rmSync(folder, { recursive: true });
  });

  test("jifen doctor reports a database server that does not respond", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const found = await find("database", { DATABASE_URL: `postgresql://127.0.0.1:${port}/jifen` });
    expect(found).toMatchObject({ exitCode: 1, state: "error" });
    silent.close();
  });
});
