import { describe, expect, test } from "vitest";
import { refuse, startScriptedServer, succeed } from "../test/scripted-server.ts";
import { createJifenClient, type JifenClientOptions } from "./client.ts";

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

  test.each([
    { userId: "jürgen@example.com", sent: "UTF-8''j%C3%BCrgen%40example.com" },
    { userId: "用户@例子.中国", sent: "UTF-8''%E7%94%A8%E6%88%B7%40%E4%BE%8B%E5%AD%90.%E4%B8%AD%E5%9B%BD" },
    { userId: "o'brien+x@example.com", sent: "o'brien+x@example.com" },
  ])("the user $userId is sent as $sent", async ({ userId, sent }) => {
    await using server = await startScriptedServer(succeed({ balance: 1 }));
    await createJifenClient({ url: server.url, token: "abc", userId }).credits.balance.query();
    expect(server.requests[0]?.headers).toMatchObject({ "x-user-id": sent });
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

  test("in a page of the server a call sends the header of the session cookie to its own origin, and no Authorization header", async () => {
    await using server = await startScriptedServer(succeed({ balance: 1 }));
    const modes: unknown[] = [];
    const send: typeof fetch = (request, init) => {
      modes.push(init?.credentials);
      return fetch(request, init);
    };
    await createJifenClient({ url: server.url, session: true, fetch: send }).credits.balance.query();
    expect(server.requests[0]?.headers).toMatchObject({ "x-jifen-session": "1" });
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(modes).toEqual(["same-origin"]);
  });

  test("the address of a visitor is sent with the key of the site, and neither without the other", async () => {
    await using server = await startScriptedServer(succeed({ balance: 1 }));
    const send = async (options: Partial<JifenClientOptions>) => {
      await createJifenClient({ url: server.url, ...options } as JifenClientOptions).credits.balance.query();
      const { "x-forwarded-for": address, "x-site-key": key } = server.requests.at(-1)?.headers ?? {};
      return [address, key];
    };
    const clientAddress = async () => "2001:db8::7";
    expect(await send({ clientAddress, siteKey: "jf_live_site" })).toEqual(["2001:db8::7", "jf_live_site"]);
    expect(await send({ clientAddress: () => "203.0.113.7" })).toEqual(["203.0.113.7", undefined]);
    expect(await send({ clientAddress: () => undefined, siteKey: "jf_live_site" })).toEqual([undefined, undefined]);
    expect(await send({ siteKey: "jf_live_site" })).toEqual([undefined, undefined]);
  });

  test("a call is not sent when the address of the visitor cannot be determined", async () => {
    await using server = await startScriptedServer(succeed({ balance: 1 }));
    const clientAddress = () => Promise.reject(new Error("no request"));
    const jifen = createJifenClient({ url: server.url, clientAddress });
    await expect(jifen.credits.consume.mutate({ amount: 1, action: "a" })).rejects.toMatchObject({ code: "NOT_SENT" });
    expect(server.requests).toEqual([]);
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
      succeed(...Array.from({ length: calls }, () => consumed))(response, { path } as never);
    });
    const jifen = createJifenClient({ url: server.url });
    const spend = () => jifen.credits.consume.mutate({ amount: 5, action: "video" });
    expect(await Promise.all(Array.from({ length: 25 }, spend))).toHaveLength(25);
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
