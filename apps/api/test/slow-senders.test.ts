import { connect, type Socket } from "node:net";
import { startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoad } from "./socket-load.ts";
import { type Server, startServer } from "./start-server.ts";

const half =
  'POST /credits/consume HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"a';

/** Sends bytes, then `drip` ten times a second. @returns what arrived, and after how many milliseconds it closed. */
async function exchange(url: string, bytes: string, drip = ""): Promise<{ received: string; tookMs: number }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = "";
  const socket: Socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(bytes));
  socket.on("data", (data) => {
    received += data;
  });
  socket.on("error", () => undefined).on("close", () => resolve());
  const startedMs = performance.now();
  const dripping = setInterval(() => drip !== "" && socket.writable && socket.write(drip), 100);
  await promise;
  clearInterval(dripping);
  return { received, tookMs: performance.now() - startedMs };
}

describe("slow senders", { concurrent: true }, () => {
  let server: Server;
  let credential: string;
  beforeAll(async () => {
    server = await startServer("sqlite");
    credential = `Authorization: Bearer ${await server.token()}\r\n`;
  });
  afterAll(() => server.stop());

  test.each([
    { says: "a half-sent body without a credential", bytes: () => half, atLeastMs: 0 },
    {
      says: "a half-sent body of a known caller",
      bytes: () => half.replace("Host: a\r\n", `Host: a\r\n${credential}`),
      atLeastMs: 5_000,
    },
    { says: "half of the headers", bytes: () => half.slice(0, 40), atLeastMs: 10_000 },
    { says: "nothing", bytes: () => "", atLeastMs: 10_000 },
  ])("a connection that sends $says is closed at its deadline", async ({ bytes, atLeastMs }) => {
    const { tookMs } = await exchange(server.api.url, bytes());
    expect(tookMs).toBeGreaterThanOrEqual(atLeastMs);
    // The deadline, one interval of the checks, and time for a busy machine.
    expect(tookMs).toBeLessThan(atLeastMs + 8_000);
  });

  test.each([
    { says: "a body with a length", end: "Content-Length: 5000\r\n\r\n", drip: " " },
    { says: "a chunked body", end: "Transfer-Encoding: chunked\r\n\r\n", drip: "1\r\n \r\n" },
  ])(
    "$says that arrives byte by byte is answered with 408 before its time is over",
    { timeout: timeLimit(60) },
    async ({ end, drip }) => {
      const head = `POST /auth/verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${end}`;
      const { received, tookMs } = await exchange(server.api.url, head, drip);
      expect(received).toMatch(/^HTTP\/1\.1 408 /);
      expect(received).toMatch(/"code":"REQUEST_TIMEOUT"/);
      expect(tookMs).toBeLessThan(14_000);
    },
  );
});

describe("bounds of connections", () => {
  test("half-sent requests fill the server without pushing out a caller", async () => {
    const server = await startServer("sqlite", { MAX_CONNECTIONS: "300" });
    const token = await server.token();
    await using load = await startLoad({ url: server.api.url, connections: 600, bytes: half, reopens: true });
    for (let i = 0; i < 30; i += 1) {
      const answer = await server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
      expect(answer).toMatchObject({ status: 200 });
    }
    expect((await load.state()).closed).toBeGreaterThan(100);
    await server.stop();
  });

  test.each([
    { says: "has its own bound", trusted: "10.0.0.1", open: 40 },
    { says: "has none when it is a trusted proxy", trusted: "127.0.0.1", open: 200 },
  ])("an address $says", async ({ trusted, open }) => {
    await using api = await startApi({ env: { MAX_CONNECTIONS_IP: "40", TRUST_PROXY: trusted } });
    await using load = await startLoad({
      url: api.url,
      connections: 200,
      bytes: "GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
    });
    await expect.poll(async () => (await load.state()).open, { timeout: timeLimit(10) }).toBe(open);
  });
});
