import { describe, expect, test } from "vitest";
import { refuse, startScriptedServer, succeed } from "../test/scripted-server.ts";
import { createJifenClient } from "./client.ts";

const consumed = { success: true, balance: 95, transactionId: "txn-1" };

describe("createJifenClient", () => {
  test("a call sends the token, the user and the language, and returns the output of the procedure", async () => {
    await using server = await startScriptedServer(succeed(consumed));
    const jifen = createJifenClient({ url: server.url, token: "abc", userId: "user@example.com", language: "en" });

    expect(await jifen.credits.consume.mutate({ amount: 5, action: "video" })).toEqual(consumed);

    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", path: "/trpc/credits.consume" });
    expect(request?.headers).toMatchObject({
      authorization: "Bearer abc",
      "x-user-id": "user@example.com",
      "accept-language": "en",
    });
    expect(request?.inputs).toEqual([{ amount: 5, action: "video", idempotencyKey: expect.any(String) }]);
  });

  test("a query is a GET, without an Authorization header when there is no token", async () => {
    await using server = await startScriptedServer(succeed({ status: "ok", timestamp: 1 }));
    expect(await createJifenClient({ url: `${server.url}/` }).health.check.query()).toEqual({
      status: "ok",
      timestamp: 1,
    });
    expect(server.requests[0]).toMatchObject({ method: "GET", path: "/trpc/health.check" });
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(server.requests[0]?.headers).not.toHaveProperty("x-user-id");
  });

  test("getToken is called before each attempt, so that a renewed token is used", async () => {
    await using server = await startScriptedServer(
      refuse({ status: 503, app: { code: "OVERLOADED" } }),
      succeed({ balance: 1 }),
    );
    let issued = 0;
    const jifen = createJifenClient({ url: server.url, getToken: async () => `token-${++issued}` });
    await jifen.credits.balance.query();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("calls of one tick share a request, at most 20 per request", async () => {
    await using server = await startScriptedServer((response, { path }) => {
      const calls = path.split(",").length;
      succeed(...Array.from({ length: calls }, () => ({ balance: 7 })))(response, { path } as never);
    });
    const jifen = createJifenClient({ url: server.url });
    const balances = await Promise.all(Array.from({ length: 25 }, () => jifen.credits.balance.query()));
    expect(balances).toHaveLength(25);
    expect(server.requests.map(({ path }) => path.split(",").length)).toEqual([20, 5]);
  });

  test("the url can be a path of the same origin, which is passed to fetch unchanged", async () => {
    const requested: unknown[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      requested.push(input);
      return Response.json([{ result: { data: { json: { balance: 3 } } } }]);
    };
    expect(await createJifenClient({ url: "/api/jifen/", fetch }).credits.balance.query()).toEqual({ balance: 3 });
    expect(requested).toEqual([
      "/api/jifen/trpc/credits.balance?batch=1&input=%7B%220%22%3A%7B%22json%22%3Anull%2C%22meta%22%3A%7B%22values%22%3A%5B%22undefined%22%5D%2C%22v%22%3A1%7D%7D%7D",
    ]);
  });
});
