import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describeOn, freePort, freshDatabase, runApi, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { changeDatabase, newerMigration } from "./change-database.ts";
import { jifen, jifenWith } from "./jifen-command.ts";
import { runUnprivileged } from "./run-unprivileged.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

// Each test starts several processes.
vi.setConfig({ testTimeout: timeLimit(90) });

/** The process ended with 1 and printed an explanation: no stack trace, and at most a hint after its line. */
function expectExplained({ exitCode, stderr }: { exitCode: number | null; stderr: string }, words: RegExp): void {
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(words) });
  expect(stderr).toMatch(/\p{Script=Han}/u);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
}

describe("a data folder that cannot be used", () => {
  let base: string;
  beforeAll(() => {
    base = createTemporaryFolder();
    chmodSync(base, 0o755);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const folder = () => base;
  const file = (name: string, content = "") => {
    const path = join(folder(), name);
    writeFileSync(path, content);
    return path;
  };

  test("DATA_DIR that is a file is refused, by the server and by commands", async () => {
    const path = file("data");
    expectExplained(await runApi({ env: { DATA_DIR: path } }), /DATA_DIR.*must be a folder/);
    expectExplained(await jifenWith({ DATA_DIR: path }, "migrate"), /cannot be opened.*must be a folder/);
  });

  test("DATA_DIR below a path that no folder can be made in is refused", async () => {
    expectExplained(await runApi({ env: { DATA_DIR: "/proc/jifen" } }), /DATA_DIR.*Create the folder/);
    const env = { JWT_SECRET: "a-secret-of-at-least-thirty-two-bytes", DATA_DIR: "/proc/jifen" };
    expectExplained(await runApi({ env }), /\/proc\/jifen\/jifen\.db cannot be opened.*Create the folder/);
    expectExplained(await jifenWith({ DATA_DIR: "/proc/jifen" }, "migrate"), /cannot be opened.*Create the folder/);
  });

  test("a database file that is a folder is refused", async () => {
    const path = join(folder(), "folder.db");
    mkdirSync(path);
    expectExplained(await runApi({ databaseUrl: `file:${path}` }), /folder\.db cannot be opened/);
    expectExplained(await jifen(`file:${path}`, "audit"), /folder\.db cannot be opened/);
  });

  test.each([
    { name: "notes.txt", content: "These are notes, and no database.\n".repeat(40) },
    { name: "half.db", content: `SQLite format 3\0${"\xff".repeat(600)}` },
  ])("a file that is no database is refused and kept: $name", async ({ name, content }) => {
    const path = file(name, content);
    expectExplained(await runApi({ databaseUrl: `file:${path}` }), /no intact SQLite database/);
    expectExplained(await jifen(`file:${path}`, "migrate", "--check"), /no intact SQLite database/);
    expectExplained(await jifen(`file:${path}`, "audit"), /no intact SQLite database/);
    expect(readdirSync(folder()).filter((each) => each.startsWith(`${name}.version`))).toEqual([]);
  });

  test.skipIf(!runUnprivileged.isPossible)(
    "a folder of another user is refused, with the permission it needs",
    async () => {
      const data = join(folder(), "of-root");
      mkdirSync(data, { mode: 0o755 });
      expectExplained(await runUnprivileged({ DATA_DIR: data }), /permission denied.*write permission/);
      const env = { DATA_DIR: data, JWT_SECRET: "a-secret-of-at-least-thirty-two-bytes" };
      expectExplained(await runUnprivileged(env), /jifen\.db cannot be opened.*write permission/);
      chmodSync(data, 0o700);
      expectExplained(await runUnprivileged(env), /jifen\.db cannot be opened.*write permission/);
    },
  );

  test.skipIf(!runUnprivileged.isPossible)("a database file that this user may only read is refused", async () => {
    const fresh = await freshDatabase("sqlite");
    await jifen(fresh.url, "migrate");
    const path = fresh.url.slice("file:".length);
    chownSync(join(path, ".."), 0, 0);
    chmodSync(join(path, ".."), 0o755);
    chmodSync(path, 0o444);
    expectExplained(
      await runUnprivileged({ DATABASE_URL: fresh.url, JWT_SECRET: "x".repeat(32) }),
      /read-only|permission/,
    );
    await fresh.drop();
  });
});

describe("an address that cannot be listened on", () => {
  test.each([
    { env: { HOST: "192.0.2.7" }, says: /HOST is no address of this machine/ },
    { env: { HOST: "no-such-host.invalid" }, says: /HOST is no address of this machine/ },
    { env: { HOST: "2001:db8::7" }, says: /HOST is no address of this machine/ },
  ])("$env is refused before the database is made", async ({ env, says }) => {
    const fresh = await freshDatabase("sqlite");
    expectExplained(await runApi({ env, databaseUrl: fresh.url }), says);
    expect(existsSync(fresh.url.slice("file:".length))).toBe(false);
    await fresh.drop();
  });

  test("a port in use is found before the database is made", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const fresh = await freshDatabase("sqlite");
    expectExplained(await runApi({ env: { PORT: String(port) }, databaseUrl: fresh.url }), /port is taken/);
    expect(existsSync(fresh.url.slice("file:".length))).toBe(false);
    other.close();
    await fresh.drop();
  });
});

describe("a database server that cannot be used", () => {
  test.each([
    { url: "postgresql://a:hunter2@no-such-host.invalid/jifen", says: /host of DATABASE_URL is unknown/ },
    { url: "mysql://a:hunter2@no-such-host.invalid/jifen", says: /host of DATABASE_URL is unknown/ },
    { url: "postgresql://a:hunter2@127.0.0.1:1/jifen", says: /cannot be reached: connect ECONNREFUSED.*Check that it/ },
    { url: "mysql://a:hunter2@127.0.0.1:1/jifen", says: /cannot be reached: .*ECONNREFUSED.*Check that it/ },
    { url: "mongodb://a:hunter2@127.0.0.1:1/jifen", says: /cannot be reached: .*ECONNREFUSED.*Check that it/ },
    { url: "postgresql:///jifen?host=/nowhere", says: /cannot be reached: .*ENOENT/ },
  ])("the server and commands explain $url without its password", async ({ url, says }) => {
    const starting = runApi({ databaseUrl: url });
    const commands = [await jifen(url, "migrate"), await jifen(url, "audit")];
    for (const result of [await starting, ...commands]) {
      expectExplained(result, says);
      expect(result.stderr).not.toContain("hunter2");
    }
  });

  test("LOG_LEVEL=debug prints the stack trace, without the password", async () => {
    const databaseUrl = "postgresql://a:hunter2@127.0.0.1:1/jifen";
    const { exitCode, stderr } = await runApi({ databaseUrl, env: { LOG_LEVEL: "debug" } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^\s+at /m) });
    expect(stderr).not.toContain("hunter2");
  });
});

for (const kind of ["postgresql", "mysql"] as const) {
  describeOn(kind)(`a server of ${kind} that refuses`, () => {
    const serverUrl = (change: (url: URL) => void) => {
      const url = new URL(inject(`${kind}Url`));
      url.pathname = "/jifen_missing_database";
      change(url);
      return url.href;
    };

    test("a database that does not exist is named as the reason", async () => {
      const url = serverUrl(() => undefined);
      expectExplained(await runApi({ databaseUrl: url }), /database does not exist.*create it/);
      expectExplained(await jifen(url, "migrate"), /database does not exist.*create it/);
    });

    test("a user that does not exist is named as the reason", async () => {
      const url = serverUrl((each) => {
        each.username = "jifen_unknown_user";
        each.password = "hunter2";
      });
      const result = await runApi({ databaseUrl: url });
      expectExplained(result, /refused the user or the password/);
      expect(result.stderr).not.toContain("hunter2");
    });
  });
}

describeOn("postgresql")("a database whose schema is newer", () => {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    fresh = await freshDatabase("postgresql");
    await jifen(fresh.url, "migrate");
    await changeDatabase(fresh, newerMigration);
  });
  afterAll(() => fresh.drop());

  test("is refused with the version to use", async () => {
    expectExplained(await runApi({ databaseUrl: fresh.url }), /start the newer version again/);
  });
});

describeOn("postgresql")("while the tables are migrated", () => {
  test("the server lives, is not ready, and refuses requests as without effect", async () => {
    const fresh = await freshDatabase("postgresql");
    const lock = new pg.Client({ connectionString: fresh.url });
    await lock.connect();
    // The key of the migration lock.
    await lock.query("SELECT pg_advisory_lock(5140721006)");
    const port = await freePort();
    const starting = startApi({ databaseUrl: fresh.url, env: { PORT: String(port) } });
    const call = async (method: string, path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method }).catch(() => undefined);
      return answer && { status: answer.status, body: (await answer.json()) as unknown };
    };
    await expect.poll(() => call("GET", "/livez"), { timeout: timeLimit(20) }).toMatchObject({ status: 200 });
    expect(await call("GET", "/readyz")).toMatchObject({ status: 503, body: { starting: true } });
    expect(await call("POST", "/credits/consume")).toMatchObject({
      status: 503,
      body: { code: "DATABASE_UNAVAILABLE" },
    });
    await lock.end();
    await using api = await starting;
    expect(await call("GET", "/readyz")).toMatchObject({ status: 200 });
    await api.stop();
    await fresh.drop();
  });
});
