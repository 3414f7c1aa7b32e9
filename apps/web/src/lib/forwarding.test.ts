import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { forward, isFromOwnPage } from "./forwarding.ts";

type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** An API that notes what arrives and answers with a refusal and every kind of header. */
async function startApi() {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
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
  return { seen, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

const page = "http://site.example/api/jifen/trpc";
const ownPage = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
const post = (headers: Record<string, string> = ownPage, body = "{}") =>
  new Request(`${page}/credits.consume?batch=1`, { method: "POST", headers, body });

describe("forwarding a call of a page", () => {
  test("adds the token and passes on address, language and body, and nothing else of the visitor's", async () => {
    await using api = await startApi();
    const headers = { ...ownPage, "accept-language": "en", cookie: "jifen_token=abc", authorization: "Bearer forged" };
    await forward(post(headers, '{"0":{}}'), { path: ["credits.consume"], apiUrl: `${api.url}/`, token: "abc" });
    const [seen] = api.seen;
    expect(seen).toMatchObject({ method: "POST", url: "/trpc/credits.consume?batch=1", body: '{"0":{}}' });
    expect(seen?.headers).toMatchObject({
      authorization: "Bearer abc",
      "accept-language": "en",
      "content-type": "application/json",
      "content-length": "8",
    });
    expect(seen?.headers).not.toHaveProperty("cookie");
  });

  test("hands back status, body and the headers that mean something, and no others", async () => {
    await using api = await startApi();
    const answer = await forward(post(), { path: ["credits.consume"], apiUrl: api.url, token: undefined });
    expect(answer.status).toBe(402);
    expect(await answer.text()).toBe('[{"error":{}}]');
    expect(Object.fromEntries(answer.headers)).toEqual({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": "req-1",
      "retry-after": "3",
      "idempotency-replayed": "true",
    });
    expect(api.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each([
    { path: ["auth.login"], why: "its answer holds a token" },
    { path: ["credits.balance,auth.login"], why: "its answer holds a token" },
    { path: [".."], why: "it leaves /trpc" },
    { path: ["credits.balance", "..", "..", "metrics"], why: "it leaves /trpc" },
    { path: ["credits.balance/../../metrics"], why: "it leaves /trpc" },
    { path: ["credits.balance?x="], why: "it is no procedure" },
    { path: [], why: "it is no procedure" },
  ])("does not forward $path, because $why", async ({ path }) => {
    await using api = await startApi();
    const answer = await forward(post(), { path, apiUrl: api.url, token: "abc" });
    expect(answer.status).toBe(404);
    expect(api.seen).toEqual([]);
  });

  test("refuses a body that the API would refuse, before it is in memory", async () => {
    await using api = await startApi();
    const big = post(ownPage, "x".repeat(102_401));
    const answer = await forward(big, { path: ["logs.create"], apiUrl: api.url, token: "abc" });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "PAYLOAD_TOO_LARGE", limitBytes: 102_400 });
    expect(api.seen).toEqual([]);
  });

  test("answers as the API does when there is no API: nothing was done, retry shortly", async () => {
    const { url: apiUrl, ...gone } = await startApi();
    await gone[Symbol.asyncDispose]();
    const headers = { ...ownPage, "accept-language": "en" };
    const answer = await forward(post(headers), {
      path: ["credits.consume"],
      apiUrl,
      token: "abc",
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({
      code: "OVERLOADED",
      message: "The service is away; nothing was done, retry shortly",
      requestId: answer.headers.get("x-request-id"),
    });
  });

  test("says that the outcome is unknown when the API falls silent after it got the call", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await forward(post(), { path: ["credits.consume"], apiUrl, token: "abc" });
    expect(await answer.json()).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    server.close();
  });
});

describe("a POST that a page of another site made", () => {
  test("is refused before anything is sent on", async () => {
    await using api = await startApi();
    const foreign = post({ ...ownPage, "sec-fetch-site": "cross-site" });
    const answer = await forward(foreign, { path: ["credits.consume"], apiUrl: api.url, token: "abc" });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "FORBIDDEN" });
    expect(api.seen).toEqual([]);
  });

  test.each<{ headers: Record<string, string>; own: boolean }>([
    { headers: { "sec-fetch-site": "same-origin" }, own: true },
    { headers: { "sec-fetch-site": "same-site", origin: "https://site.example", host: "site.example" }, own: false },
    { headers: { "sec-fetch-site": "none" }, own: false },
    { headers: { origin: "http://site.example", host: "site.example" }, own: true },
    { headers: { origin: "http://site.example:8080", host: "site.example" }, own: false },
    {
      headers: { origin: "https://site.example", host: "10.0.0.1:3000", "x-forwarded-host": "site.example" },
      own: true,
    },
    { headers: { origin: "null", host: "site.example" }, own: false },
    { headers: { host: "site.example" }, own: false },
    { headers: {}, own: false },
  ])("is told by its headers $headers: own page $own", ({ headers, own }) => {
    expect(isFromOwnPage({ headers: new Headers(headers) })).toBe(own);
  });
});
