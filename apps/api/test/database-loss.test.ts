import { callRest, describeOn, freshDatabase, ledgerCommits, openFaultProxy, startApi } from "@jifen/testkit";
import { expect, test } from "vitest";
import { newServiceKey } from "../src/modules/identity/credentials/service-key.ts";
import { user } from "./start-server.ts";

const servers = ["postgresql", "mysql", "mongodb"] as const;
type ServerKind = (typeof servers)[number];

for (const kind of servers) describeOn(kind)(`a ${kind} that goes away`, () => describeLoss(kind));

function describeLoss(kind: ServerKind): void {
  test("is answered by 503 on what needs it, and everything works again when it is back, without a restart", async () => {
    const database = await freshDatabase(kind);
    await using wire = await openFaultProxy(database.url);
    await using api = await startApi({
      databaseUrl: wire.url,
      env: { USER_WHITELIST: `${user.email}:${user.password}` },
    });
    const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
    const consume = (key: string) =>
      callRest(api.url, "POST", "/credits/consume", {
        token,
        body: { amount: 5, action: "a" },
        headers: { "idempotency-key": key },
      });
    expect(await consume("before")).toMatchObject({ status: 200, body: { balance: 95 } });

    await wire.refuseConnections();
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

    await wire.restore();
    // MongoDB's driver looks for a server twice a second.
    await expect.poll(async () => (await callRest(api.url, "GET", "/readyz")).status, { timeout: 5_000 }).toBe(200);
    expect(await consume("during")).toMatchObject({ status: 200, body: { balance: 90 } });
    await api.stop();
    await database.drop();
  });

  test("is not asked about a mistyped service key", async () => {
    const database = await freshDatabase(kind);
    await using wire = await openFaultProxy(database.url);
    await using api = await startApi({ databaseUrl: wire.url });
    await wire.refuseConnections();
    const { text } = newServiceKey("0123456789AB");
    const typo = `${text.slice(0, 30)}${text[30] === "a" ? "b" : "a"}${text.slice(31)}`;
    const balance = (token: string) => callRest(api.url, "GET", "/credits/balance", { token });
    expect(await balance(typo)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    expect(await balance(text)).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
    await api.stop();
    await database.drop();
  });

  test.each(["before it is sent", "after it is answered"] as const)(
    "with a write, %s, is asked again under the key, and the answer is the one there would have been",
    async (moment) => {
      await using site = await spending(kind);
      site.wire.loseConnectionAt(ledgerCommits[kind], moment);
      const answer = await site.consume();
      expect(answer).toMatchObject({ status: 200, body: { balance: 95 } });
      expect(answer.headers.get("idempotency-replayed")).toBeNull();
      expect(await site.balance()).toBe(95);
    },
  );

  test.each(["before it is sent", "after it is answered"] as const)(
    "with a write, %s, and stays away is answered by OUTCOME_UNKNOWN, and a retry with the same key settles it",
    async (moment) => {
      await using site = await spending(kind);
      site.wire.loseConnectionAt(ledgerCommits[kind], moment, "gone");
      const cut = await site.consume();
      expect(cut).toMatchObject({ status: 503, body: { code: "OUTCOME_UNKNOWN" } });
      expect(cut.body.transactionId).toMatch(/^txn-/);
      expect(Number(cut.headers.get("retry-after"))).toBeGreaterThan(0);
      await site.wire.restore();
      const again = await site.consume();
      expect(again).toMatchObject({ status: 200, body: { balance: 95 } });
      expect(again.headers.get("idempotency-replayed")).toBe(moment === "after it is answered" ? "true" : null);
      // Whoever sent no key would look for the transaction by the id that the error named.
      const found = await site.find(cut.body.transactionId);
      expect(found.status).toBe(moment === "after it is answered" ? 200 : 404);
      expect(await site.balance()).toBe(95);
    },
  );
}

/** A server behind a wire that can be cut, and somebody with 100 credits who spends five, always under one key. */
async function spending(kind: ServerKind) {
  const database = await freshDatabase(kind);
  const wire = await openFaultProxy(database.url);
  const api = await startApi({ databaseUrl: wire.url, env: { USER_WHITELIST: `${user.email}:${user.password}` } });
  const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
  const headers = { "idempotency-key": "once" };
  return {
    wire,
    consume: () => callRest(api.url, "POST", "/credits/consume", { token, headers, body: { amount: 5, action: "a" } }),
    find: (id: string) => callRest(api.url, "GET", `/credits/transactions/${id}`, { token }),
    balance: async () => (await callRest(api.url, "GET", "/credits/balance", { token })).body.balance,
    [Symbol.asyncDispose]: async () => {
      await api.stop();
      await wire[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}
