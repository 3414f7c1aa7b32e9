import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
let credential: string;
beforeAll(async () => {
  server = await startServer("sqlite");
  credential = `Authorization: Bearer ${await server.token()}\r\n`;
});
afterAll(() => server.stop());

const spend = '{"amount":1,"action":"a"}';
const endpoints = [
  { path: "/credits/consume", body: spend },
  { path: "/trpc/credits.consume", body: `{"json":${spend}}` },
];

const chunk = (part: string, extension = "") => `${part.length.toString(16)}${extension}\r\n${part}\r\n`;
const inChunks = (body: string, size: number) =>
  body.replaceAll(new RegExp(`[^]{1,${size}}`, "g"), (part) => chunk(part));

function open(): Socket {
  const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  return socket;
}

const head = (path: string, headers = "") =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${credential}Content-Type: application/json\r\n${headers}\r\n`;

/** Sends a chunked request and closes. @returns the bytes of the answer. */
function send(path: string, chunks: string, headers = ""): Promise<string> {
  const socket = open();
  socket.write(`${head(path, `Transfer-Encoding: chunked\r\nConnection: close\r\n${headers}`)}${chunks}`, "latin1");
  return text(socket);
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe.each(endpoints)("a chunked body of $path", ({ path, body }) => {
  test.each([
    { says: "in one chunk", chunks: `${chunk(body)}0\r\n\r\n` },
    { says: "in chunks of one byte", chunks: `${inChunks(body, 1)}0\r\n\r\n` },
    { says: "with an extension", chunks: `${chunk(body, ";name=value")}0\r\n\r\n` },
    { says: "with a trailer", chunks: `${chunk(body)}0\r\nX-Checksum: 1\r\n\r\n` },
    { says: "with spaces up to nearly the limit", chunks: `${inChunks(body.padEnd(102_400), 30_000)}0\r\n\r\n` },
  ])("a chunked body of $path is accepted $says", async ({ chunks }) => {
    expect(statusOf(await send(path, chunks))).toBe(200);
  });

  test(`an endless chunked body of ${path} is cut off at the limit with 413`, async () => {
    const socket = open();
    socket.write(head(path, "Transfer-Encoding: chunked\r\n"));
    const part = chunk(" ".repeat(16_384));
    const sender = setInterval(() => socket.writable && socket.write(part), 5);
    const answer = await text(socket);
    clearInterval(sender);
    expect(statusOf(answer)).toBe(413);
    expect(answer).toMatch(/"limitBytes":102400/);
    expect(answer).toMatch(/^Connection: close\r$/im);
    // Far less than an endless body: what was on its way when the server answered.
    expect(socket.bytesWritten).toBeLessThan(20_000_000);
  });

  test.each([
    { says: "one byte more than the limit", chunks: `${inChunks(body.padEnd(102_401), 40_000)}0\r\n\r\n`, status: 413 },
    { says: "no bytes", chunks: "0\r\n\r\n", status: 400 },
    { says: "half a JSON value", chunks: `${chunk(body.slice(0, 9))}0\r\n\r\n`, status: 400 },
    {
      says: "an extension of 20,000 characters",
      chunks: `${chunk(body, `;${"x".repeat(20_000)}`)}0\r\n\r\n`,
      status: 0,
    },
    {
      says: "a trailer of 20,000 characters",
      chunks: `${chunk(body)}0\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      status: 0,
    },
    { says: "a size that is no number", chunks: `g\r\n${body}\r\n0\r\n\r\n`, status: 0 },
  ])("a chunked body of $path with $says is refused", async ({ chunks, status }) => {
    const answer = await send(path, chunks);
    if (status === 0) expect(answer === "" || statusOf(answer) >= 400).toBe(true);
    else expect(statusOf(answer)).toBe(status);
  });

  test.each([
    { says: "beside Content-Length", headers: "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", status: 400 },
    { says: "after gzip", headers: "Transfer-Encoding: gzip, chunked\r\n", status: 415 },
    { says: "twice", headers: "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", status: 400 },
  ])(`Transfer-Encoding chunked $says is refused by ${path}`, async ({ headers, status }) => {
    const socket = open();
    socket.write(`${head(path, `${headers}Connection: close\r\n`)}${chunk(body)}0\r\n\r\n`);
    expect(statusOf(await text(socket))).toBe(status);
  });
});

test("two chunked requests on one connection are answered one after the other", async () => {
  const socket = open();
  const one = `${head("/credits/consume", "Transfer-Encoding: chunked\r\n")}${chunk(spend)}0\r\n\r\n`;
  const last = one.replace("Transfer-Encoding", "Connection: close\r\nTransfer-Encoding");
  socket.write(one + last);
  expect((await text(socket)).match(/"success":true/g)).toHaveLength(2);
});

test("an operation whose fields are optional accepts an empty chunked body", async () => {
  const held = await server.call("POST", "/credits/holds", {
    headers: { authorization: credential.slice("Authorization: ".length).trim() },
    body: { amount: 1, action: "a" },
  });
  expect(statusOf(await send(`/credits/holds/${held.body.holdId}/release`, "0\r\n\r\n"))).toBe(200);
});

describe("HTTP/1.0", () => {
  const exchange = (bytes: string) => {
    const socket = open();
    socket.write(bytes);
    return text(socket);
  };

  test.each([
    { line: "GET /readyz", status: 200 },
    { line: "GET /livez", status: 200 },
    { line: "HEAD /health", status: 200 },
    { line: "OPTIONS /", status: 204 },
    { line: "GET /nope", status: 404 },
    { line: "GET /credits/balance", status: 401 },
  ])(
    "$line over HTTP/1.0 without Host is answered with $status, and the connection closes",
    async ({ line, status }) => {
      const answer = await exchange(`${line} HTTP/1.0\r\n\r\n`);
      expect(statusOf(answer)).toBe(status);
      expect(answer).toMatch(/^X-Content-Type-Options: nosniff\r$/im);
    },
  );

  test("a consume over HTTP/1.0 with keep-alive is answered, and the connection serves the next request", async () => {
    const request = `POST /credits/consume HTTP/1.0\r\n${credential}Content-Type: application/json\r\nContent-Length: ${spend.length}\r\nConnection: keep-alive\r\n\r\n${spend}`;
    const received = await exchange(`${request}GET /health HTTP/1.0\r\n\r\n`);
    expect(received).toMatch(/"success":true/);
    expect(received).toMatch(/"status":"ok"/);
  });

  test("a chunked body over HTTP/1.0 is refused with 411, and the connection closes", async () => {
    const received = await exchange(
      `POST /credits/consume HTTP/1.0\r\n${credential}Content-Type: application/json\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(spend)}0\r\n\r\n`,
    );
    expect(statusOf(received)).toBe(411);
  });

  test("HTTP/1.1 without Host is still refused", async () => {
    expect(statusOf(await exchange("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n"))).toBe(400);
  });
});
