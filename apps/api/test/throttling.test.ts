import { once } from "node:events";
import {
  type Api,
  aboveDatabaseKinds,
  callRest,
  describeOn,
  freePort,
  freshDatabase,
  openFaultProxy,
  startApi,
} from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isRedisMissing, type RedisServer, startRedis } from "./start-redis.ts";
import { other, type Server, startServer, user } from "./start-server.ts";

const wrong = { email: user.email, password: "wrong" };
const loginAt = (url: string, body: object, forwarded?: string) =>
  callRest(url, "POST", "/auth/login", { body, ...(forwarded && { headers: { "x-forwarded-for": forwarded } }) });

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`password guessing on ${kind}`, () => {
    let server: Server;
    beforeAll(async () => {
      server = await startServer(kind, { TRUST_PROXY: "loopback" });
    });
    afterAll(() => server.stop());
    const login = (body: object, from: string) => loginAt(server.api.url, body, from);

    test("a locked account gets the same response for the right password, and a login from another address succeeds", async () => {
      const answers = [];
      for (let n = 0; n < 6; n += 1) answers.push(await login({ ...wrong, password: `wrong-${n}` }, "198.51.100.1"));
      const locked = await login(user, "198.51.100.1");
      const unknown = await login({ email: "unknown@example.com", password: user.password }, "198.51.100.1");
      const [first] = answers;
      for (const answer of [...answers, locked, unknown]) {
        expect(answer).toMatchObject({ status: 401, body: { code: "INVALID_CREDENTIALS" } });
        expect({ ...answer.body, requestId: "" }).toEqual({ ...first?.body, requestId: "" });
        expect([...answer.headers.keys()]).toEqual([...(first?.headers.keys() ?? [])]);
      }
      expect((await login(user, "198.51.100.2")).status).toBe(200);
      expect((await login(other, "198.51.100.1")).status).toBe(200);
    });

    test("guesses of others behind an address lock out no account that logged in from there before", async () => {
      expect((await login(other, "198.51.100.20")).status).toBe(200);
      const guess = (password: string) => login({ ...other, password }, "198.51.100.20");
      for (let n = 0; n < 9; n += 1) expect((await guess(`wrong-${n}`)).status).toBe(401);
      expect((await login(other, "198.51.100.20")).status).toBe(200);
    });

    test("password changes with a stolen token are limited, and lock the owner out of no login", async () => {
      const headers = { "x-forwarded-for": "198.51.100.3" };
      const token = await server.token(other);
      const change = (currentPassword: string) =>
        server.call("POST", "/auth/password", {
          token,
          headers,
          body: { currentPassword, newPassword: "tr0ub4dor-and-3" },
        });
      for (let n = 0; n < 5; n += 1) expect((await change(`wrong-${n}`)).status).toBe(401);
      expect(await change(other.password)).toMatchObject({ status: 401, body: { code: "INVALID_CREDENTIALS" } });
      expect((await login(other, "198.51.100.3")).status).toBe(200);
      expect((await login(other, "198.51.100.4")).status).toBe(200);
    });
  });
}

describe("rate limits per address", () => {
  test("an address with many failed logins is refused with 429, and its X-Forwarded-For is ignored without TRUST_PROXY", async () => {
    const server = await startServer("sqlite", { RATE_LIMIT_LOGIN: "3/1h" });
    const { url } = server.api;
    for (let n = 0; n < 3; n += 1)
      await loginAt(url, { email: `${n}@example.com`, password: "wrong" }, `203.0.113.${n}`);
    const limited = await loginAt(url, user, "203.0.113.77");
    expect(limited).toMatchObject({
      status: 429,
      body: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) },
    });
    expect(Number(limited.headers.get("retry-after"))).toBe(limited.body.retryAfterSeconds);
    await server.stop();
  });

  test("requests without a valid credential count per address, and the response has the remaining requests", async () => {
    const server = await startServer("sqlite", { RATE_LIMIT_IP: "4/1h" });
    const ask = () => server.call("GET", "/credits/balance", { token: "not.a.token" });
    const first = await ask();
    expect(first.status).toBe(401);
    expect(first.headers.get("ratelimit-policy")).toBe('"ip";q=4;w=3600');
    expect(first.headers.get("ratelimit")).toMatch(/^"ip";r=3;t=\d+$/);
    await ask();
    await ask();
    await ask();
    expect(await ask()).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect((await server.call("GET", "/livez")).status).toBe(200);
    await server.stop();
  });
});

describe("rate limits per caller", () => {
  test("a caller is limited over all connections and per call of a batch, separately from other callers", async () => {
    const server = await startServer("sqlite", { RATE_LIMIT_CALLER: "25/1h" });
    const [token, another] = [await server.token(), await server.token(other)];
    const balance = (of: string) => server.call("GET", "/credits/balance", { token: of });
    expect((await balance(token)).headers.get("ratelimit")).toMatch(/^"caller";r=24;t=\d+$/);
    const names = Array(20).fill("credits.balance").join(",");
    const input = encodeURIComponent(JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, {}]))));
    const batch = await server.call("GET", `/trpc/${names}?batch=1&input=${input}`, { token });
    expect(batch.status).toBe(200);
    expect((await balance(token)).headers.get("ratelimit")).toMatch(/^"caller";r=3;t=\d+$/);
    for (let n = 0; n < 3; n += 1) expect((await balance(token)).status).toBe(200);
    const limited = await balance(token);
    expect(limited).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect(limited.headers.get("ratelimit")).toMatch(/^"caller";r=0;t=\d+$/);
    const overTrpc = await server.call("GET", "/trpc/credits.balance", { token });
    expect(overTrpc.status).toBe(429);
    expect(overTrpc.body.error.json.data).toMatchObject({ httpStatus: 429, app: { code: "RATE_LIMITED" } });
    expect(Number(overTrpc.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await balance(another)).status).toBe(200);
    await server.stop();
  });

  test("a rate-limited request changes nothing", async () => {
    const server = await startServer("sqlite", { RATE_LIMIT_CALLER: "2/1h" });
    const token = await server.token();
    const spend = () => server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
    const answers = await Promise.all(Array.from({ length: 10 }, spend));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(8);
    const rows = answers.filter(({ status }) => status === 200).map(({ body }) => body.balance);
    expect(rows.toSorted()).toEqual([98, 99]);
    await server.stop();
  });
});

const servers = ["postgresql", "mysql"] as const;
for (const kind of servers)
  describeOn(kind)(`rate limits of several processes with one ${kind}`, () => describeSeveral(kind));

function describeSeveral(kind: (typeof servers)[number]): void {
  test("several processes share their limits, and each counts alone while the store is unreachable", async () => {
    const database = await freshDatabase(kind);
    await using proxy = await openFaultProxy(database.url);
    const env = { RATE_LIMIT_STORE: "database", RATE_LIMIT_IP: "10/1h", RATE_LIMIT_LOGIN: "3/1h" };
    await using one = await startApi({ databaseUrl: database.url, env });
    await using two = await startApi({ databaseUrl: proxy.url, env });
    const ask = ({ url }: Api) => callRest(url, "GET", "/credits/balance");
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 ? one : two)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect((await ask(two)).headers.get("ratelimit")).toMatch(/^"ip";r=0;t=\d+$/);
    for (let n = 0; n < 3; n += 1)
      await loginAt(n % 2 ? one.url : two.url, { email: `${n}@example.com`, password: "x" });
    expect((await loginAt(two.url, wrong)).status).toBe(429);

    await proxy.refuseConnections();
    for (let n = 0; n < 10; n += 1) expect((await ask(two)).status).toBe(401);
    expect((await ask(two)).status).toBe(429);
    await one.stop();
    await two.stop();
    await database.drop();
  });
}

describe.skipIf(isRedisMissing)("rate limits of several processes with one Redis", () => {
  let redis: RedisServer | undefined;
  let apis: Api[] = [];
  afterEach(async () => {
    await Promise.all(apis.map((api) => api.stop()));
    apis = [];
    redis?.kill("SIGKILL");
  });
  test("several processes share their limits, and each counts alone while the store is unreachable", async () => {
    const port = await freePort();
    const server = await startRedis(port);
    redis = server;
    const env = { REDIS_URL: `redis://127.0.0.1:${port}`, RATE_LIMIT_IP: "10/1h" };
    apis = [await startApi({ env }), await startApi({ env })];
    const [one, two] = apis.map(({ url }) => url) as [string, string];
    const ask = (url: string) => callRest(url, "GET", "/credits/balance");
    const left = async (url: string) => (await ask(url)).headers.get("ratelimit")?.split(";")[1];
    await expect
      .poll(async () => [await left(one), await left(two)].join(), { timeout: timeLimit(2) })
      .toMatch(/^r=(\d),r=(?!\1)/);
    for (let n = 0; n < 10; n += 1) await ask(one);
    expect([(await ask(one)).status, (await ask(two)).status]).toEqual([429, 429]);

    server.kill("SIGKILL");
    await once(server, "exit");
    await expect.poll(async () => (await ask(two)).status, { timeout: timeLimit(2) }).toBe(401);
    for (let n = 0; n < 10; n += 1) await ask(two);
    expect((await ask(two)).status).toBe(429);

    redis = await startRedis(port);
    await expect.poll(async () => (await ask(two)).status, { timeout: timeLimit(8) }).toBe(401);
    // The log line reaches the test through a pipe, after the answer.
    const redisLogs = () => apis[1]?.logs().filter(({ msg }) => String(msg).startsWith("Redis is"));
    await expect.poll(redisLogs, { timeout: timeLimit(2) }).toHaveLength(2);
  });
});
