import { describe, expect, test, vi } from "vitest";
import { cutOff, startScriptedServer, succeed } from "../../test/scripted-server.ts";
import { createJifenClient } from "../client.ts";

const consumed = { success: true, balance: 95, transactionId: "txn-1" };
const spend = { amount: 5, action: "video" };

describe("the idempotency key", () => {
  test("is the same in every attempt of one call", async () => {
    await using server = await startScriptedServer(cutOff, cutOff, succeed(consumed));
    await createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    const keys = server.arrived.map(({ inputs }) => inputs[0]?.["idempotencyKey"]);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("differs between two calls that ask for the same", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    const jifen = createJifenClient({ url: server.url });
    await jifen.credits.consume.mutate(spend);
    await jifen.credits.consume.mutate(spend);
    expect(new Set(server.arrived.map(({ inputs }) => inputs[0]?.["idempotencyKey"])).size).toBe(2);
  });

  test("is the caller's own when the caller gave one", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    await createJifenClient({ url: server.url }).credits.consume.mutate({ ...spend, idempotencyKey: "order-1" });
    expect(server.arrived[0]?.inputs[0]).toMatchObject({ idempotencyKey: "order-1" });
  });

  test("is not sent to operations that know of none", async () => {
    await using server = await startScriptedServer(succeed({ valid: false }));
    await createJifenClient({ url: server.url }).auth.verify.mutate({ token: "t" });
    expect(server.arrived[0]?.inputs[0]).toEqual({ token: "t" });
  });

  test("is there on a page of plain HTTP too, where randomUUID is missing", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    try {
      await createJifenClient({ url: server.url }).credits.consume.mutate(spend);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(server.arrived[0]?.inputs[0]?.["idempotencyKey"]).toMatch(/^[0-9a-f]{32}$/);
  });
});
