import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SocketLoad, startLoad } from "./socket-load.ts";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
let token: string;

const get = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;
const spend = (headers: string) =>
  `POST /credits/consume HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 25\r\n${headers}\r\n{"amount":1,"action":"a"}`;
/** A token of the right form whose signature is wrong. */
const forged = () => `Authorization: Bearer ${token.slice(0, -8)}AAAAAAAA\r\n`;

const consume = async (): Promise<number> => {
  const startedMs = performance.now();
  const { status } = await server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
  expect(status).toBe(200);
  return performance.now() - startedMs;
};
const answersOf = async (load: SocketLoad): Promise<number> =>
  Object.values((await load.state()).answers).reduce((sum, count) => sum + count, 0);

/** Requests that many connections send without a pause. */
const requests = {
  "GET /livez": () => get("/livez"),
  "unknown paths": () => get("/nope"),
  preflights: () => get("/nope").replace("GET", "OPTIONS"),
  "consumes without a credential": () => spend(""),
  "consumes with a forged token": () => spend(forged()),
  "balances of the same user": () => get("/credits/balance", `Authorization: Bearer ${token}\r\n`),
} as const;

/** Tests that a consume is answered beside 1,500 connections that send requests of these kinds. */
export function describeBusyServer(says: readonly (keyof typeof requests)[]): void {
  beforeAll(async () => {
    server = await startServer("sqlite", { RATE_LIMIT_IP: "2000/1m", INITIAL_CREDITS: "100000" });
    token = await server.token();
  });
  afterAll(() => server.stop());

  // More than libuv's 1,024 events of one poll.
  describe("beside 1,500 busy connections", () => {
    test.each(says.map((each) => ({ says: each, bytes: requests[each] })))(
      "$says do not delay a consume by seconds",
      { timeout: timeLimit(60) },
      async ({ bytes }) => {
        const idleMs: number[] = [];
        for (let i = 0; i < 20; i += 1) idleMs.push(await consume());
        await using load = await startLoad({
          url: server.api.url,
          connections: 1_500,
          bytes: bytes(),
          next: bytes(),
        });
        await expect.poll(() => answersOf(load), { timeout: timeLimit(30) }).toBeGreaterThan(1_500);
        // Without turns it takes 48 polls of 1,024 requests each, whatever the machine.
        const boundMs = 1_500 + 10 * Math.max(...idleMs);
        const endMs = performance.now() + 3_000;
        while (performance.now() < endMs) expect(await consume()).toBeLessThan(boundMs);
      },
    );
  });
}
