import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
let token: string;
beforeAll(async () => {
  server = await startServer("sqlite", { FRONTEND_URL: "https://app.example.com,http://localhost:3000" });
  token = await server.token();
});
afterAll(() => server.stop());

describe("an address", () => {
  test.each(["/nope", "/credits", "/credits/balance/", "//credits/balance", "/CREDITS/BALANCE"])(
    "%s leads nowhere",
    async (path) => {
      expect(await server.call("GET", path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    },
  );

  test.each([
    { method: "DELETE", path: "/credits/balance", allow: "GET, HEAD" },
    { method: "GET", path: "/credits/consume", allow: "POST" },
    { method: "PUT", path: "/auth/login", allow: "POST" },
    { method: "POST", path: "/health", allow: "GET, HEAD" },
    { method: "DELETE", path: "/trpc/health.check", allow: "GET, POST, HEAD" },
  ])("$path does not take $method, and says what it takes", async ({ method, path, allow }) => {
    const answer = await server.call(method, path);
    expect(answer).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
    expect(answer.headers.get("allow")).toBe(allow);
  });

  test("can be asked for its head alone", async () => {
    expect(await server.call("HEAD", "/health")).toMatchObject({ status: 200, body: "" });
  });
});

describe("a body", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=gbk",
    "application/jsonp",
    "\tapplication/xml",
  ])("of type %j is refused", async (type) => {
    const answer = await server.call("POST", "/credits/consume", {
      token,
      body: '{"amount":5,"action":"a"}',
      headers: { "content-type": type },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: "UNSUPPORTED_MEDIA_TYPE" } });
  });

  test("that is compressed is refused", async () => {
    const answer = await server.call("POST", "/credits/consume", {
      token,
      body: "{}",
      headers: { "content-encoding": "gzip" },
    });
    expect(answer).toMatchObject({ status: 415 });
  });

  test("may name its charset", async () => {
    const answer = await server.call("POST", "/auth/verify", {
      body: '{"token":"x"}',
      headers: { "content-type": 'Application/JSON; Charset="UTF-8"' },
    });
    expect(answer).toMatchObject({ status: 200, body: { valid: false } });
  });

  test.each(["/credits/consume", "/trpc/credits.consume"])(
    "of a megabyte is refused at %s, and the server goes on",
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

  test("without a length is refused", async () => {
    const { status, body } = await sendChunked('{"amount":5,"action":"a"}');
    expect({ status, code: JSON.parse(body).code }).toEqual({ status: 411, code: "LENGTH_REQUIRED" });
  });
});

function sendChunked(text: string): Promise<{ status: number | undefined; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>();
  const headers = {
    "content-type": "application/json",
    "transfer-encoding": "chunked",
    authorization: `Bearer ${token}`,
  };
  const sent = request(`${server.api.url}/credits/consume`, { method: "POST", headers }, async (response) => {
    resolve({ status: response.statusCode, body: (await response.toArray()).join("") });
  });
  sent.on("error", reject);
  sent.end(text);
  return promise;
}

describe("every answer", () => {
  test.each([
    { sent: "my-id_1=", same: true },
    { sent: "x".repeat(129), same: false },
    { sent: "a b<script>", same: false },
  ])("carries a request id; the caller's $sent is kept: $same", async ({ sent, same }) => {
    const { headers, body } = await server.call("GET", "/nope", { headers: { "x-request-id": sent } });
    expect(headers.get("x-request-id") === sent).toBe(same);
    expect(body.requestId).toBe(headers.get("x-request-id"));
  });

  test.each(["/health", "/credits/balance", "/nope", "/trpc/health.check", "/trpc/nope", "/openapi.json", "/livez"])(
    "of %s has an id, may not be sniffed, and says nothing of what serves it",
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
  ])("to %s %s has the headers that protect a browser, each once", async (method, path) => {
    const { headers } = await server.call(method, path, { headers: { origin: "https://app.example.com" } });
    const protecting = {
      "access-control-allow-credentials": "true",
      "access-control-allow-origin": "https://app.example.com",
      "access-control-expose-headers": "Idempotency-Replayed,RateLimit,RateLimit-Policy,Retry-After,X-Request-Id",
      "content-security-policy": expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'$/,
      ),
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      vary: expect.stringMatching(/(^|, )Origin/),
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "x-request-id": expect.stringMatching(/^req-[0-9a-f-]{36}$/),
    };
    expect(Object.fromEntries(headers)).toMatchObject(protecting);
  });

  test("about money or identity may not be stored", async () => {
    for (const [method, path] of [
      ["GET", "/credits/balance"],
      ["POST", "/credits/consume"],
      ["GET", "/trpc/credits.balance"],
    ] as const) {
      const { headers } = await server.call(method, path, { token, ...(method === "POST" ? { body: "{}" } : {}) });
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("is a problem (RFC 9457) for those who ask for one", async () => {
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

describe("a browser", () => {
  const preflight = (origin: string) =>
    server.call("OPTIONS", "/credits/consume", {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-user-id,idempotency-key",
      },
    });

  test.each(["https://app.example.com", "http://localhost:3000"])("may call from %s", async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-headers")?.toLowerCase()).toMatch(
      /authorization.*idempotency-key.*x-user-id/,
    );
    const { headers: answered } = await server.call("GET", "/health", { headers: { origin } });
    expect(answered.get("access-control-allow-origin")).toBe(origin);
    expect(answered.get("access-control-expose-headers")).toMatch(/X-Request-Id/i);
  });

  test.each([
    "https://evil.example.com",
    "https://app.example.com.evil.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "null",
  ])("may not call from %s", async (origin) => {
    for (const { headers } of [await preflight(origin), await server.call("GET", "/health", { headers: { origin } })]) {
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("vary")).toMatch(/Origin/);
    }
  });
});
