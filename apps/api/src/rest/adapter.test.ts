import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEchoServer } from "../../test/echo-server.ts";

let server: Awaited<ReturnType<typeof startEchoServer>>;
beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => server.stop());

/** Sends the request exactly as written: no HTTP client that normalizes the path or adds headers. */
async function send(requestLine: string, headers: readonly string[] = [], body = "") {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write([`${requestLine} HTTP/1.1`, "Host: x", "Connection: close", ...headers, "", body].join("\r\n"));
  const [head = "", received = ""] = (await text(socket)).split("\r\n\r\n");
  const isJson = received.startsWith("{");
  return { status: Number(head.split(" ")[1]), head, body: isJson ? JSON.parse(received) : received };
}

const post = (path: string, body: string) =>
  send(`POST ${path}`, ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`], body);

const invalid = (field: string) => ({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: field }] } });

describe("while the command limiter is full", () => {
  beforeAll(async () => {
    const permit = await server.commandLimiter.acquire({ commands: 1, actor: "user:a", hasArrived: () => true });
    return () => permit.ok && permit.value.release();
  });

  test("a ledger command is refused before its body is parsed, with Retry-After", async () => {
    const response = await post("/spend", "not even JSON");
    expect(response).toMatchObject({ status: 503, body: { code: "OVERLOADED" } });
    expect(response.head).toMatch(/retry-after: \d/i);
  });

  test("operations that are no ledger commands are served", async () => {
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

describe("path parameters", () => {
  test.each([
    { path: "/holds/hold-1", input: { holdId: "hold-1" } },
    { path: "/holds/%68old%2D1", input: { holdId: "hold-1" } },
    { path: "/holds/hold-1?holdId=hold-1", input: { holdId: "hold-1" } },
  ])("the path parameter of $path is decoded once and becomes an input field", async ({ path, input }) => {
    expect(await send(`GET ${path}`)).toMatchObject({ status: 200, body: { input } });
    expect(await send(`HEAD ${path}`)).toMatchObject({ status: 200, body: "" });
  });

  test.each(["/users/a@example.com/grants", "/users/a%40example.com/grants"])(
    "a path parameter can be an e-mail address: %s",
    async (path) => {
      const input = { userId: "a@example.com", amount: 5 };
      expect(await post(path, '{"amount":5}')).toMatchObject({ status: 200, body: { input } });
    },
  );

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
  ])("a path with an undecodable or missing parameter is NOT_FOUND: %s", async (path) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const response = await send(`${method} ${path}`, ["Content-Length: 0"]);
      // The path may still match a route of another method, hence 405.
      expect([404, 405]).toContain(response.status);
      expect(response.body).toMatchObject({ requestId: expect.stringMatching(/^req-/) });
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
  ])("a path parameter that the schema rejects is named in the issues: %s", async (path) => {
    expect(await send(`GET ${path}`)).toMatchObject(invalid("holdId"));
  });

  test("a query or body field must not contradict the path parameter", async () => {
    expect(await send("GET /holds/hold-1?holdId=hold-2")).toMatchObject(invalid("holdId"));
    expect(await post("/holds/hold-1/capture", '{"holdId":"hold-2"}')).toMatchObject(invalid("holdId"));
    expect(await post("/holds/hold-1/capture", '{"holdId":null}')).toMatchObject(invalid("holdId"));
  });

  test("a path with a parameter lists its methods in Allow", async () => {
    const read = await send("DELETE /holds/hold-1");
    expect(read).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
    expect(read.head).toMatch(/^allow: GET, HEAD$/im);
    expect((await send("GET /holds/hold-1/capture")).head).toMatch(/^allow: POST$/im);
  });
});

describe("a body next to path parameters", () => {
  test.each([
    { body: "{}", input: { holdId: "hold-1" } },
    { body: '{"amount":5}', input: { holdId: "hold-1", amount: 5 } },
    { body: '{"amount":5,"holdId":"hold-1"}', input: { holdId: "hold-1", amount: 5 } },
  ])("the body $body adds its fields to the input", async ({ body, input }) => {
    expect(await post("/holds/hold-1/capture", body)).toMatchObject({ status: 200, body: { input } });
  });

  test.each([[], ["Content-Length: 0"], ["Content-Length: 0", "Content-Type: application/json"]])(
    "the body can be omitted when all its fields are optional, with headers %j",
    async (...headers) => {
      for (const verb of ["capture", "release"]) {
        const response = await send(`POST /holds/hold-1/${verb}`, headers);
        expect(response).toMatchObject({ status: 200, body: { input: { holdId: "hold-1" } } });
      }
    },
  );

  test.each([
    { headers: ["Transfer-Encoding: chunked"], status: 415 },
    { headers: ["Content-Length: 2"], status: 415 },
  ])("a body announced by $headers does not count as omitted", async ({ headers, status }) => {
    expect(
      (await send("POST /holds/hold-1/release", headers, headers[0] === "Content-Length: 2" ? "{}" : "")).status,
    ).toBe(status);
  });

  test("the body cannot be omitted when one of its fields is required", async () => {
    expect(await send("POST /users/a@example.com/grants")).toMatchObject({ status: 411 });
    expect(await post("/users/a@example.com/grants", "{}")).toMatchObject(invalid("amount"));
  });

  test.each([
    { body: '{"nope":1}', names: "nope" },
    { body: '{"__proto__":1}', names: "__proto__" },
    { body: "[]", names: "" },
    { body: "null", names: "" },
    { body: '"hold-1"', names: "" },
  ])("the body $body is refused", async ({ body, names }) => {
    expect(await post("/holds/hold-1/capture", body)).toMatchObject(invalid(names));
  });
});

describe("query parameters", () => {
  test.each([
    { path: "/transactions", input: { limit: 20 } },
    { path: "/transactions?", input: { limit: 20 } },
    { path: "/transactions?limit=100&action=a+b", input: { limit: 100, action: "a b" } },
    { path: "/transactions?action=%E7%A7%AF", input: { limit: 20, action: "积" } },
  ])("the query of $path becomes the input", async ({ path, input }) => {
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
  ])("the invalid query of $path is refused and the parameter named", async ({ path, names }) => {
    expect(await send(`GET ${path}`)).toMatchObject(invalid(names));
  });

  test("an invalid query is reported only to callers who may call the operation", async () => {
    expect(await send("GET /mine?limit=5&limit=6&nope=1")).toMatchObject({ status: 401 });
  });

  test("the query is ignored for an operation without input", async () => {
    expect(await send("GET /plain?x=1&x=2&%E0%A4%A")).toMatchObject({ status: 200, body: {} });
  });
});
