import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoad } from "./socket-load.ts";
import { type Server, startServer } from "./start-server.ts";
import { describeUnreadAnswers, get, post, spend } from "./unread-answers-suite.ts";

let server: Server;
let token: string;
let initialFiles: number;
beforeAll(async () => {
  server = await startServer("sqlite", { RATE_LIMIT_IP: "off", INITIAL_CREDITS: "100000" });
  token = await server.token();
  await consume();
  initialFiles = openFiles();
});
afterAll(() => server.stop());

const consume = () => server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });

/** Sends bytes on one connection. @returns what arrives until the server closes it. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1", () => socket.write(bytes));
  return text(socket);
}

/** How many files and sockets the server's process has open. */
const openFiles = () => readdirSync(`/proc/${server.api.process.pid}/fd`).length;

// The other requests are in unread-answers.slow.test.ts.
describeUnreadAnswers(["consumes with a body"]);

describe("connections whose answers are not read", () => {
  test("connections whose answers are not read are closed within seconds", async () => {
    await expect.poll(openFiles, { timeout: timeLimit(30), interval: 500 }).toBeLessThan(initialFiles + 5);
    const bytes = get("/openapi.json", "Accept-Encoding: identity\r\n");
    await using _load = await startLoad({ url: server.api.url, connections: 30, bytes, times: 90, neverReads: true });
    await expect.poll(openFiles, { timeout: timeLimit(10) }).toBeGreaterThan(initialFiles + 25);
    expect(await consume()).toMatchObject({ status: 200 });
    await expect.poll(openFiles, { timeout: timeLimit(30), interval: 500 }).toBeLessThan(initialFiles + 5);
  });
});

describe("pipelined requests", () => {
  test("300 pipelined requests, whose answers are read, are answered in their order until the connection closes", async () => {
    const numbers = Array.from({ length: 300 }, (_, at) => at);
    const received = await exchange(numbers.map((at) => get("/nope", `X-Request-Id: n-${at}\r\n`)).join(""));
    const ids = [...received.matchAll(/"requestId":"n-(\d+)"/g)].map(([, id]) => Number(id));
    expect(ids.length).toBeGreaterThanOrEqual(100);
    expect(ids).toEqual(numbers.slice(0, ids.length));
    expect(received.match(/^Connection: close\r$/gim)).toHaveLength(1);
  });

  test("pipelined consumes are charged once for each answer, and never more often than they were sent", async () => {
    const balance = async () => (await server.call("GET", "/credits/balance", { token })).body.balance;
    const before = await balance();
    const received = await exchange(post("/credits/consume", spend, `Authorization: Bearer ${token}\r\n`).repeat(150));
    const answered = received.match(/"success":true/g)?.length ?? 0;
    expect(answered).toBeGreaterThanOrEqual(100);
    expect(before - (await balance())).toBe(answered);
  });
});
