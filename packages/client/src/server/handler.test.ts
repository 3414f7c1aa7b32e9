import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { createJifenHandler, type JifenHandlerOptions } from "./handler.ts";
import type { JifenIdentity } from "./identity.ts";
import { isSameOrigin } from "./same-origin.ts";

type ReceivedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** An API that records requests and responds with a refusal and many headers. */
async function startApi() {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    response.writeHead(402, {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": "req-1",
      "retry-after": "3",
      "idempotency-replayed": "true",
      "set-cookie": "a=b",
      server: "something",
    });
    response.end('[{"error":{}}]');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

const page = "http://site.example/api/jifen/trpc";
const sameOrigin = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
type Sent = { path?: string; headers?: Record<string, string>; body?: string };
const post = ({ path = "codes.redeem?batch=1", headers = sameOrigin, body = "{}" }: Sent = {}) =>
  new Request(`${page}/${path}`, { method: "POST", headers, body });

/** A handler of a site whose visitor has the token `abc`. */
const handlerOf = (url: string, options: Partial<JifenHandlerOptions> = {}) =>
  createJifenHandler({ url, identify: async () => ({ token: "abc" }), ...options });

describe("the handler of a site", () => {
  test("the handler adds the token and forwards path, language and body, but no cookie and no other credential", async () => {
    await using api = await startApi();
    const headers = {
      ...sameOrigin,
      "accept-language": "en",
      cookie: "jifen_token=abc",
      authorization: "Bearer forged",
      "x-user-id": "victim@example.com",
      "x-jifen-session": "1",
    };
    await handlerOf(`${api.url}/`)(post({ headers, body: '{"0":{}}' }));
    const [received] = api.received;
    expect(received).toMatchObject({ method: "POST", url: "/trpc/codes.redeem?batch=1", body: '{"0":{}}' });
    expect(received?.headers).toMatchObject({
      authorization: "Bearer abc",
      "accept-language": "en",
      "content-type": "application/json",
      "content-length": "8",
    });
    for (const name of ["cookie", "x-user-id", "x-jifen-session"]) expect(received?.headers).not.toHaveProperty(name);
  });

  test("the handler sends a service key with the user that it acts for, beyond ASCII too", async () => {
    await using api = await startApi();
    const identity: JifenIdentity = { key: "jf_live_x", userId: "jürgen@example.com" };
    await handlerOf(api.url, { identify: async () => identity })(post());
    expect(api.received[0]?.headers).toMatchObject({
      authorization: "Bearer jf_live_x",
      "x-user-id": "UTF-8''j%C3%BCrgen%40example.com",
    });
  });

  test("the handler answers a visitor without identity with UNAUTHENTICATED, and does not call the API", async () => {
    await using api = await startApi();
    const response = await handlerOf(api.url, { identify: async () => null })(post());
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(api.received).toEqual([]);
  });

  const line = "ann@example.com\nx-role: admin";
  test.each([
    { says: "undefined", identity: undefined, code: "UNAUTHENTICATED" },
    { says: "an empty token", identity: { token: "" }, code: "UNAUTHENTICATED" },
    { says: "a token with a line end", identity: { token: "a\r\nx-role: admin" }, code: "UNAUTHENTICATED" },
    { says: "a key without a user", identity: { key: "jf_live_x" }, code: "UNAUTHENTICATED" },
    {
      says: "a key with an undefined user",
      identity: { key: "jf_live_x", userId: undefined },
      code: "UNAUTHENTICATED",
    },
    { says: "a key with an empty user", identity: { key: "jf_live_x", userId: "" }, code: "UNAUTHENTICATED" },
    { says: "a key with blanks for a user", identity: { key: "jf_live_x", userId: "  " }, code: "UNAUTHENTICATED" },
    { says: "a user with a line end", identity: { key: "jf_live_x", userId: line }, code: "UNAUTHENTICATED" },
    {
      says: "a user with a control character",
      identity: { key: "jf_live_x", userId: "ann\u0000" },
      code: "UNAUTHENTICATED",
    },
    { says: "an empty key", identity: { key: "", userId: "ann" }, code: "INTERNAL_ERROR" },
    { says: "an undefined key", identity: { key: undefined, userId: "ann" }, code: "INTERNAL_ERROR" },
    { says: "nothing", identity: {}, code: "UNAUTHENTICATED" },
  ])(
    "the handler answers $code when `identify` returns $says, and does not call the API",
    async ({ identity, code }) => {
      await using api = await startApi();
      vi.spyOn(console, "error").mockImplementation(() => undefined);
      const response = await handlerOf(api.url, { identify: async () => identity as unknown as JifenIdentity })(post());
      expect(response.status).toBe(code === "INTERNAL_ERROR" ? 500 : 401);
      expect(await response.json()).toMatchObject({ code });
      expect(api.received).toEqual([]);
    },
  );

  test("the handler answers INTERNAL_ERROR without the reason when `identify` throws, and does not call the API", async () => {
    await using api = await startApi();
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const identify = () => Promise.reject(new Error("no secret AUTH_SECRET=abc"));
    const response = await handlerOf(api.url, { identify })(post());
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(printed).toHaveBeenCalledOnce();
    expect(api.received).toEqual([]);
  });

  test.each([
    { says: "the address with the site key", address: "203.0.113.7", siteKey: "jf_live_site" },
    { says: "the address alone to an API that trusts the site", address: "203.0.113.7", siteKey: undefined },
    { says: "no site key without an address", address: undefined, siteKey: "jf_live_site" },
  ])("the handler names the visitor, not what the visitor sent: $says", async ({ address, siteKey }) => {
    await using api = await startApi();
    const forged = { ...sameOrigin, "x-forwarded-for": "6.6.6.6", forwarded: "for=6.6.6.6", "x-site-key": "forged" };
    await handlerOf(api.url, { clientAddress: () => address, siteKey })(post({ headers: forged }));
    const { "x-forwarded-for": named, "x-site-key": key, forwarded } = api.received[0]?.headers ?? {};
    expect({ named, key, forwarded }).toEqual({
      named: address,
      key: address === undefined ? undefined : siteKey,
      forwarded: undefined,
    });
  });

  test("the handler returns status, body and an allowlist of headers", async () => {
    await using api = await startApi();
    const response = await handlerOf(api.url)(post());
    expect(response.status).toBe(402);
    expect(await response.text()).toBe('[{"error":{}}]');
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": "req-1",
      "retry-after": "3",
      "idempotency-replayed": "true",
    });
  });

  test.each([
    { path: "auth.login", why: "its response contains a token" },
    { path: "credits.balance,auth.login", why: "its response contains a token" },
    { path: "credits.balance%2Cauth.login", why: "its response contains a token" },
    { path: "credits.consume", why: "the site decides the price" },
    { path: "holds.create", why: "the site decides the price" },
    { path: "keys.create", why: "its response contains a key" },
    { path: "adminOrders.list", why: "pages of users do not need it" },
    { path: "..", why: "it leaves /trpc" },
    { path: "credits.balance/../../metrics", why: "it leaves /trpc" },
    { path: "credits.balance%2F..%2Fmetrics", why: "it leaves /trpc" },
    { path: "live.events", why: "it is not a procedure" },
    { path: "", why: "it is not a procedure" },
  ])("the handler does not forward $path, because $why", async ({ path }) => {
    await using api = await startApi();
    expect((await handlerOf(api.url)(post({ path }))).status).toBe(404);
    expect(api.received).toEqual([]);
  });

  test("the handler forwards what the site allows, all calls of a batch, but never auth", async () => {
    await using api = await startApi();
    const handler = handlerOf(api.url, { allow: ["credits.consume", "keys.list", "auth.login"] });
    expect((await handler(post({ path: "credits.consume%2Ckeys.list" }))).status).toBe(402);
    expect(api.received[0]?.url).toBe("/trpc/credits.consume,keys.list");
    expect((await handler(post({ path: "auth.login" }))).status).toBe(404);
    expect((await handler(post({ path: "codes.redeem" }))).status).toBe(404);
  });

  test.each(["PUT", "DELETE"])("the handler refuses the method %s", async (method) => {
    const response = await handlerOf("http://127.0.0.1:1")(new Request(`${page}/credits.balance`, { method }));
    expect({ status: response.status, allow: response.headers.get("allow") }).toEqual({
      status: 405,
      allow: "GET, POST",
    });
  });

  test("the handler refuses a body that exceeds the limit of the API without forwarding it", async () => {
    await using api = await startApi();
    const response = await handlerOf(api.url)(post({ body: "x".repeat(102_401) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "PAYLOAD_TOO_LARGE", limitBytes: 102_400 });
    expect(api.received).toEqual([]);
  });

  test("the handler reads an endless body only to the limit", async () => {
    await using api = await startApi();
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1_000;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
    // The types of browsers lack `duplex`, which a stream needs.
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers: sameOrigin, body, duplex: "half" };
    const response = await handlerOf(api.url)(new Request(`${page}/codes.redeem`, init));
    expect(response.status).toBe(413);
    expect(response.headers.get("connection")).toBe("close");
    expect(sent).toBeLessThan(110_000);
    expect(api.received).toEqual([]);
  });

  test("the handler responds with OVERLOADED and Retry-After when the API cannot be reached", async () => {
    const { url, ...api } = await startApi();
    await api[Symbol.asyncDispose]();
    const response = await handlerOf(url)(post({ headers: { ...sameOrigin, "accept-language": "en" } }));
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      code: "OVERLOADED",
      message: "The server is busy; the request had no effect, retry later",
      requestId: response.headers.get("x-request-id"),
    });
  });

  test("the handler responds with OUTCOME_UNKNOWN when the API closes the connection after it received the call", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const response = await handlerOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)(post());
    expect(await response.json()).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    server.close();
  });
});

describe("requests of pages of other sites", () => {
  test("the handler refuses a cross-site POST without forwarding it", async () => {
    await using api = await startApi();
    const response = await handlerOf(api.url)(post({ headers: { ...sameOrigin, "sec-fetch-site": "cross-site" } }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "FORBIDDEN" });
    expect(api.received).toEqual([]);
  });

  test.each<{ headers: Record<string, string>; expected: boolean }>([
    { headers: { "sec-fetch-site": "same-origin" }, expected: true },
    {
      headers: { "sec-fetch-site": "same-site", origin: "https://site.example", host: "site.example" },
      expected: false,
    },
    { headers: { "sec-fetch-site": "none" }, expected: false },
    { headers: { origin: "http://site.example", host: "site.example" }, expected: true },
    { headers: { origin: "http://site.example:8080", host: "site.example" }, expected: false },
    {
      headers: { origin: "https://site.example", host: "10.0.0.1:3000", "x-forwarded-host": "site.example" },
      expected: true,
    },
    { headers: { origin: "null", host: "site.example" }, expected: false },
    { headers: { host: "site.example" }, expected: false },
    { headers: {}, expected: false },
  ])("isSameOrigin with $headers is $expected", ({ headers, expected }) => {
    expect(isSameOrigin({ headers: new Headers(headers) })).toBe(expected);
  });
});
