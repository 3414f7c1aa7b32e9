import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { forward, isSameOrigin } from "./forwarding.ts";

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
const post = (headers: Record<string, string> = sameOrigin, body = "{}") =>
  new Request(`${page}/credits.consume?batch=1`, { method: "POST", headers, body });

describe("forward", () => {
  test("forward adds the token and forwards path, language and body, but no cookie and no other credential", async () => {
    await using api = await startApi();
    const headers = {
      ...sameOrigin,
      "accept-language": "en",
      cookie: "jifen_token=abc",
      authorization: "Bearer forged",
    };
    await forward(post(headers, '{"0":{}}'), { path: ["credits.consume"], apiUrl: `${api.url}/`, token: "abc" });
    const [received] = api.received;
    expect(received).toMatchObject({ method: "POST", url: "/trpc/credits.consume?batch=1", body: '{"0":{}}' });
    expect(received?.headers).toMatchObject({
      authorization: "Bearer abc",
      "accept-language": "en",
      "content-type": "application/json",
      "content-length": "8",
    });
    expect(received?.headers).not.toHaveProperty("cookie");
  });

  test("forward returns status, body and an allowlist of headers", async () => {
    await using api = await startApi();
    const response = await forward(post(), { path: ["credits.consume"], apiUrl: api.url, token: undefined });
    expect(response.status).toBe(402);
    expect(await response.text()).toBe('[{"error":{}}]');
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": "req-1",
      "retry-after": "3",
      "idempotency-replayed": "true",
    });
    expect(api.received[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each([
    { path: ["auth.login"], why: "its response contains a token" },
    { path: ["credits.balance,auth.login"], why: "its response contains a token" },
    { path: [".."], why: "it leaves /trpc" },
    { path: ["credits.balance", "..", "..", "metrics"], why: "it leaves /trpc" },
    { path: ["credits.balance/../../metrics"], why: "it leaves /trpc" },
    { path: ["credits.balance?x="], why: "it is not a procedure" },
    { path: [], why: "it is not a procedure" },
  ])("forward refuses $path, because $why", async ({ path }) => {
    await using api = await startApi();
    const response = await forward(post(), { path, apiUrl: api.url, token: "abc" });
    expect(response.status).toBe(404);
    expect(api.received).toEqual([]);
  });

  test("forward refuses a body that exceeds the limit of the API without forwarding it", async () => {
    await using api = await startApi();
    const big = post(sameOrigin, "x".repeat(102_401));
    const response = await forward(big, { path: ["logs.create"], apiUrl: api.url, token: "abc" });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "PAYLOAD_TOO_LARGE", limitBytes: 102_400 });
    expect(api.received).toEqual([]);
  });

  test("forward reads an endless body only to the limit", async () => {
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
    const request = new Request(`${page}/logs.create`, init);
    const response = await forward(request, { path: ["logs.create"], apiUrl: api.url, token: "abc" });
    expect(response.status).toBe(413);
    expect(response.headers.get("connection")).toBe("close");
    expect(sent).toBeLessThan(110_000);
    expect(api.received).toEqual([]);
  });

  test("forward responds with OVERLOADED and Retry-After when the API cannot be reached", async () => {
    const { url: apiUrl, ...api } = await startApi();
    await api[Symbol.asyncDispose]();
    const headers = { ...sameOrigin, "accept-language": "en" };
    const response = await forward(post(headers), {
      path: ["credits.consume"],
      apiUrl,
      token: "abc",
    });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      code: "OVERLOADED",
      message: "The server is busy; the request had no effect, retry later",
      requestId: response.headers.get("x-request-id"),
    });
  });

  test("forward responds with OUTCOME_UNKNOWN when the API closes the connection after it received the call", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await forward(post(), { path: ["credits.consume"], apiUrl, token: "abc" });
    expect(await response.json()).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    server.close();
  });
});

describe("requests of pages of other sites", () => {
  test("forward refuses a cross-site POST without forwarding it", async () => {
    await using api = await startApi();
    const foreign = post({ ...sameOrigin, "sec-fetch-site": "cross-site" });
    const response = await forward(foreign, { path: ["credits.consume"], apiUrl: api.url, token: "abc" });
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
