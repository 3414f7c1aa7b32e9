import { describe, expect, test } from "vitest";
import { cutOff, refuse, type Step, say, startScriptedServer, succeed } from "../../test/scripted-server.ts";
import { createJifenClient } from "../client.ts";

const consumed = { success: true, balance: 95, transactionId: "txn-1" };
const spend = { amount: 5, action: "video" };
const unavailable = (code: string): Step => refuse({ status: 503, app: { code } });
const html = (status: number) => say(status, "text/html", "<html>Bad Gateway</html>");

describe("trying again", () => {
  test.each<{ says: string; first: Step }>([
    { says: "a connection that was cut off", first: cutOff },
    { says: "OVERLOADED", first: unavailable("OVERLOADED") },
    { says: "DATABASE_UNAVAILABLE", first: unavailable("DATABASE_UNAVAILABLE") },
    { says: "OUTCOME_UNKNOWN", first: unavailable("OUTCOME_UNKNOWN") },
    { says: "a proxy that cannot reach the server", first: html(502) },
  ])("succeeds after $says", async ({ first }) => {
    await using server = await startScriptedServer(first, succeed(consumed));
    expect(await createJifenClient({ url: server.url }).credits.consume.mutate(spend)).toEqual(consumed);
    expect(server.arrived).toHaveLength(2);
  });

  test("stops after three more attempts", async () => {
    await using server = await startScriptedServer(cutOff);
    const call = createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    await expect(call).rejects.toMatchObject({ code: "NETWORK_ERROR", idempotencyKey: expect.any(String) });
    expect(server.arrived).toHaveLength(4);
    expect(new Set(server.arrived.map(({ inputs }) => inputs[0]?.["idempotencyKey"])).size).toBe(1);
  });

  test.each([
    { status: 400, code: "VALIDATION_FAILED" },
    { status: 401, code: "UNAUTHENTICATED" },
    { status: 402, code: "INSUFFICIENT_CREDITS" },
    { status: 422, code: "IDEMPOTENCY_KEY_REUSED" },
    { status: 500, code: "INTERNAL_ERROR" },
  ])("never repeats $code", async ({ status, code }) => {
    await using server = await startScriptedServer(refuse({ status, app: { code } }));
    await expect(createJifenClient({ url: server.url }).credits.consume.mutate(spend)).rejects.toMatchObject({ code });
    expect(server.arrived).toHaveLength(1);
  });

  test("waits as long as Retry-After says", async () => {
    await using server = await startScriptedServer(
      refuse({ status: 503, headers: { "retry-after": "1" }, app: { code: "OVERLOADED" } }),
      succeed({ balance: 1 }),
    );
    const startedMs = performance.now();
    await createJifenClient({ url: server.url }).credits.balance.query();
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
  });

  test("logs in again after a cut connection, because that changes nothing", async () => {
    const session = {
      success: true,
      userId: "u",
      email: "u",
      name: "u",
      token: "t",
      expiresAt: "2030-01-01T00:00:00Z",
    };
    await using server = await startScriptedServer(cutOff, succeed(session));
    const login = createJifenClient({ url: server.url }).auth.login.mutate({ email: "u@example.com", password: "p" });
    expect(await login).toEqual(session);
  });

  test("repeats only the call of a batch that was refused", async () => {
    const busy = { code: "OVERLOADED", message: "busy", requestId: "req-1" };
    const half: Step = (response) => {
      const error = {
        message: "busy",
        code: -32_603,
        data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503, app: busy },
      };
      const body = JSON.stringify([{ result: { data: { json: { balance: 1 } } } }, { error: { json: error } }]);
      response.writeHead(207, { "content-type": "application/json" }).end(body);
    };
    await using server = await startScriptedServer(half, succeed({ status: "ok", timestamp: 2 }));
    const jifen = createJifenClient({ url: server.url });
    const both = await Promise.all([jifen.credits.balance.query(), jifen.health.check.query()]);
    expect(both).toEqual([{ balance: 1 }, { status: "ok", timestamp: 2 }]);
    expect(server.arrived.map(({ path }) => path)).toEqual([
      "/trpc/credits.balance,health.check",
      "/trpc/health.check",
    ]);
  });
});
