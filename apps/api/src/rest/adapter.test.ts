import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { anyUser, type Operation } from "@jifen/contract";
import { ok } from "@jifen/core";
import { Hono } from "hono";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { zLimit, zPathId } from "../../../../packages/contract/src/primitives.ts";
import { ConcurrencyLimiter } from "../http/concurrency-limiter.ts";
import { docsPage } from "../http/docs/page.ts";
import type { Env } from "../http/env.ts";
import { mountFallback } from "../http/fallback.ts";
import { type Listening, listen } from "../http/listen.ts";
import { createClientAddress } from "../http/rate-limits/client-address.ts";
import { createCounters } from "../http/rate-limits/counters.ts";
import { createRateLimits } from "../http/rate-limits/rate-limits.ts";
import { createResponses } from "../http/responses.ts";
import { createSessions } from "../modules/identity/credentials/sessions.ts";
import { createTokens } from "../modules/identity/credentials/tokens.ts";
import { implement, type Runnable } from "../trpc/procedure.ts";
import { mountRest } from "./adapter.ts";
import { createOpenApiDocument } from "./openapi.ts";
import { routesOf } from "./routes.ts";

const holdId = zPathId("hold-1");
const summary = { zh: "试", en: "Try." };
const query = { kind: "query", summary, caller: "anyone", idempotent: false, refusals: [] } as const;
const mutation = { ...query, kind: "mutation" } as const;
const ledgerCommand = { ...mutation, idempotent: true, refusals: ["OVERLOADED"] } as const;
const output = z.object({ input: z.unknown() });
const at = <const Path extends `/${string}`>(method: "GET" | "POST", path: Path) =>
  ({ rest: { method, path }, output }) as const;

const operation = <const Op extends Operation>(op: Op): Op => op;

const page = { action: z.string().max(10).optional(), limit: zLimit(100, 20) };
const declared = {
  read: operation({ ...query, ...at("GET", "/holds/{holdId}"), input: z.strictObject({ holdId }) }),
  capture: operation({
    ...mutation,
    ...at("POST", "/holds/{holdId}/capture"),
    input: z.strictObject({ holdId, amount: z.int().optional() }),
  }),
  release: operation({ ...mutation, ...at("POST", "/holds/{holdId}/release"), input: z.strictObject({ holdId }) }),
  give: operation({
    ...mutation,
    ...at("POST", "/users/{userId}/grants"),
    input: z.strictObject({ userId: z.email(), amount: z.int() }),
  }),
  list: operation({ ...query, ...at("GET", "/transactions"), input: z.strictObject(page) }),
  mine: operation({ ...query, ...at("GET", "/mine"), caller: anyUser(null), input: z.strictObject(page) }),
  plain: operation({ ...query, ...at("GET", "/plain"), input: z.void() }),
  spend: operation({ ...ledgerCommand, ...at("POST", "/spend"), input: z.strictObject({ amount: z.int() }) }),
};
const failing = operation({ ...ledgerCommand, ...at("POST", "/failing"), input: z.strictObject({}) });

/** Operations that answer with what they were asked. */
const echo = Object.fromEntries(
  Object.entries(declared).map(([verb, each]): [string, Runnable] => [
    verb,
    implement(each, async ({ input }) => ok({ input })),
  ]),
);
const fail = implement(failing, async () => {
  throw new Error("failed");
});
const routes = routesOf({ tries: { ...echo, fail } });

let server: Listening;
const commandLimiter = new ConcurrencyLimiter({ capacity: 1, queueTimeoutMs: 20, bodyTimeoutMs: 20 });
beforeAll(async () => {
  const log = pino({ level: "silent" });
  const tokens = await createTokens({ secrets: ["x".repeat(32)], expiresInSeconds: 60, nowMs: Date.now });
  const app = new Hono<Env>();
  const answers = createResponses([]);
  const nobody = { find: async () => undefined, forget: () => undefined };
  const rateLimits = createRateLimits(createCounters(undefined), {});
  mountRest(app, {
    deps: {
      sessions: createSessions(tokens, nobody),
      userCache: nobody,
      keys: { ...nobody, close: async () => undefined },
      rateLimits,
      isCircuitOpen: () => false,
      clientAddress: createClientAddress([]),
      commandLimiter,
      log,
    },
    answers,
    routes,
  });
  mountFallback(app, log, answers);
  server = await listen(app, { port: 0, host: "127.0.0.1" }, log);
});
afterAll(() => server.stop());

/** One request as it is written here: no client that puts an address or a header right. */
async function send(line: string, headers: readonly string[] = [], body = "") {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write([`${line} HTTP/1.1`, "Host: x", "Connection: close", ...headers, "", body].join("\r\n"));
  const [head = "", answer = ""] = (await text(socket)).split("\r\n\r\n");
  const isJson = answer.startsWith("{");
  return { status: Number(head.split(" ")[1]), head, body: isJson ? JSON.parse(answer) : answer };
}

const post = (path: string, body: string) =>
  send(`POST ${path}`, ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`], body);

const refusedFor = (field: string) => ({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: field }] } });

describe("while the ledger has as much to do as it can", () => {
  beforeAll(async () => {
    const permit = await commandLimiter.acquire({ commands: 1, hasArrived: () => true });
    return () => permit.ok && permit.value.release();
  });

  test("its commands are turned away before their body is looked at, and told when to come again", async () => {
    const answer = await post("/spend", "not even JSON");
    expect(answer).toMatchObject({ status: 503, body: { code: "OVERLOADED" } });
    expect(answer.head).toMatch(/retry-after: \d/i);
  });

  test("everything else goes on", async () => {
    expect(await send("GET /plain")).toMatchObject({ status: 200 });
    expect(await post("/holds/hold-1/capture", "{}")).toMatchObject({ status: 200 });
  });
});

test("a ledger command that throws returns its capacity", async () => {
  for (let i = 0; i < 2; i++) {
    expect(await post("/failing", "{}")).toMatchObject({ status: 500, body: { code: "INTERNAL_ERROR" } });
  }
  expect(await post("/spend", '{"amount":1}')).toMatchObject({ status: 200 });
});

describe("a parameter in the path", () => {
  test.each([
    { path: "/holds/hold-1", input: { holdId: "hold-1" } },
    { path: "/holds/%68old%2D1", input: { holdId: "hold-1" } },
    { path: "/holds/hold-1?holdId=hold-1", input: { holdId: "hold-1" } },
  ])("of $path is decoded once and becomes a field of the input", async ({ path, input }) => {
    expect(await send(`GET ${path}`)).toMatchObject({ status: 200, body: { input } });
    expect(await send(`HEAD ${path}`)).toMatchObject({ status: 200, body: "" });
  });

  test.each(["/users/a@example.com/grants", "/users/a%40example.com/grants"])("may be an address: %s", async (path) => {
    const input = { userId: "a@example.com", amount: 5 };
    expect(await post(path, '{"amount":5}')).toMatchObject({ status: 200, body: { input } });
  });

  test.each([
    "/holds/%E0%A4%A",
    "/holds/%ff",
    "/holds/%",
    "/holds/",
    "/holds",
    "/holds/..",
    "/holds/%2e%2e",
    "/holds/./",
    "/holds/a/b",
    "/holds//capture",
    "/holds/../holds",
  ])("that is no text, or not there, leads nowhere: %s", async (path) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const answer = await send(`${method} ${path}`, ["Content-Length: 0"]);
      // Of an address that has a parameter in this place, another method is still known.
      expect([404, 405]).toContain(answer.status);
      expect(answer.body).toMatchObject({ requestId: expect.stringMatching(/^req-/) });
    }
    expect(await send(`GET ${path}`)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  });

  test.each([
    "/holds/%2F",
    "/holds/%2F..%2F..",
    "/holds/%252F",
    "/holds/a%00b",
    "/holds/a%0A",
    "/holds/a;b",
    "/holds/'",
  ])("that the schema does not take is refused by its name: %s", async (path) => {
    expect(await send(`GET ${path}`)).toMatchObject(refusedFor("holdId"));
  });

  test("is not another one in the query or in the body", async () => {
    expect(await send("GET /holds/hold-1?holdId=hold-2")).toMatchObject(refusedFor("holdId"));
    expect(await post("/holds/hold-1/capture", '{"holdId":"hold-2"}')).toMatchObject(refusedFor("holdId"));
    expect(await post("/holds/hold-1/capture", '{"holdId":null}')).toMatchObject(refusedFor("holdId"));
  });

  test("does not hide which methods there are", async () => {
    const read = await send("DELETE /holds/hold-1");
    expect(read).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
    expect(read.head).toMatch(/^allow: GET, HEAD$/im);
    expect((await send("GET /holds/hold-1/capture")).head).toMatch(/^allow: POST$/im);
  });
});

describe("a body beside it", () => {
  test.each([
    { body: "{}", input: { holdId: "hold-1" } },
    { body: '{"amount":5}', input: { holdId: "hold-1", amount: 5 } },
    { body: '{"amount":5,"holdId":"hold-1"}', input: { holdId: "hold-1", amount: 5 } },
  ])("of $body adds its members", async ({ body, input }) => {
    expect(await post("/holds/hold-1/capture", body)).toMatchObject({ status: 200, body: { input } });
  });

  test.each([[], ["Content-Length: 0"], ["Content-Length: 0", "Content-Type: application/json"]])(
    "may be left out where nothing in it is required, with headers %j",
    async (...headers) => {
      for (const verb of ["capture", "release"]) {
        const answer = await send(`POST /holds/hold-1/${verb}`, headers);
        expect(answer).toMatchObject({ status: 200, body: { input: { holdId: "hold-1" } } });
      }
    },
  );

  test.each([
    { headers: ["Transfer-Encoding: chunked"], status: 411 },
    { headers: ["Content-Length: 2"], status: 415 },
  ])("that is announced by $headers is no body left out", async ({ headers, status }) => {
    expect(
      (await send("POST /holds/hold-1/release", headers, headers[0] === "Content-Length: 2" ? "{}" : "")).status,
    ).toBe(status);
  });

  test("may not be left out where something in it is required", async () => {
    expect(await send("POST /users/a@example.com/grants")).toMatchObject({ status: 411 });
    expect(await post("/users/a@example.com/grants", "{}")).toMatchObject(refusedFor("amount"));
  });

  test.each([
    { body: '{"nope":1}', names: "nope" },
    { body: '{"__proto__":1}', names: "__proto__" },
    { body: "[]", names: "" },
    { body: "null", names: "" },
    { body: '"hold-1"', names: "" },
  ])("of $body is refused", async ({ body, names }) => {
    expect(await post("/holds/hold-1/capture", body)).toMatchObject(refusedFor(names));
  });
});

describe("a query", () => {
  test.each([
    { path: "/transactions", input: { limit: 20 } },
    { path: "/transactions?", input: { limit: 20 } },
    { path: "/transactions?limit=100&action=a+b", input: { limit: 100, action: "a b" } },
    { path: "/transactions?action=%E7%A7%AF", input: { limit: 20, action: "积" } },
  ])("of $path is the input", async ({ path, input }) => {
    expect(await send(`GET ${path}`)).toMatchObject({ status: 200, body: { input } });
  });

  test.each([
    { path: "/transactions?limit=0", names: "limit" },
    { path: "/transactions?limit=", names: "limit" },
    { path: "/transactions?limit=5&limit=5", names: "limit" },
    { path: "/transactions?nope=1", names: "nope" },
    { path: "/transactions?__proto__=1", names: "__proto__" },
    { path: "/transactions?limit%5B%5D=5", names: "limit[]" },
    { path: `/transactions?action=${"x".repeat(11)}`, names: "action" },
  ])("of $path is refused by its name", async ({ path, names }) => {
    expect(await send(`GET ${path}`)).toMatchObject(refusedFor(names));
  });

  test("is looked at only for those who may call", async () => {
    expect(await send("GET /mine?limit=5&limit=6&nope=1")).toMatchObject({ status: 401 });
  });

  test("is ignored where nothing is asked", async () => {
    expect(await send("GET /plain?x=1&x=2&%E0%A4%A")).toMatchObject({ status: 200, body: {} });
  });
});

describe("the documentation", () => {
  const document = createOpenApiDocument("1.0.0", routes);

  test("says what stands in the path, in the query and in the body", () => {
    const capture = document.paths?.["/holds/{holdId}/capture"]?.post;
    expect(capture?.parameters).toMatchObject([{ in: "path", name: "holdId", required: true }]);
    expect(capture?.requestBody).toMatchObject({ required: false });
    expect(capture?.requestBody).toHaveProperty(
      ["content", "application/json", "schema"],
      expect.objectContaining({ properties: { amount: expect.anything() }, additionalProperties: false }),
    );
    expect(document.paths?.["/users/{userId}/grants"]?.post?.requestBody).toMatchObject({ required: true });
    expect(document.paths?.["/holds/{holdId}/release"]?.post).not.toHaveProperty("requestBody");
    const list = document.paths?.["/transactions"]?.get;
    expect(list).not.toHaveProperty("requestBody");
    expect(list?.parameters).toMatchObject([
      { in: "query", name: "action", schema: { type: "string" } },
      { in: "query", name: "limit", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
    ]);
    expect(list?.parameters?.some((parameter) => "required" in parameter && parameter.required)).toBe(false);
    expect(document.paths?.["/plain"]?.get?.parameters).toBeUndefined();
  });

  test("shows a person the same, with a command to paste", async () => {
    const shown = String(await docsPage({ document, routes, origin: "http://x" }));
    expect(shown).toContain("curl http://x/holds/hold-1/capture \\\n  -X POST<");
    expect(shown).toMatch(/路径参数[^§]*holdId[^§]*optional[^§]*amount/u);
    expect(shown).toMatch(/查询参数[^§]*limit/u);
  });
});
