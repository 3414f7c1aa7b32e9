import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

const body = '{"amount":1,"action":"a"}';
const json = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;

let server: Server;
let credential: string;
beforeAll(async () => {
  server = await startServer("sqlite");
  credential = `Authorization: Bearer ${await server.token()}\r\n`;
});
afterAll(() => server.stop());

/** Sends bytes. @returns all bytes of the responses. */
function send(bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = "";
  const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1", () => socket.write(bytes, "latin1"));
  socket.setEncoding("latin1").on("data", (text: string) => {
    received += text;
    // A complete response ends with a JSON body or with none.
    if (/[}\]]$|\r\n\r\n$|\r\n0\r\n\r\n$/.test(received)) socket.end();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(received));
  return promise;
}
const statusOf = (answer: string) =>
  Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.replace(/^HTTP\/1\.1 100[^\n]*\r\n\r\n/, ""))?.[1] ?? 0);
const request = (head: string, headers = "", rest = "") => `${head} HTTP/1.1\r\nHost: a\r\n${headers}\r\n${rest}`;
const spend = (headers: string) => request("POST /credits/consume", `${credential}${json}${headers}`, body);

describe("raw requests", () => {
  test.each([
    { says: "a request without Host", make: () => "GET /health HTTP/1.1\r\n\r\n", status: 400 },
    { says: "an invalid Host", make: () => "GET /health HTTP/1.1\r\nHost: a/b?c\r\n\r\n", status: 400 },

    { says: "an unknown method", make: () => request("FOO /health"), status: 400 },
    { says: "a target without a slash", make: () => request("GET health"), status: 400 },
    { says: "the target *", make: () => request("OPTIONS *"), status: 400 },
    { says: "the start of TLS", make: () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", status: 400 },
    { says: "the start of HTTP/2", make: () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 400 },
    { says: "a path that is not ASCII", make: () => request("GET /cr\xe9dits"), status: 400 },
    { says: "an address of 20,000 characters", make: () => request(`GET /${"a".repeat(20_000)}`), status: 431 },
    {
      says: "a header of 20,000 characters",
      make: () => request("GET /health", `X: ${"a".repeat(20_000)}\r\n`),
      status: 431,
    },
    { says: "a header with a carriage return", make: () => request("GET /health", "X: a\rb\r\n"), status: 400 },
    { says: "two slashes", make: () => request("GET //credits/balance"), status: 401 },
    {
      says: "two slashes and a host",
      make: () => request("GET //evil.example/credits/balance", credential),
      status: 404,
    },
    { says: "an encoded slash", make: () => request("GET /credits%2fbalance", credential), status: 404 },
    { says: "an encoded NUL", make: () => request("GET /credits/balance%00", credential), status: 404 },
    { says: "a semicolon", make: () => request("GET /credits/balance;x", credential), status: 404 },
    { says: "a path that is not UTF-8", make: () => request("GET /admin/users/%E0%A4%A", credential), status: 404 },
    { says: "the path __proto__", make: () => request("GET /__proto__"), status: 404 },
    { says: "the procedure __proto__.toString", make: () => request("GET /trpc/__proto__.toString"), status: 404 },
    { says: "the procedure constructor", make: () => request("GET /trpc/constructor"), status: 404 },
    { says: "an empty procedure", make: () => request("GET /trpc/"), status: 404 },
    {
      says: "a path with dots to a protected operation",
      make: () => request("GET /health/../credits/balance"),
      status: 401,
    },
    {
      says: "a path with encoded dots to a protected operation",
      make: () => request("GET /health/%2e%2e/credits/balance"),
      status: 401,
    },
    {
      says: "a path with an encoded letter to a protected operation",
      make: () => request("GET /%63redits/balance"),
      status: 401,
    },
    {
      says: "an absolute target to a protected operation",
      make: () => request("GET http://evil.example/credits/balance"),
      status: 401,
    },
    {
      says: "an invalid credential before a valid one",
      make: () => request("GET /credits/balance", `Authorization: Bearer x\r\n${credential}`),
      status: 401,
    },
    {
      says: "an invalid credential in the same header",
      make: () => request("GET /credits/balance", credential.replace("\r\n", ", Bearer x\r\n")),
      status: 401,
    },
    {
      says: "two X-User-Id headers",
      make: () =>
        request("GET /credits/balance", `${credential}X-User-Id: user@example.com\r\nX-User-Id: other@example.com\r\n`),
      status: 403,
    },
    { says: "two Content-Length headers", make: () => spend("Content-Length: 1\r\n"), status: 400 },
    { says: "Content-Length with Transfer-Encoding", make: () => spend("Transfer-Encoding: chunked\r\n"), status: 400 },
    {
      says: "a negative Content-Length",
      make: () => request("POST /credits/consume", `${credential}Content-Length: -1\r\n`),
      status: 400,
    },
    {
      says: "two Idempotency-Key headers",
      make: () => spend("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"),
      status: 400,
    },
    { says: "an unknown expectation", make: () => spend("Expect: kittens\r\n"), status: 417 },
    {
      says: "another content type over tRPC",
      make: () =>
        request("GET /trpc/credits.balance", `${credential}Content-Type: multipart/form-data; boundary=x\r\n`),
      status: 405,
    },
    {
      says: "connectionParams over tRPC",
      make: () => request("GET /trpc/credits.balance?connectionParams=1", credential),
      status: 400,
    },
    {
      says: "a list as batch input",
      make: () => request("GET /trpc/credits.balance?batch=1&input=%5B%5D", credential),
      status: 400,
    },
    {
      says: "1,900 languages",
      make: () => request("GET /nope", `Accept-Language: ${"a;q=0.1,".repeat(1_900)}\r\n`),
      status: 404,
    },
  ])("$says is answered with $status and the security headers", async ({ make, status }) => {
    const answer = await send(make());
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/^X-Content-Type-Options: nosniff\r$/im);
    expect(answer).toMatch(/^Content-Security-Policy: default-src 'none'/im);
    expect(answer).toMatch(/^Strict-Transport-Security: /im);
    expect(answer).toMatch(/"code":"[A-Z_]+"/);
  });

  test("garbage after a request does not undo it: the request is answered, or the connection closes", async () => {
    const before = (await send(request("GET /credits/balance", credential))).match(/"balance":(\d+)/)?.[1];
    const answer = await send(`${spend("")}\x00\x00 not HTTP\r\n\r\n`);
    const after = (await send(request("GET /credits/balance", credential))).match(/"balance":(\d+)/)?.[1];
    expect([0, 200]).toContain(statusOf(answer));
    if (statusOf(answer) === 200) expect(Number(after)).toBe(Number(before) - 1);
  });

  test("raw requests change nothing but the one valid charge and log no error", async () => {
    expect(await send(request("GET /credits/balance", credential))).toMatch(/"balance":(99|100),"held":0/);
    expect(server.api.logs().filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
  });
});
