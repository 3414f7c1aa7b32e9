import { callRest, describeOn, freshDatabase, ledgerCommits, openFaultProxy, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { newServiceKey } from "../src/modules/identity/credentials/service-key.ts";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const servers = ["postgresql", "mysql", "mongodb"] as const;
type ServerKind = (typeof servers)[number];

for (const kind of servers) describeOn(kind)(`connection loss to ${kind}`, () => describeLoss(kind));

function describeLoss(kind: ServerKind): void {
  test("requests are answered with 503 while the database is unreachable, and succeed again without a restart", async () => {
    const database = await freshDatabase(kind);
    await using proxy = await openFaultProxy(database.url);
    await createTestUsers(database.url, `${user.email}:${user.password}`, 100);
    await using api = await startApi({ databaseUrl: proxy.url });
    const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
    const consume = (key: string) =>
      callRest(api.url, "POST", "/credits/consume", {
        token,
        body: { amount: 5, action: "a" },
        headers: { "idempotency-key": key },
      });
    expect(await consume("before")).toMatchObject({ status: 200, body: { balance: 95 } });

    await proxy.refuseConnections();
    const reads = ["balance", "transactions", "transactions/txn-1", "grants", "holds/hold-1"];
    const answers = reads.map((path) => callRest(api.url, "GET", `/credits/${path}`, { token }));
    for (const answer of [await consume("during"), ...(await Promise.all(answers))]) {
      expect(answer).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1|postgres|mysql|mariadb|mongo/i);
    }
    expect(await callRest(api.url, "POST", "/auth/login", { body: user })).toMatchObject({ status: 503 });
    expect(await callRest(api.url, "GET", "/readyz")).toMatchObject({ status: 503, body: { database: "unreachable" } });
    expect(await callRest(api.url, "GET", "/health")).toMatchObject({ status: 200 });
    expect(await callRest(api.url, "GET", "/livez")).toMatchObject({ status: 200 });

    await proxy.restore();
    // The MongoDB driver checks for a server twice a second.
    await expect
      .poll(async () => (await callRest(api.url, "GET", "/readyz")).status, { timeout: timeLimit(5) })
      .toBe(200);
    expect(await consume("during")).toMatchObject({ status: 200, body: { balance: 90 } });
    await api.stop();
    await database.drop();
  });

  test("a mistyped service key is refused without a database query", async () => {
    const database = await freshDatabase(kind);
    await using proxy = await openFaultProxy(database.url);
    await using api = await startApi({ databaseUrl: proxy.url });
    await proxy.refuseConnections();
    const { text } = newServiceKey("0123456789AB");
    const typo = `${text.slice(0, 30)}${text[30] === "a" ? "b" : "a"}${text.slice(31)}`;
    const balance = (token: string) => callRest(api.url, "GET", "/credits/balance", { token });
    expect(await balance(typo)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    expect(await balance(text)).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
    await api.stop();
    await database.drop();
  });

  test.each(["before it is sent", "after it is answered"] as const)(
    "a write whose connection is lost %s is retried by the server and answered normally",
    async (when) => {
      await using setup = await startSetup(kind);
      setup.proxy.loseConnectionAt(ledgerCommits[kind], when);
      const answer = await setup.consume();
      expect(answer).toMatchObject({ status: 200, body: { balance: 95 } });
      expect(answer.headers.get("idempotency-replayed")).toBeNull();
      expect(await setup.balance()).toBe(95);
    },
  );

  test.each(["before it is sent", "after it is answered"] as const)(
    "a write whose connection is lost %s and not restored is answered with OUTCOME_UNKNOWN, and a retry with the same key settles it",
    async (when) => {
      await using setup = await startSetup(kind);
      setup.proxy.loseConnectionAt(ledgerCommits[kind], when, "gone");
      const lost = await setup.consume();
      expect(lost).toMatchObject({ status: 503, body: { code: "OUTCOME_UNKNOWN" } });
      expect(lost.body.transactionId).toMatch(/^txn-/);
      expect(Number(lost.headers.get("retry-after"))).toBeGreaterThan(0);
      await setup.proxy.restore();
      const retried = await setup.consume();
      expect(retried).toMatchObject({ status: 200, body: { balance: 95 } });
      expect(retried.headers.get("idempotency-replayed")).toBe(when === "after it is answered" ? "true" : null);
      // A client without an idempotency key looks for the transaction by the id in the error.
      const found = await setup.find(lost.body.transactionId);
      expect(found.status).toBe(when === "after it is answered" ? 200 : 404);
      expect(await setup.balance()).toBe(95);
    },
  );
}

/** Starts a server behind a fault proxy, and a client that spends 5 of 100 credits, always with the same key. */
async function startSetup(kind: ServerKind) {
  const database = await freshDatabase(kind);
  const proxy = await openFaultProxy(database.url);
  await createTestUsers(database.url, `${user.email}:${user.password}`, 100);
  const api = await startApi({ databaseUrl: proxy.url });
  const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
  const headers = { "idempotency-key": "once" };
  return {
    proxy,
    consume: () => callRest(api.url, "POST", "/credits/consume", { token, headers, body: { amount: 5, action: "a" } }),
    find: (id: string) => callRest(api.url, "GET", `/credits/transactions/${id}`, { token }),
    balance: async () => (await callRest(api.url, "GET", "/credits/balance", { token })).body.balance,
    [Symbol.asyncDispose]: async () => {
      await api.stop();
      await proxy[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}
