import { describe, expect, test } from "vitest";
import { disconnect, refuse, respond, type Step, startScriptedServer, succeed } from "../../test/scripted-server.ts";
import { createJifenClient } from "../client.ts";

const consumed = { success: true, balance: 95, transactionId: "txn-1" };
const spend = { amount: 5, action: "video" };
const unavailable = (code: string): Step => refuse({ status: 503, app: { code } });
const html = (status: number) => respond(status, "text/html", "<html>Bad Gateway</html>");

describe("retryLink", () => {
  test.each<{ says: string; first: Step }>([
    { says: "a lost connection", first: disconnect },
    { says: "OVERLOADED", first: unavailable("OVERLOADED") },
    { says: "DATABASE_UNAVAILABLE", first: unavailable("DATABASE_UNAVAILABLE") },
    { says: "OUTCOME_UNKNOWN", first: unavailable("OUTCOME_UNKNOWN") },
    { says: "a proxy that cannot reach the server", first: html(502) },
  ])("a call is retried after $says", async ({ first }) => {
    await using server = await startScriptedServer(first, succeed(consumed));
    expect(await createJifenClient({ url: server.url }).credits.consume.mutate(spend)).toEqual(consumed);
    expect(server.requests).toHaveLength(2);
  });

  test("a call is given up after three retries", async () => {
    await using server = await startScriptedServer(disconnect);
    const call = createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    await expect(call).rejects.toMatchObject({ code: "NETWORK_ERROR", idempotencyKey: expect.any(String) });
    expect(server.requests).toHaveLength(4);
    expect(new Set(server.requests.map(({ inputs }) => inputs[0]?.["idempotencyKey"])).size).toBe(1);
  });

  test.each([
    { status: 400, code: "VALIDATION_FAILED" },
    { status: 401, code: "UNAUTHENTICATED" },
    { status: 402, code: "INSUFFICIENT_CREDITS" },
    { status: 422, code: "IDEMPOTENCY_KEY_REUSED" },
    { status: 500, code: "INTERNAL_ERROR" },
  ])("a call refused with $code is not retried", async ({ status, code }) => {
    await using server = await startScriptedServer(refuse({ status, app: { code } }));
    await expect(createJifenClient({ url: server.url }).credits.consume.mutate(spend)).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(1);
  });

  test.each<{ says: string; first: Step; last: string; code: string }>([
    { says: "DATABASE_UNAVAILABLE", first: disconnect, last: "DATABASE_UNAVAILABLE", code: "NETWORK_ERROR" },
    { says: "OVERLOADED", first: unavailable("OUTCOME_UNKNOWN"), last: "OVERLOADED", code: "OUTCOME_UNKNOWN" },
    { says: "UNAUTHENTICATED", first: html(502), last: "UNAUTHENTICATED", code: "UNEXPECTED_RESPONSE" },
  ])(
    "a charge whose first answer is lost fails with the unknown outcome when its last attempt is refused with $says",
    async ({ first, last, code }) => {
      await using server = await startScriptedServer(first, unavailable(last));
      const call = createJifenClient({ url: server.url }).credits.consume.mutate({ ...spend, idempotencyKey: "key-1" });
      await expect(call).rejects.toMatchObject({ code, idempotencyKey: "key-1" });
    },
  );

  test("a charge whose first answer is lost fails with the refusal of the ledger, which proves that it was not made", async () => {
    const poor = refuse({ status: 402, app: { code: "INSUFFICIENT_CREDITS" } });
    await using server = await startScriptedServer(disconnect, poor);
    const call = createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    await expect(call).rejects.toMatchObject({ code: "INSUFFICIENT_CREDITS" });
  });

  test("a login whose first answer is lost fails with the refusal of its last attempt", async () => {
    await using server = await startScriptedServer(
      disconnect,
      refuse({ status: 401, app: { code: "INVALID_CREDENTIALS" } }),
    );
    const login = createJifenClient({ url: server.url }).auth.login.mutate({ email: "u@example.com", password: "p" });
    await expect(login).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
  });

  test("a retry waits for Retry-After", async () => {
    await using server = await startScriptedServer(
      refuse({ status: 503, headers: { "retry-after": "1" }, app: { code: "OVERLOADED" } }),
      succeed({ balance: 1 }),
    );
    const startedMs = performance.now();
    await createJifenClient({ url: server.url }).credits.balance.query();
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
  });

  test("a login is retried after a lost connection, because a second login is harmless", async () => {
    const session = {
      success: true,
      userId: "u",
      email: "u",
      name: "u",
      token: "t",
      expiresAt: "2030-01-01T00:00:00Z",
    };
    await using server = await startScriptedServer(disconnect, succeed(session));
    const login = createJifenClient({ url: server.url }).auth.login.mutate({ email: "u@example.com", password: "p" });
    expect(await login).toEqual(session);
  });

  test("only the refused call of a batch is retried", async () => {
    const busy = { code: "OVERLOADED", message: "busy", requestId: "req-1" };
    const partlyRefused: Step = (response) => {
      const error = {
        message: "busy",
        code: -32_603,
        data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503, app: busy },
      };
      const body = JSON.stringify([{ result: { data: { json: { balance: 1 } } } }, { error: { json: error } }]);
      response.writeHead(207, { "content-type": "application/json" }).end(body);
    };
    await using server = await startScriptedServer(partlyRefused, succeed({ status: "ok", timestamp: 2 }));
    const jifen = createJifenClient({ url: server.url });
    const both = await Promise.all([jifen.credits.balance.query(), jifen.health.check.query()]);
    expect(both).toEqual([{ balance: 1 }, { status: "ok", timestamp: 2 }]);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/trpc/credits.balance,health.check",
      "/trpc/health.check",
    ]);
  });
});
