import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspectDatabase, parseDatabaseUrl } from "@jifen/database";
import { databaseKinds, describeOn, emptyDatabase, type FreshDatabase } from "@jifen/testkit";
import { onPostgresql } from "@jifen/testkit/processes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBulkEntries } from "./bulk-entries.ts";
import { jifen, startJifen } from "./jifen-command.ts";
import { journalOf } from "./journal.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const folder = createTemporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STOCK = 1_000_000;

/** Spends credits and logs each spending until it is stopped. `confirmed` has the transactions that the server has answered. */
function startClients(api: ApiWithAdmin) {
  const confirmed = new Set<string>();
  let isStopped = false;
  const client = async (name: string) => {
    for (let n = 0; !isStopped; n += 1) {
      const key = `${name}-${n}`;
      const spent = await api.post("/credits/consume", { amount: 1, action: "video" }, { key });
      expect(spent.status).toBe(200);
      const { transactionId } = spent.body;
      confirmed.add(transactionId);
      const log = {
        userId: user.email,
        action: "video",
        details: {},
        success: true,
        timestamp: new Date().toISOString(),
      };
      expect((await api.post("/logs/create", { ...log, transactionId }, { key })).status).toBe(200);
    }
  };
  const running = Promise.all(["one", "two", "three"].map(client));
  return {
    confirmed,
    stop: () => {
      isStopped = true;
      return running;
    },
  };
}

/** What a backup has not finished, or has left. */
const partialsOf = (file: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.partial`))
    .map((name) => `${folder}/${name}`);

describe.each(databaseKinds)("backup of %s", (kind) => {
  describeOn(kind)("while clients write", () => {
    const file = `${folder}/${kind}.tar`;
    let api: ApiWithAdmin;
    let target: FreshDatabase;
    let confirmedBefore: readonly string[] = [];

    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      target = await emptyDatabase(kind);
      await api.fund({ amount: STOCK });
    });
    afterAll(async () => {
      await target.drop();
      await api.server.stop();
    });

    test(`a backup on ${kind} while clients write is one file that only its owner can read`, async () => {
      const clients = startClients(api);
      await sleep(300);
      confirmedBefore = [...clients.confirmed];
      const { exitCode, stdout, stderr } = await jifen(api.server.database.url, "backup", file, "--json");
      await clients.stop();
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
      expect(clients.confirmed.size).toBeGreaterThan(confirmedBefore.length);
      expect(JSON.parse(stdout)).toMatchObject({ file, bytes: statSync(file).size, database: kind });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(partialsOf(file)).toEqual([]);
    });

    test(`a restore on ${kind} has every write that was confirmed before the backup, and passes the audits`, async () => {
      const { exitCode, stdout, stderr } = await jifen(target.url, "restore", file, "--json");
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
      const { ok, header, restored, audit } = JSON.parse(stdout);
      expect({ ok, differences: audit.differences }).toEqual({ ok: true, differences: [] });
      expect(restored).toEqual(header.holdings);

      const entries = await journalOf({ database: target }, user.email);
      expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, at) => at + 1));
      const ids = new Set(entries.map(({ id }) => id));
      expect(confirmedBefore.length).toBeGreaterThan(0);
      expect(confirmedBefore.filter((id) => !ids.has(id))).toEqual([]);
      const spent = entries.filter(({ kind: of }) => of === "consume").length;
      expect(entries.at(-1)?.balanceAfter).toBe(STOCK - spent);
      // Also: every transaction that a log names is there.
      expect(await jifen(target.url, "audit", "--logs")).toMatchObject({ exitCode: 0 });
    });

    test(`a restore on ${kind} into a database that has tables is refused and changes nothing`, async () => {
      const before = await journalOf({ database: target }, user.email);
      const refused = await jifen(target.url, "restore", file);
      expect(refused).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/not empty.*Nothing was changed.*不是空的/),
      });
      expect(await journalOf({ database: target }, user.email)).toEqual(before);
    });

    test(`a damaged or cut backup of ${kind} is refused before anything is restored`, async () => {
      const empty = await emptyDatabase(kind);
      const bytes = readFileSync(file);
      const damagedFile = `${file}.damaged`;
      const half = Math.floor(bytes.length / 2);
      bytes[half] = (bytes[half] as number) ^ 1;
      writeFileSync(damagedFile, bytes);
      const cutFile = `${file}.cut`;
      writeFileSync(cutFile, readFileSync(file));
      truncateSync(cutFile, half);
      for (const bad of [damagedFile, cutFile]) {
        const refused = await jifen(empty.url, "restore", bad);
        expect(refused).toMatchObject({
          exitCode: 1,
          stderr: expect.stringMatching(/incomplete or damaged.*Nothing was restored.*已损坏/),
        });
      }
      if (kind === "sqlite") expect(existsSync(parseDatabaseUrl(empty.url).location)).toBe(false);
      else expect((await inspectDatabase(empty.url)).schema.present).toBe(0);
      await empty.drop();
    });
  });
});

describeOn("postgresql")("a backup by pg_dump behind a pooler", () => {
  test("a restore through a pooler asks for the address of the server, and changes nothing", async () => {
    const [source, target] = [await emptyDatabase("postgresql"), await emptyDatabase("postgresql")];
    await createBulkEntries(source.url, { accounts: 1, each: 1 });
    const file = `${folder}/pooled.tar`;
    expect((await jifen(source.url, "backup", file, "--json")).stdout).toMatch(/"by": "pg_dump /);
    const pooled = new URL(target.url);
    pooled.searchParams.set("pgbouncer", "true");
    expect(await jifen(pooled.href, "restore", file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/leads to a pooler.*address of the PostgreSQL server.*连接池/),
    });
    expect((await inspectDatabase(target.url)).schema.present).toBe(0);
    await Promise.all([source.drop(), target.drop()]);
  });
});

describeOn("postgresql")("a backup during an upgrade", () => {
  test("rows are exported only by the version of the tables, and a restore of newer tables names that version", async () => {
    const source = await emptyDatabase("postgresql");
    await createBulkEntries(source.url, { accounts: 1, each: 1 });
    const { newest } = (await inspectDatabase(source.url)).schema;
    await onPostgresql(source.url, (client) =>
      client.query("INSERT INTO jifen_migrations (version, name) VALUES ($1, 'expand-future')", [newest + 1]),
    );
    const exported = new URL(source.url);
    exported.searchParams.set("pgbouncer", "true");
    expect(await jifen(exported.href, "backup", `${folder}/expanded-rows.tar`)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/back it up with the newer Jifen that migrated them.*新版本/),
    });
    const [file, target] = [`${folder}/expanded.tar`, await emptyDatabase("postgresql")];
    expect((await jifen(source.url, "backup", file)).exitCode).toBe(0);
    expect(await jifen(target.url, "restore", file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/the Jifen that migrated the tables, which is newer than/),
    });
    await Promise.all([source.drop(), target.drop()]);
  });
});

describe("the file of a backup", () => {
  let source: FreshDatabase;
  const empty = `file:${folder}/empty/jifen.db`;
  beforeAll(async () => {
    source = await emptyDatabase("sqlite");
    await createBulkEntries(source.url, { accounts: 20, each: 500 });
  });
  afterAll(() => source.drop());

  test("a backup that was killed leaves no file under its name, and the next one succeeds", async () => {
    const file = `${folder}/killed.tar`;
    const command = startJifen({ DATABASE_URL: source.url }, "backup", file);
    while (partialsOf(file).length === 0) await sleep(1);
    await command.kill();
    expect(existsSync(file)).toBe(false);
    for (const left of partialsOf(file)) expect((await jifen(empty, "restore", left)).exitCode).toBe(1);

    expect((await jifen(source.url, "backup", file)).exitCode).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  test("a backup that a signal ends leaves no files", async () => {
    const file = `${folder}/ended.tar`;
    const command = startJifen({ DATABASE_URL: source.url }, "backup", file);
    while (partialsOf(file).length === 0) await sleep(1);
    await command.kill("SIGTERM");
    expect([existsSync(file), partialsOf(file)]).toEqual([false, []]);
  });

  test("a backup replaces a file only with --force", async () => {
    const file = `${folder}/mine.tar`;
    writeFileSync(file, "mine");
    expect(await jifen(source.url, "backup", file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/exists.*--force/),
    });
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect((await jifen(source.url, "backup", file, "--force")).exitCode).toBe(0);
    expect(statSync(file).size).toBeGreaterThan(1_000);
  });

  test("a backup says what it holds, what it does not, and how to restore it", async () => {
    const { stdout } = await jifen(source.url, "backup", `${folder}/words.tar`);
    expect(stdout).toMatch(/sqlite \d.*tables of version \d+/);
    expect(stdout).toMatch(/20 accounts, 10020 transactions/);
    expect(stdout).toMatch(/Not in it: the settings.*JWT_SECRET/);
    expect(stdout).toMatch(/jifen restore .*words\.tar/);
  });

  test.each([
    { what: "no archive", bytes: "hello", says: /no backup of Jifen/ },
    { what: "a backup of a newer format", bytes: undefined, says: /format 2.*restore it with Jifen/ },
  ])("a restore refuses $what with words", async ({ bytes, says }) => {
    const file = `${folder}/other.tar`;
    if (bytes !== undefined) writeFileSync(file, bytes);
    else {
      expect((await jifen(source.url, "backup", file, "--force")).exitCode).toBe(0);
      writeFileSync(file, readFileSync(file).toString("latin1").replace('"version": 1', '"version": 2'), "latin1");
    }
    expect(await jifen(empty, "restore", file)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(says) });
    expect(existsSync(`${folder}/empty/jifen.db`)).toBe(false);
  });

  test("a backup of a database without tables is refused", async () => {
    expect(await jifen(empty, "backup", `${folder}/nothing.tar`)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/no tables of Jifen.*DATABASE_URL/),
    });
    expect(existsSync(`${folder}/nothing.tar`)).toBe(false);
  });
});
