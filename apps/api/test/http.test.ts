import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
let token: string;
beforeAll(async () => {
  server = await startServer("sqlite", { FRONTEND_URL: "https://app.example.com,http://localhost:3000" });
  token = await server.token();
});
afterAll(() => server.stop());

describe("routing", () => {
  test.each(["/nope", "/credits", "/CREDITS/BALANCE"])("GET %s is answered with 404", async (path) => {
    expect(await server.call("GET", path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  });

  test.each([
    { method: "DELETE", path: "/credits/balance", allow: "GET, HEAD" },
    { method: "GET", path: "/credits/consume", allow: "POST" },
    { method: "PUT", path: "/auth/login", allow: "POST" },
    { method: "POST", path: "/health", allow: "GET, HEAD" },
    { method: "DELETE", path: "/trpc/health.check", allow: "GET, POST, HEAD" },
  ])("$method $path is answered with 405 and an Allow header", async ({ method, path, allow }) => {
    const answer = await server.call(method, path);
    expect(answer).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
    expect(answer.headers.get("allow")).toBe(allow);
  });

  test("HEAD /health returns no body", async () => {
    expect(await server.call("HEAD", "/health")).toMatchObject({ status: 200, body: "" });
  });
});

describe("request bodies", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=gbk",
    "application/jsonp",
    "\tapplication/xml",
  ])("a body of type %j is refused with 415", async (type) => {
    const answer = await server.call("POST", "/credits/consume", {
      token,
      body: '{"amount":5,"action":"a"}',
      headers: { "content-type": type },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: "UNSUPPORTED_MEDIA_TYPE" } });
  });

  test("a compressed body is refused with 415", async () => {
    const answer = await server.call("POST", "/credits/consume", {
      token,
      body: "{}",
      headers: { "content-encoding": "gzip" },
    });
    expect(answer).toMatchObject({ status: 415 });
  });

  test("a content type with the charset UTF-8 is accepted", async () => {
    const answer = await server.call("POST", "/auth/verify", {
      body: '{"token":"x"}',
      headers: { "content-type": 'Application/JSON; Charset="UTF-8"' },
    });
    expect(answer).toMatchObject({ status: 200, body: { valid: false } });
  });

  test.each(["/credits/consume", "/trpc/credits.consume"])(
    "a body of one megabyte is refused at %s, and the server keeps serving",
    async (path) => {
      const answer = await server.call("POST", path, {
        token,
        body: JSON.stringify({ amount: 5, action: "x".repeat(1_000_000) }),
      });
      expect(answer.status).toBe(413);
      const error = answer.body.error?.json.data.app ?? answer.body;
      expect(error).toMatchObject({ code: "PAYLOAD_TOO_LARGE", limitBytes: 102_400 });
      expect((await server.call("GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 });
    },
  );
});

describe("responses", () => {
  test.each([
    { sent: "my-id_1=", same: true },
    { sent: "x".repeat(129), same: false },
    { sent: "a b<script>", same: false },
  ])("a response carries a request id; the id $sent of the client is used: $same", async ({ sent, same }) => {
    const { headers, body } = await server.call("GET", "/nope", { headers: { "x-request-id": sent } });
    expect(headers.get("x-request-id") === sent).toBe(same);
    expect(body.requestId).toBe(headers.get("x-request-id"));
  });

  test.each(["/health", "/credits/balance", "/nope", "/trpc/health.check", "/trpc/nope", "/openapi.json", "/livez"])(
    "the response of %s has a request id and nosniff, and no server name",
    async (path) => {
      const { headers } = await server.call("GET", path);
      expect(headers.get("x-request-id")).toMatch(/^req-/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-powered-by") ?? headers.get("server")).toBeNull();
    },
  );

  test.each([
    ["GET", "/health"],
    ["HEAD", "/health"],
    ["GET", "/credits/balance"],
    ["POST", "/credits/consume"],
    ["DELETE", "/credits/consume"],
    ["GET", "/trpc/health.check"],
    ["GET", "/trpc/nope"],
    ["POST", "/trpc/credits.consume"],
    ["GET", "/nope"],
    ["GET", "/docs"],
    ["GET", "/openapi.json"],
    ["GET", "/livez"],
    ["GET", "/readyz"],
    ["OPTIONS", "/nope"],
  ])("the response to %s %s has every security header once", async (method, path) => {
    const { headers } = await server.call(method, path, { headers: { origin: "https://app.example.com" } });
    const securityHeaders = {
      "access-control-allow-credentials": "true",
      "access-control-allow-origin": "https://app.example.com",
      "access-control-expose-headers":
        "Idempotency-Replayed,Jifen-Version,RateLimit,RateLimit-Policy,Retry-After,X-Request-Id",
      "jifen-version": expect.stringMatching(/^\d+\.\d+\.\d+$/),
      "content-security-policy":
        path === "/docs"
          ? expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-/)
          : "default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      vary: expect.stringMatching(/(^|, )Origin/),
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "x-request-id": expect.stringMatching(/^req-[0-9a-f-]{36}$/),
    };
    expect(Object.fromEntries(headers)).toMatchObject(securityHeaders);
  });

  test("responses about credits have Cache-Control: no-store", async () => {
    for (const [method, path] of [
      ["GET", "/credits/balance"],
      ["POST", "/credits/consume"],
      ["GET", "/trpc/credits.balance"],
    ] as const) {
      const { headers } = await server.call(method, path, { token, ...(method === "POST" ? { body: "{}" } : {}) });
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("Accept: application/problem+json returns a problem document (RFC 9457)", async () => {
    const { status, headers, body } = await server.call("POST", "/credits/consume", {
      token,
      body: { amount: 1_000, action: "a" },
      headers: { accept: "application/problem+json", "accept-language": "en" },
    });
    expect(status).toBe(402);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject({
      title: "Not enough credits",
      status: 402,
      code: "INSUFFICIENT_CREDITS",
      balance: 100,
      required: 1_000,
    });
  });
});

describe("CORS", () => {
  const preflight = (origin: string) =>
    server.call("OPTIONS", "/credits/consume", {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-user-id,idempotency-key",
      },
    });

  test.each(["https://app.example.com", "http://localhost:3000"])("a browser can call from %s", async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-headers")?.toLowerCase()).toMatch(
      /authorization.*idempotency-key.*x-user-id/,
    );
    const { headers: responseHeaders } = await server.call("GET", "/health", { headers: { origin } });
    expect(responseHeaders.get("access-control-allow-origin")).toBe(origin);
    expect(responseHeaders.get("access-control-expose-headers")).toMatch(/X-Request-Id/i);
  });

  test.each([
    "https://evil.example.com",
    "https://app.example.com.evil.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "null",
  ])("a browser cannot call from %s", async (origin) => {
    for (const { headers } of [await preflight(origin), await server.call("GET", "/health", { headers: { origin } })]) {
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("vary")).toMatch(/Origin/);
    }
  });
});
