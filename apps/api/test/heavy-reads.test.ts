import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoad } from "./socket-load.ts";
import { other, type Server, startServer } from "./start-server.ts";

describe.each(["sqlite", "postgresql"] as const)("heavy reads of one user on %s", (database) => {
  describeOn(database)("heavy reads", () => describeReads(database));
});

function describeReads(database: "sqlite" | "postgresql"): void {
  let server: Server;
  let token: string;
  let otherToken: string;
  beforeAll(async () => {
    server = await startServer(database, { INITIAL_CREDITS: "1000" });
    [token, otherToken] = [await server.token(), await server.token(other)];
    const consume = () => server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
    for (let batch = 0; batch < 5; batch += 1) await Promise.all(Array.from({ length: 20 }, consume));
  });
  afterAll(() => server.stop());

  test.each([
    { says: "200 connections with histories of 100", path: "/credits/transactions?limit=100", connections: 200 },
    { says: "400 connections with lists of grants", path: "/credits/grants?limit=100", connections: 400 },
    { says: "40 connections with batches of 10 histories", path: batchOfHistories, connections: 40 },
  ])(
    `on ${database}, $says of one user are served, and another user does not wait for all of them`,
    {
      timeout: timeLimit(60),
    },
    async ({ path, connections }) => {
      const bytes = `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
      await using load = await startLoad({ url: server.api.url, connections, bytes, next: bytes });
      const answered = async () => (await load.state()).answers["200"] ?? 0;
      await expect.poll(answered, { timeout: timeLimit(30) }).toBeGreaterThan(10);
      const answersBetween: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const before = await answered();
        const history = await server.call("GET", "/credits/transactions?limit=100", { token: otherToken });
        const spent = await server.call("POST", "/credits/consume", {
          token: otherToken,
          body: { amount: 1, action: "a" },
        });
        expect([history.status, spent.status]).toEqual([200, 200]);
        answersBetween.push((await answered()) - before);
      }
      // In the order of arrival each history would wait for one answer to every connection.
      expect(Math.min(...answersBetween)).toBeLessThan(connections / 2);
    },
  );
}

const batchOfHistories = `/trpc/${Array(10).fill("transactions.list").join(",")}?batch=1&input=${encodeURIComponent(
  JSON.stringify(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [at, { json: { limit: 100 } }]))),
)}`;
