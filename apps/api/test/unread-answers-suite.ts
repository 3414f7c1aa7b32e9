import { readFileSync } from "node:fs";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoad } from "./socket-load.ts";
import { type Server, startServer } from "./start-server.ts";

/** The bytes of requests. */
export const get = (path: string, headers = ""): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;
export const post = (path: string, body: string, headers = ""): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
export const spend = '{"amount":1,"action":"a"}';

const credential = (token: string) => `Authorization: Bearer ${token}\r\n`;
/** Requests that are sent without reading their answers. */
const requests = {
  "GET /docs": () => get("/docs"),
  "GET /openapi.json": () => get("/openapi.json"),
  "GET /link, which is rendered by language": () => get("/link", "Accept-Language: en\r\n"),
  "unknown paths": () => get("/nope"),
  histories: (token: string) => get("/credits/transactions?limit=100", credential(token)),
  "consumes with a body": (token: string) => post("/credits/consume", spend, credential(token)),
  "tRPC batches of twenty histories": (token: string) =>
    get(`/trpc/${Array(20).fill("transactions.list").join(",")}?batch=1&input=%7B%7D`, credential(token)),
} as const;

/** Tests that connections which send requests of these kinds, and read no answers, leave a server working. */
export function describeUnreadAnswers(says: readonly (keyof typeof requests)[]): void {
  describe("connections that send requests and read no answers", () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer("sqlite", { RATE_LIMIT_IP: "off", INITIAL_CREDITS: "100000" });
      token = await server.token();
      await consume();
    });
    afterAll(() => server.stop());

    const consume = () => server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
    /** The memory of the server's process that is in RAM, in megabytes. */
    const residentMb = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.api.process.pid}/status`, "utf8"))?.[1]) / 1_024;

    /** Consumes for a while. @returns the longest time of one call, in milliseconds. */
    async function slowestConsume(forMs: number): Promise<number> {
      const endMs = performance.now() + forMs;
      let slowestMs = 0;
      while (performance.now() < endMs) {
        const startedMs = performance.now();
        expect(await consume()).toMatchObject({ status: 200 });
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
      return slowestMs;
    }

    test.each(says.map((each) => ({ says: each, bytes: requests[each] })))(
      "1,400 pipelined $says on each of 20 connections neither stop the server nor fill its memory",
      { timeout: timeLimit(60) },
      async ({ bytes }) => {
        for (let i = 0; i < 100; i += 1) await consume();
        const beforeMb = residentMb();
        await using load = await startLoad({
          url: server.api.url,
          connections: 20,
          bytes: bytes(token),
          times: 1_400,
          neverReads: true,
        });
        expect(await slowestConsume(3_000)).toBeLessThan(5_000);
        // Garbage that is not collected yet is some dozens of megabytes; all the requests, or their answers, are hundreds.
        expect(residentMb() - beforeMb).toBeLessThan(150);
        expect((await load.state()).answers).toEqual({});
      },
    );
  });
}
