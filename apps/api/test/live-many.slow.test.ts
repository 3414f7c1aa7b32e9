// Expected duration: 60 s on two cores.

import { readFileSync } from "node:fs";
import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenLive, openLive } from "./open-live.ts";
import { type ApiWithAdmin, grantsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { createTestUsers } from "./test-users.ts";

const USERS = 200;
const STREAMS = 1_000;
const MAX_BYTES = 200 * 1_048_576;

const emailOf = (n: number) => `many-${n}@example.com`;

for (const kind of ["sqlite", "postgresql"] as const) {
  describeOn(kind)(`a thousand streams of one server on ${kind}`, () => {
    let api: ApiWithAdmin;
    const streams: OpenLive[] = [];
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, {
        RATE_LIMIT_CALLER: "off",
        RATE_LIMIT_IP: "off",
        METRICS_TOKEN: "metrics-token-0123456789",
      });
      const list = Array.from({ length: USERS }, (_, n) => `${emailOf(n)}:password123`);
      await createTestUsers(api.server.database.url, list.join(","), 0);
    });
    afterAll(async () => {
      for (const stream of streams) stream.close();
      await api.server.stop();
    });

    /** The memory of the server, in bytes. */
    const memory = () => {
      const status = readFileSync(`/proc/${api.server.api.process.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
    };
    const subscribers = async () => {
      const { body } = await api.server.call("GET", "/metrics", { token: "metrics-token-0123456789" });
      return Number(/^jifen_live_subscribers (\d+)$/m.exec(body)?.[1]);
    };

    test("a thousand streams take less than 200 MB, get their events, and leave nothing behind", {
      timeout: timeLimit(240),
    }, async () => {
      const scopes = ["logs:read", "credits:read", "act-as"];
      const made = await api.server.call("POST", "/keys", { token: api.tokens.admin, body: { name: "k", scopes } });
      const open = (n: number) => {
        const headers = { "x-user-id": emailOf(n % USERS) };
        return openLive(api.server.api.url, { token: made.body.key, headers });
      };
      const before = memory();
      for (let n = 0; n < STREAMS; n += 50) {
        streams.push(...(await Promise.all(Array.from({ length: 50 }, (_, at) => open(n + at)))));
      }
      expect(streams.filter(({ status }) => status === 200)).toHaveLength(STREAMS);
      expect(await subscribers()).toBe(STREAMS);
      const own = { headers: {}, token: api.tokens.user };
      const refused = await openLive(api.server.api.url, own);
      expect({ status: refused.status, ...refused.body() }).toMatchObject({ status: 503, code: "OVERLOADED" });

      for (let n = 0; n < USERS; n += 1) {
        const granted = await api.post(grantsOf(emailOf(n)), { amount: n + 1, reason: "test" }, { as: "admin" });
        expect(granted.status).toBe(200);
      }
      const balances = () => streams.map((stream) => stream.events("balance").at(-1)?.data["balance"]);
      const expected = streams.map((_, n) => (n % USERS) + 1);
      await expect.poll(balances, { timeout: timeLimit(60), interval: 500 }).toEqual(expected);
      const used = memory() - before;
      console.info(`${STREAMS} streams on ${kind}: ${Math.round(used / 1_048_576)} MB`);
      expect(used).toBeLessThan(MAX_BYTES);

      for (const stream of streams) stream.close();
      await expect.poll(subscribers, { timeout: timeLimit(10) }).toBe(0);
    });
  });
}
