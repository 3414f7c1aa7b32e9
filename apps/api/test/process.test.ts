import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callRest, runApi, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, expect, test } from "vitest";
import { user } from "./start-server.ts";

const whitelist = { USER_WHITELIST: `${user.email}:${user.password}` };

describe("start", () => {
  test("a start without settings logs one JSON line that the server is ready", async () => {
    await using api = await startApi();
    expect(api.logs()).toMatchObject([
      { level: "info", msg: "ready", url: expect.stringMatching(/^http:/), database: "sqlite" },
    ]);
    expect(await callRest(api.url, "GET", "/readyz")).toMatchObject({
      status: 200,
      body: { status: "ok", database: "ok" },
    });
    expect(await callRest(api.url, "GET", "/livez")).toMatchObject({ status: 200 });
  });

  test("the server listens before the users of USER_WHITELIST exist, and /readyz says when they can log in", {
    timeout: timeLimit(90),
  }, async () => {
    const users = Array.from({ length: 3 }, (_, at) => ({
      email: `user${at}@example.com`,
      password: `pass-${at}-word`,
    }));
    const env = { USER_WHITELIST: users.map(({ email, password }) => `${email}:${password}`).join(",") };
    await using api = await startApi({ env, waitFor: "listening" });
    expect(await callRest(api.url, "GET", "/livez")).toMatchObject({ status: 200 });
    expect(await callRest(api.url, "GET", "/readyz")).toMatchObject({ status: 503, body: { starting: true } });
    const ready = async () => (await callRest(api.url, "GET", "/readyz")).body;
    await expect
      .poll(ready, { timeout: timeLimit(60), interval: 100 })
      .toMatchObject({ status: "ok", starting: false });
    const last = users.at(-1);
    expect(await callRest(api.url, "POST", "/auth/login", { body: last })).toMatchObject({ status: 200 });
    expect(api.logs().at(-1)).toMatchObject({ msg: "ready", whitelist: { made: 3, changed: 0 } });
  });

  test("a server that is stopped while it applies USER_WHITELIST exits with 0", async () => {
    const users = Array.from({ length: 40 }, (_, at) => `user${at}@example.com:pass-${at}-word`);
    const api = await startApi({ env: { USER_WHITELIST: users.join(",") }, waitFor: "listening" });
    expect(await api.stop()).toBe(0);
    expect(api.logs().at(-1)).toMatchObject({ msg: "stopped" });
  });

  test("a start with invalid settings exits with one message that lists every problem and its fix", async () => {
    const { exitCode, stdout, stderr } = await runApi({
      env: {
        PORT: "abc",
        NODE_ENV: "production",
        JWT_SECRET: "too-short",
        DATABASE_URL: "oracle://db",
        USER_WHITELIST: "unknown",
      },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/PORT must be a whole number/);
    expect(stderr).toMatch(/JWT_SECRET.*at least 32 bytes.*openssl rand/);
    expect(stderr).toMatch(/DATABASE_URL must begin with file:, postgresql:/);
    expect(stderr).toMatch(/USER_WHITELIST entry 1 must be email:password/);
    expect(stderr).not.toMatch(/too-short|at .*\.js:/);
  });

  test("a start on a port in use exits with a message", async () => {
    await using api = await startApi();
    const { exitCode, stderr } = await runApi({ env: { PORT: new URL(api.url).port } });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/port is taken/) });
  });

  test("a start without a reachable database exits with a message that has no password", async () => {
    const { exitCode, stderr } = await runApi({ databaseUrl: "postgresql://someone:hunter2@127.0.0.1:9/none" });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/cannot be reached.*DATABASE_URL/),
    });
    expect(stderr).not.toContain("hunter2");
  });

  test("a development server generates its secret once, readable by its owner only, so that sessions survive a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "jifen-secret-"));
    const env = { DATA_DIR: folder, ...whitelist };
    const first = await startApi({ env });
    const { token } = (await callRest(first.url, "POST", "/auth/login", { body: user })).body;
    await first.stop();
    expect(statSync(join(folder, "jwt-secret")).mode & 0o777).toBe(0o600);
    await using second = await startApi({ env });
    expect(await callRest(second.url, "GET", "/credits/balance", { token })).toMatchObject({ status: 200 });
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  test.skipIf(!olderNode())("a start on an older Node.js is refused with one sentence", async () => {
    const main = new URL("../dist/main.js", import.meta.url).pathname;
    const failed = (() => {
      try {
        return execFileSync(olderNode() ?? "", [main], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      } catch (error) {
        return (error as { stderr: string }).stderr;
      }
    })();
    expect(failed.trim().split("\n")).toEqual([expect.stringMatching(/^Jifen needs Node 22\.18 or newer/)]);
  });
});

/** The path of a Node.js on this machine that the server refuses. */
function olderNode(): string | undefined {
  const candidates = ["/usr/bin/node", "/usr/local/bin/node"];
  return candidates.find((path) => {
    try {
      const [major = 0] = execFileSync(path, ["--version"], { encoding: "utf8" }).slice(1).split(".").map(Number);
      return major < 22;
    } catch {
      return false;
    }
  });
}

describe("SIGTERM", () => {
  test("SIGTERM lets a running request finish, refuses new ones and exits with 0", async () => {
    const api = await startApi({ env: whitelist });
    const login = callRest(api.url, "POST", "/auth/login", { body: user });
    // The signal arrives during the hashing of the password.
    await new Promise((resolve) => setTimeout(resolve, 60));
    const stopped = api.stop();
    expect(await login).toMatchObject({ status: 200, body: { success: true } });
    expect(await stopped).toBe(0);
    await expect(callRest(api.url, "GET", "/health")).rejects.toThrow();
    expect(api.logs().at(-1)).toMatchObject({ msg: "stopped" });
  });

  test("SIGTERM does not wait for idle connections", async () => {
    const api = await startApi();
    await callRest(api.url, "GET", "/health");
    const startedAt = Date.now();
    expect(await api.stop()).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  test.each([
    { says: "a connection that never sent anything", bytes: "" },
    { says: "half a request line", bytes: "GET /hea" },
    { says: "half of the headers", bytes: "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Le" },
    { says: "half of the headers after a whole request", bytes: "GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /he" },
  ])("SIGTERM does not wait for $says", async ({ bytes }) => {
    const api = await startApi();
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
      socket.on("error", () => undefined);
      socket.resume().write(bytes);
      return socket;
    });
    await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, "connect") : undefined)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = Date.now();
    expect(await api.stop()).toBe(0);
    // Less than the ten seconds after which Docker kills, and than every deadline of the server.
    expect(Date.now() - startedAt).toBeLessThan(4_000);
    for (const socket of sockets) socket.destroy();
  });

  test("an answer that is sent after SIGTERM closes its connection", async () => {
    const api = await startApi({ env: whitelist });
    const agent = new Agent({ keepAlive: true });
    const { port } = new URL(api.url);
    const headers = { "content-type": "application/json" };
    const login = request({ agent, port, host: "127.0.0.1", path: "/auth/login", method: "POST", headers });
    const { promise: connection, resolve } = Promise.withResolvers<string | undefined>();
    login.on("response", (response) => resolve(response.resume().headers.connection));
    login.end(JSON.stringify(user));
    await new Promise((done) => setTimeout(done, 60));
    const stopped = api.stop();
    expect(await connection).toBe("close");
    expect(await stopped).toBe(0);
    agent.destroy();
  });

  test("SIGTERM lets a half-sent request finish", async () => {
    const api = await startApi();
    const { port } = new URL(api.url);
    // Half a request keeps the connection open; the rest is sent after the signal.
    const half = request({
      port,
      host: "127.0.0.1",
      path: "/auth/verify",
      method: "POST",
      headers: { "content-type": "application/json", "content-length": 13 },
    });
    half.write('{"token"');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = api.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { promise: status, resolve } = Promise.withResolvers<number | undefined>();
    half.on("response", (response) => resolve(response.resume().statusCode));
    half.end(':"x"}');
    expect(await status).toBe(200);
    expect(await stopped).toBe(0);
  });
});
