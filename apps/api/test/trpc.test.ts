import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
let token: string;
beforeAll(async () => {
  server = await startServer("sqlite");
  token = await server.token();
});
afterAll(() => server.stop());

const json = (value: unknown) => ({ json: value });
const balance = async () => (await server.call("GET", "/credits/balance", { token })).body.balance;

describe("/trpc", () => {
  test("a tRPC query returns its result", async () => {
    const { status, body } = await server.call("GET", "/trpc/credits.balance", { token });
    expect({ status, body }).toEqual({
      status: 200,
      body: { result: { data: json({ balance: 100, held: 0, expiring: null }) } },
    });
  });

  test("a tRPC refusal has the shape of tRPC, the status of the refusal and the error body", async () => {
    const { status, body } = await server.call("POST", "/trpc/credits.consume", {
      token,
      body: json({ amount: 101, action: "a" }),
    });
    expect(status).toBe(402);
    expect(body.error.json.data).toEqual({
      code: "PAYMENT_REQUIRED",
      path: "credits.consume",
      httpStatus: 402,
      app: {
        message: "积分不足",
        code: "INSUFFICIENT_CREDITS",
        balance: 100,
        required: 101,
        requestId: expect.any(String),
      },
    });
  });

  test.each([
    { path: "credits.nope", method: "GET", status: 404, code: "NOT_FOUND" },
    { path: "credits.consume", method: "GET", status: 405, code: "METHOD_NOT_ALLOWED" },
    { path: "credits.balance", method: "GET", status: 401, code: "UNAUTHENTICATED", anonymous: true },
    { path: "credits.consume", method: "POST", body: "{", status: 400, code: "MALFORMED_JSON" },
    { path: "credits.consume", method: "POST", body: "{}", status: 400, code: "VALIDATION_FAILED" },
    {
      path: "credits.consume",
      method: "POST",
      body: '{"json":{"amount":"5"}}',
      status: 400,
      code: "VALIDATION_FAILED",
    },
    {
      path: "credits.consume",
      method: "POST",
      body: '{"json":{"amount":5,"action":"a"},"meta":{"values":{"amount":["bigint"]}}}',
      status: 400,
      code: "VALIDATION_FAILED",
    },
    { path: "credits.balance?input=%7B", method: "GET", status: 400, code: "MALFORMED_JSON" },
    { path: "%E0%A4%A", method: "GET", status: 404, code: "NOT_FOUND" },
  ])(
    "$method /trpc/$path with $body is answered with $status $code",
    async ({ path, method, body, status, code, anonymous }) => {
      const answer = await server.call(method, `/trpc/${path}`, {
        ...(anonymous ? {} : { token }),
        ...(body ? { body } : {}),
      });
      expect(answer.status).toBe(status);
      const error = answer.body.error?.json.data.app ?? answer.body;
      expect(error).toMatchObject({ code, requestId: expect.stringMatching(/./) });
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|node_modules|\.ts:/);
    },
  );

  test("a batch of twenty calls decides each call separately", async () => {
    const before = await balance();
    const calls = Array.from({ length: 20 }, (_, at) => [at, json({ amount: at === 7 ? 1_000 : 1, action: "batch" })]);
    const path = Array.from({ length: 20 }, () => "credits.consume").join(",");
    const { status, body } = await server.call("POST", `/trpc/${path}?batch=1`, {
      token,
      body: Object.fromEntries(calls),
    });
    expect(status).toBe(207);
    expect(body.filter((each: object) => "result" in each)).toHaveLength(19);
    expect(body[7].error.json.data.app.code).toBe("INSUFFICIENT_CREDITS");
    expect(await balance()).toBe(before - 19);
  });

  test.each(["GET", "POST"])("a %s batch of 21 calls is refused before any call is executed", async (method) => {
    const path = Array.from({ length: 21 }, () => "credits.balance").join(",");
    const answer = await server.call(method, `/trpc/${path}?batch=1`, {
      token,
      ...(method === "POST" ? { body: "{}" } : {}),
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error.json.data.app).toMatchObject({ code: "VALIDATION_FAILED", issues: [{ path: "batch" }] });
  });

  test.each([
    { name: "trpc-accept", value: "application/jsonl" },
    { name: "accept", value: "application/json, application/jsonl" },
  ])("a streamed response for $name $value is refused before any call is executed", async (header) => {
    const headers = { [header.name]: header.value };
    const before = await balance();
    const answer = await server.call("POST", "/trpc/credits.consume?batch=1", {
      token,
      headers,
      body: { 0: json({ amount: 1, action: "a" }) },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: { json: { data: { app: { code: "VALIDATION_FAILED", issues: [{ path: "trpc-accept" }] } } } },
      },
    });
    expect(await balance()).toBe(before);
  });

  test("referential equalities of superjson are ignored, so a small body cannot expand", async () => {
    const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1), b: {} });
    const paths = Array.from({ length: 30 }, (_, level) => `metadata${".a".repeat(level)}`);
    const bombs = [
      { referentialEqualities: { metadata: ["metadata.a", "metadata.b"] } },
      { referentialEqualities: Object.fromEntries(paths.map((path) => [`${path}.a`, [`${path}.b`]])) },
    ];
    for (const meta of bombs) {
      const body = { json: { amount: 1, action: "bomb", metadata: nested(30) }, meta };
      // Without the references the body is plain JSON.
      const answer = await server.call("POST", "/trpc/credits.consume", { token, body });
      expect(answer).toMatchObject({ status: 200, body: { result: { data: { json: { success: true } } } } });
    }
    expect(await server.call("GET", "/health")).toMatchObject({ status: 200 });
  });

  test.each([
    { says: "an array of gigabytes", values: { token: [["typed-array", "Float64Array"]] }, token: { length: 1e9 } },
    { says: "a byte array of gigabytes", values: { token: [["typed-array", "Uint8Array"]] }, token: 4e9 },
    { says: "a bigint of 99,000 digits", values: { token: ["bigint"] }, token: "9".repeat(99_000) },
    { says: "a regular expression", values: { token: ["regexp"] }, token: `/${"(a+)+".repeat(10_000)}$/` },
    { says: "a nested map", values: ["map", { a: ["map"] }], token: "x" },
    { says: "a huge list", values: { "token.4294967294": ["undefined"] }, token: ["x"] },
  ])("a superjson annotation of $says is refused", async ({ values, token: described }) => {
    const body = { json: { token: described }, meta: { values } };
    const answer = await server.call("POST", "/trpc/auth.verify", { body });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { json: { data: { app: { code: "VALIDATION_FAILED" } } } } },
    });
    expect(await server.call("GET", "/health")).toMatchObject({ status: 200 });
  });

  test("a batch of queries and mutations is refused as a whole", async () => {
    const answer = await server.call("POST", "/trpc/credits.consume,credits.balance?batch=1", {
      token,
      headers: { "x-request-id": "mixed-1", "accept-language": "en" },
      body: { 0: json({ amount: 1, action: "a" }) },
    });
    expect({ status: answer.status, type: answer.headers.get("content-type") }).toEqual({
      status: 400,
      type: "application/json",
    });
    expect(answer.body.error.json.data.app).toMatchObject({
      code: "VALIDATION_FAILED",
      requestId: "mixed-1",
      issues: [{ path: "batch", message: "a batch must contain either only queries or only mutations" }],
    });
  });

  test("a procedure that is called with another method is answered with 405 and an Allow header", async () => {
    const posted = await server.call("POST", "/trpc/credits.balance", { token, body: {} });
    expect({ status: posted.status, allow: posted.headers.get("allow") }).toEqual({ status: 405, allow: "GET" });
    const got = await server.call("GET", "/trpc/credits.consume", { token });
    expect({ status: got.status, allow: got.headers.get("allow") }).toEqual({ status: 405, allow: "POST" });
  });

  test("an Idempotency-Key header on a batch of several calls is refused", async () => {
    const headers = { "idempotency-key": "one-for-all" };
    const body = { 0: json({ amount: 1, action: "a" }), 1: json({ amount: 1, action: "a" }) };
    const before = await balance();
    const { body: answers } = await server.call("POST", "/trpc/credits.consume,credits.consume?batch=1", {
      token,
      headers,
      body,
    });
    for (const answer of answers) {
      expect(answer.error.json.data.app).toMatchObject({
        code: "VALIDATION_FAILED",
        issues: [{ path: "idempotencyKey" }],
      });
    }
    expect(await balance()).toBe(before);
  });
});
