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

/** Sends bytes as they are. @returns the heads and bodies that come back until nothing more does. */
function send(bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let got = "";
  const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1", () => socket.write(bytes, "latin1"));
  socket.setEncoding("latin1").on("data", (text: string) => {
    got += text;
    // Whole answers end with a body of JSON or with none.
    if (/[}\]]$|\r\n\r\n$|\r\n0\r\n\r\n$/.test(got)) socket.end();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(got));
  return promise;
}
const statusOf = (answer: string) =>
  Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.replace(/^HTTP\/1\.1 100[^\n]*\r\n\r\n/, ""))?.[1] ?? 0);
const request = (head: string, headers = "", rest = "") => `${head} HTTP/1.1\r\nHost: a\r\n${headers}\r\n${rest}`;
const spend = (headers: string) => request("POST /credits/consume", `${credential}${json}${headers}`, body);

describe("what is sent by hand", () => {
  test.each([
    { says: "no Host", make: () => "GET /health HTTP/1.1\r\n\r\n", status: 400 },
    { says: "a Host that is none", make: () => "GET /health HTTP/1.1\r\nHost: a/b?c\r\n\r\n", status: 400 },
    { says: "HTTP/1.0 without a Host", make: () => "GET /health HTTP/1.0\r\n\r\n", status: 400 },
    { says: "a method of its own", make: () => request("FOO /health"), status: 400 },
    { says: "no path", make: () => request("GET health"), status: 400 },
    { says: "a star", make: () => request("OPTIONS *"), status: 400 },
    { says: "the start of TLS", make: () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", status: 400 },
    { says: "the start of HTTP/2", make: () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 400 },
    { says: "a name that is not ASCII", make: () => request("GET /cr\xe9dits"), status: 400 },
    { says: "an address of 20,000 characters", make: () => request(`GET /${"a".repeat(20_000)}`), status: 431 },
    {
      says: "a header of 20,000 characters",
      make: () => request("GET /health", `X: ${"a".repeat(20_000)}\r\n`),
      status: 431,
    },
    { says: "a header cut by a return", make: () => request("GET /health", "X: a\rb\r\n"), status: 400 },
    { says: "two slashes", make: () => request("GET //credits/balance", credential), status: 404 },
    {
      says: "two slashes and a host",
      make: () => request("GET //evil.example/credits/balance", credential),
      status: 404,
    },
    { says: "an encoded slash", make: () => request("GET /credits%2fbalance", credential), status: 404 },
    { says: "a zero", make: () => request("GET /credits/balance%00", credential), status: 404 },
    { says: "a semicolon", make: () => request("GET /credits/balance;x", credential), status: 404 },
    { says: "a name that is no UTF-8", make: () => request("GET /admin/users/%E0%A4%A", credential), status: 404 },
    { says: "__proto__ for an address", make: () => request("GET /__proto__"), status: 404 },
    { says: "__proto__ for a procedure", make: () => request("GET /trpc/__proto__.toString"), status: 404 },
    { says: "constructor for a procedure", make: () => request("GET /trpc/constructor"), status: 404 },
    { says: "no procedure", make: () => request("GET /trpc/"), status: 404 },
    {
      says: "dots to a path that wants a credential",
      make: () => request("GET /health/../credits/balance"),
      status: 401,
    },
    { says: "encoded dots to one", make: () => request("GET /health/%2e%2e/credits/balance"), status: 401 },
    { says: "an encoded letter to one", make: () => request("GET /%63redits/balance"), status: 401 },
    {
      says: "another host's address to one",
      make: () => request("GET http://evil.example/credits/balance"),
      status: 401,
    },
    {
      says: "a bad credential before a good one",
      make: () => request("GET /credits/balance", `Authorization: Bearer x\r\n${credential}`),
      status: 401,
    },
    {
      says: "a bad credential in the same header",
      make: () => request("GET /credits/balance", credential.replace("\r\n", ", Bearer x\r\n")),
      status: 401,
    },
    {
      says: "two users",
      make: () =>
        request("GET /credits/balance", `${credential}X-User-Id: user@example.com\r\nX-User-Id: other@example.com\r\n`),
      status: 403,
    },
    { says: "two lengths", make: () => spend("Content-Length: 1\r\n"), status: 400 },
    { says: "a length and chunks", make: () => spend("Transfer-Encoding: chunked\r\n"), status: 400 },
    {
      says: "a length below zero",
      make: () => request("POST /credits/consume", `${credential}Content-Length: -1\r\n`),
      status: 400,
    },
    { says: "two keys", make: () => spend("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), status: 400 },
    { says: "an expectation that nobody meets", make: () => spend("Expect: kittens\r\n"), status: 417 },
    {
      says: "another type in a batch",
      make: () =>
        request("GET /trpc/credits.balance", `${credential}Content-Type: multipart/form-data; boundary=x\r\n`),
      status: 405,
    },
    {
      says: "parameters of a connection",
      make: () => request("GET /trpc/credits.balance?connectionParams=1", credential),
      status: 400,
    },
    {
      says: "a list for a batch",
      make: () => request("GET /trpc/credits.balance?batch=1&input=%5B%5D", credential),
      status: 400,
    },
    {
      says: "two thousand languages",
      make: () => request("GET /nope", `Accept-Language: ${"a;q=0.1,".repeat(1_900)}\r\n`),
      status: 404,
    },
  ])("$says is answered by $status, with the headers that protect a browser", async ({ make, status }) => {
    const answer = await send(make());
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/^X-Content-Type-Options: nosniff\r$/im);
    expect(answer).toMatch(/^Content-Security-Policy: default-src 'none'/im);
    expect(answer).toMatch(/^Strict-Transport-Security: /im);
    expect(answer).toMatch(/"code":"[A-Z_]+"/);
  });

  test("after a request that is being answered takes nothing back: it is answered, or the line goes dead", async () => {
    const before = (await send(request("GET /credits/balance", credential))).match(/"balance":(\d+)/)?.[1];
    const answer = await send(`${spend("")}\x00\x00 not HTTP\r\n\r\n`);
    const after = (await send(request("GET /credits/balance", credential))).match(/"balance":(\d+)/)?.[1];
    expect([0, 200]).toContain(statusOf(answer));
    if (statusOf(answer) === 200) expect(Number(after)).toBe(Number(before) - 1);
  });

  test("has done nothing, and nothing that the log calls an error", async () => {
    expect(await send(request("GET /credits/balance", credential))).toMatch(/"balance":(99|100),"held":0/);
    expect(server.api.logs().filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
  });
});
