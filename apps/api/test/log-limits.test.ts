import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, aboveDatabaseKinds, callRest, describeOn, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { other, type Server, startServer, user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const MINUTES = 60_000;
const logOf = (details: object, of = user) => ({
  userId: of.email,
  action: "video",
  details,
  success: true,
  timestamp: "2026-01-01T00:00:00Z",
});

describe.each(aboveDatabaseKinds)("the size of logs on %s", (kind) => {
  describeOn(kind)("", () => {
    test(
      "details beyond LOG_DETAILS_BYTES are refused by name, in UTF-8 bytes, with the limit",
      async () => {
        const server = await startServer(kind);
        const token = await server.token();
        const write = (details: object) => server.call("POST", "/logs/create", { token, body: logOf(details) });
        expect((await write({ x: "x".repeat(8_192 - 8) })).status).toBe(200);
        expect(await write({ x: "x".repeat(8_192 - 7) })).toMatchObject({
          status: 400,
          body: {
            code: "VALIDATION_FAILED",
            issues: [{ path: "details", message: expect.stringMatching(/8193.*8192/) }],
          },
        });
        // 3,000 characters of three bytes each.
        expect(await write({ x: "积".repeat(3_000) })).toMatchObject({ status: 400 });
        await server.stop();
      },
      2 * MINUTES,
    );

    test.each(["memory", "database"])(
      "a user has a budget of bytes an hour, counted in %s, and others go on",
      async (store) => {
        const server: Server = await startServer(kind, {
          LOG_BYTES_PER_HOUR: "64KB",
          LOG_DETAILS_BYTES: "65536",
          RATE_LIMIT_STORE: store,
        });
        const [mine, theirs] = [await server.token(), await server.token(other)];
        const write = (token: string, details: object, of = user) =>
          server.call("POST", "/logs/create", { token, body: logOf(details, of) });
        expect((await write(mine, { x: "x".repeat(40_000) })).status).toBe(200);
        const refused = await write(mine, { x: "x".repeat(30_000) });
        expect(refused).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
        const retryAfter = Number(refused.headers.get("retry-after"));
        expect(retryAfter).toBeGreaterThan(0);
        expect(retryAfter).toBeLessThanOrEqual(3_600);
        expect((await write(theirs, {}, other)).status).toBe(200);
        const spend = await server.call("POST", "/credits/consume", { token: mine, body: { amount: 1, action: "a" } });
        expect(spend.status).toBe(200);
        await server.stop();
      },
      2 * MINUTES,
    );
  });
});

/** A file system of its own, or the reason why there is none. */
function mountSmallDisk(megabytes: number): string | Error {
  const folder = mkdtempSync(join(tmpdir(), "jifen-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "pipe" });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true });
    return error as Error;
  }
}

const disk = mountSmallDisk(24);
if (disk instanceof Error) process.stderr.write(`SKIPPED: a small disk of an embedded database; ${disk.message}\n`);

describe.skipIf(disk instanceof Error)("a small disk of an embedded database (needs the right to mount)", () => {
  const folder = String(disk);
  afterAll(() => {
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const linesOf = (api: Api, words: string) => api.logs().filter(({ msg }) => String(msg).includes(words)).length;

  test(
    "logs fill it to the reserve, and then suspending, consuming and revoking still work",
    async () => {
      const databaseUrl = `file:${join(folder, "jifen.db")}`;
      const admin = { email: "admin@example.com", password: "password789" };
      await createTestUsers(
        databaseUrl,
        [user, other, admin].map(({ email, password }) => `${email}:${password}`).join(","),
        100_000,
      );
      const api = await startApi({
        databaseUrl,
        env: {
          ADMIN_EMAILS: admin.email,
          LOG_DISK_RESERVE: "8MB",
          LOG_DETAILS_BYTES: "65536",
          METRICS_TOKEN: "a-metrics-token-0123456789",
        },
      });
      await using _ = api;
      const post = (path: string, body: object, token?: string) =>
        callRest(api.url, "POST", path, { body, ...(token && { token }) });
      const login = async (of: typeof user) => (await post("/auth/login", of)).body.token as string;
      const [mine, theirs, staff] = [await login(user), await login(other), await login(admin)];
      const details = { x: "x".repeat(60_000) };

      let written = 0;
      let answer = await post("/logs/create", logOf(details), mine);
      for (; answer.status === 200 && written < 2_000; written += 1)
        answer = await post("/logs/create", logOf(details), mine);
      expect(written).toBeGreaterThan(20);
      expect(answer).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });

      for (let n = 0; n < 20; n += 1)
        expect((await post("/credits/consume", { amount: 1, action: "a" }, mine)).status).toBe(200);
      const path = `/admin/users/${encodeURIComponent(user.email)}`;
      expect((await post(`${path}/revocations`, { amount: 30, reason: "flood" }, staff)).status).toBe(200);
      expect((await post(`${path}/suspend`, { reason: "flood" }, staff)).status).toBe(200);
      expect((await post("/logs/create", logOf({}), mine)).status).toBe(401);
      expect((await callRest(api.url, "GET", "/readyz")).status).toBe(200);
      const metrics = await fetch(`${api.url}/metrics`, {
        headers: { authorization: "Bearer a-metrics-token-0123456789" },
      });
      expect(await metrics.text()).toContain("\njifen_logs_refused_for_disk 1\n");
      expect(linesOf(api, "the disk is nearly full: logs are refused")).toBe(1);

      // Other data takes the rest of the disk: only now is nothing left for credits.
      const filler = join(folder, "filler");
      try {
        execFileSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k", "count=100000"], { stdio: "ignore" });
      } catch {
        // It ends when the disk is full.
      }
      const metadata = { x: "x".repeat(4_000) };
      const spend = async () => (await post("/credits/consume", { amount: 1, action: "a", metadata }, theirs)).status;
      const statuses = new Set<number>();
      for (let n = 0; n < 3_000 && !statuses.has(503); n += 1) statuses.add(await spend());
      expect([...statuses].filter((status) => status !== 200)).toEqual([503]);
      await expect
        .poll(async () => (await callRest(api.url, "GET", "/readyz")).body.database, { timeout: timeLimit(20) })
        .toBe("full");

      rmSync(filler);
      await expect.poll(spend, { timeout: timeLimit(20) }).toBe(200);
      await expect
        .poll(async () => (await callRest(api.url, "GET", "/readyz")).status, { timeout: timeLimit(20) })
        .toBe(200);
      expect(linesOf(api, "the database cannot be written: the disk of the database is full")).toBe(1);
      expect((await jifen(databaseUrl, "doctor")).stdout).toMatch(/. disk: \d+ MB are free/);
    },
    5 * MINUTES,
  );
});
