import { describe, expect, test, vi } from "vitest";
import { disconnect, startScriptedServer, succeed } from "../../test/scripted-server.ts";
import { createJifenClient } from "../client.ts";

const consumed = { success: true, balance: 95, transactionId: "txn-1" };
const spend = { amount: 5, action: "video" };

describe("idempotencyLink", () => {
  test("all attempts of one call have the same idempotency key", async () => {
    await using server = await startScriptedServer(disconnect, disconnect, succeed(consumed));
    await createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    const keys = server.requests.map(({ inputs }) => inputs[0]?.["idempotencyKey"]);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("two calls with equal inputs have different idempotency keys", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    const jifen = createJifenClient({ url: server.url });
    await jifen.credits.consume.mutate(spend);
    await jifen.credits.consume.mutate(spend);
    expect(new Set(server.requests.map(({ inputs }) => inputs[0]?.["idempotencyKey"])).size).toBe(2);
  });

  test("an idempotency key of the caller is kept", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    await createJifenClient({ url: server.url }).credits.consume.mutate({ ...spend, idempotencyKey: "order-1" });
    expect(server.requests[0]?.inputs[0]).toMatchObject({ idempotencyKey: "order-1" });
  });

  test("operations without idempotency get no key", async () => {
    await using server = await startScriptedServer(succeed({ valid: false }));
    await createJifenClient({ url: server.url }).auth.verify.mutate({ token: "t" });
    expect(server.requests[0]?.inputs[0]).toEqual({ token: "t" });
  });

  test("a key is created without crypto.randomUUID, which is missing on pages over plain HTTP", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    try {
      await createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(server.requests[0]?.inputs[0]?.["idempotencyKey"]).toMatch(/^[0-9a-f]{32}$/);
  });
});
