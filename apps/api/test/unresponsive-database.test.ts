import { callRest, freshDatabase, hasOwnMysql, onMysql, openFaultProxy, startApi, startOwnMysql } from "@jifen/testkit";
import { hasOwnPostgresql, startOwnPostgresql } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, expect, inject, test } from "vitest";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const starts = {
  postgresql: startOwnPostgresql,
  mariadb: async () => {
    const server = await startOwnMysql();
    await onMysql(server.url, (connection) => connection.query("CREATE DATABASE jifen"));
    return { ...server, url: `${server.url}jifen` };
  },
  // Tests start no MongoDB of their own, so a fault proxy stops instead and keeps the data in transit.
  mongodb: async () => {
    const database = await freshDatabase("mongodb");
    const proxy = await openFaultProxy(database.url);
    return {
      url: proxy.url,
      kill: proxy.refuseConnections,
      start: proxy.restore,
      freeze: proxy.suspend,
      thaw: () => void proxy.restore(),
      [Symbol.asyncDispose]: async () => {
        await proxy[Symbol.asyncDispose]();
        await database.drop();
      },
    };
  },
};

const isAvailable = {
  postgresql: () => hasOwnPostgresql() || Boolean(process.env["CI"]),
  mariadb: () => hasOwnMysql() || Boolean(process.env["CI"]),
  mongodb: () => inject("mongodbUrl") !== "",
};

/** Starts a server with its own database server, and a client that spends 1 of 100 credits at a time. */
async function startSetup(kind: keyof typeof starts) {
  const databaseServer = await starts[kind]();
  await createTestUsers(databaseServer.url, `${user.email}:${user.password}`, 100);
  const api = await startApi({ databaseUrl: databaseServer.url });
  const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
  const consume = (key: string) =>
    callRest(api.url, "POST", "/credits/consume", {
      token,
      body: { amount: 1, action: "a" },
      headers: { "idempotency-key": key },
    });
  return {
    databaseServer,
    consume,
    login: () => callRest(api.url, "POST", "/auth/login", { body: user }),
    history: () => callRest(api.url, "GET", "/credits/transactions", { token }),
    balance: async () => (await callRest(api.url, "GET", "/credits/balance", { token })).body.balance,
    ready: async () => (await callRest(api.url, "GET", "/readyz")).status,
    live: async () => (await callRest(api.url, "GET", "/livez")).status,
    [Symbol.asyncDispose]: async () => {
      databaseServer.thaw();
      await api.stop("SIGKILL");
      await databaseServer[Symbol.asyncDispose]();
    },
  };
}

const unavailable = { status: 503, body: { code: "DATABASE_UNAVAILABLE" } };
const patiently = { timeout: timeLimit(20), interval: 50 };

/** Well below the 8 seconds after which the drivers time out, on a busy machine too. */
const BEFORE_DRIVER_TIMEOUT_MS = 4_000;

describe.each(["postgresql", "mariadb", "mongodb"] as const)("an unresponsive %s", (kind) => {
  const isMissing = !isAvailable[kind]();
  if (isMissing) process.stderr.write(`SKIPPED: an unresponsive ${kind}; no server can be started\n`);

  test.skipIf(isMissing)(
    "requests are answered with 503 after the database is killed, and succeed when it is back",
    { timeout: timeLimit(90) },
    async () => {
      await using setup = await startSetup(kind);
      expect(await setup.consume("before")).toMatchObject({ status: 200, body: { balance: 99 } });
      await setup.databaseServer.kill();
      // An open connection can fail during its work; later connections are refused.
      await expect.poll(() => setup.consume("during"), patiently).toMatchObject(unavailable);
      expect([await setup.ready(), await setup.live()]).toEqual([503, 200]);
      await setup.databaseServer.start();
      await expect.poll(setup.ready, patiently).toBe(200);
      await expect.poll(() => setup.consume("during"), patiently).toMatchObject({ status: 200 });
      expect(await setup.balance()).toBe(98);
    },
  );

  test.skipIf(isMissing)(
    "pending and new requests fail within seconds when the database freezes, and succeed when it continues",
    { timeout: timeLimit(90) },
    async () => {
      await using setup = await startSetup(kind);
      // The account is now cached where the database allows it: then only the write is sent.
      await setup.consume("before");
      setup.databaseServer.freeze();
      const answers: { status: number; body: { code?: string } }[] = [];
      const keys = Array.from({ length: 20 }, (_, n) => `key-${n}`);
      const requests = [...keys.map((key) => setup.consume(key)), ...keys.map(setup.history), setup.login()];
      for (const each of requests) void each.then((answer) => answers.push(answer));
      await expect
        .poll(() => answers.length, { timeout: BEFORE_DRIVER_TIMEOUT_MS, interval: 50 })
        .toBe(requests.length);
      const codes = new Set(answers.map(({ status, body }) => `${status} ${body.code}`));
      expect([...codes].filter((code) => !/^503 (DATABASE_UNAVAILABLE|OUTCOME_UNKNOWN)$/.test(code))).toEqual([]);
      expect(await setup.consume(keys[0] ?? "")).toMatchObject(unavailable);
      expect([await setup.ready(), await setup.live()]).toEqual([503, 200]);
      setup.databaseServer.thaw();
      await expect.poll(setup.ready, patiently).toBe(200);
      for (const key of keys) await expect.poll(() => setup.consume(key), patiently).toMatchObject({ status: 200 });
      expect(await setup.balance()).toBe(79);
    },
  );
});
