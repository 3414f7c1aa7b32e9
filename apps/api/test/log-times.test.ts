import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inMs } from "./start-api-with-admin.ts";
import { type Server, startServer, user } from "./start-server.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The time in a log id, which is a UUID of version 7. */
const timeOf = (logId: string): number => Number.parseInt(logId.replace("log-", "").replace("-", "").slice(0, 12), 16);

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the time of a log id on ${kind}`, () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer(kind);
      token = await server.token();
    });
    afterAll(() => server.stop());

    const create = async (timestamp: string, headers: Record<string, string> = {}): Promise<string> => {
      const body = { userId: user.email, action: "video", details: {}, success: true, timestamp };
      const answer = await server.call("POST", "/logs/create", { token, body, headers });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.logId;
    };

    test.each([
      { says: "now", offsetMs: 0 },
      { says: "an hour ago", offsetMs: -60 * MINUTE_MS },
      { says: "30 days ago", offsetMs: -30 * DAY_MS },
      { says: "4 minutes ahead", offsetMs: 4 * MINUTE_MS },
    ])("a log with a timestamp of $says has an id of its timestamp", async ({ offsetMs }) => {
      const timestamp = inMs(offsetMs);
      expect(timeOf(await create(timestamp))).toBe(Date.parse(timestamp));
    });

    test.each([
      { says: "32 days ago", timestamp: () => inMs(-32 * DAY_MS) },
      { says: "6 minutes ahead", timestamp: () => inMs(6 * MINUTE_MS) },
      { says: "the year 1969", timestamp: () => "1969-12-31T23:59:59.999Z" },
      { says: "the year 9999", timestamp: () => "9999-12-31T23:59:59.999Z" },
    ])("a log with a timestamp of $says has an id of its arrival", async ({ timestamp }) => {
      const before = Date.now();
      const time = timeOf(await create(timestamp()));
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now());
    });

    test("logs of one timestamp have different ids, which grow in the order of their arrival", async () => {
      const timestamp = inMs(-DAY_MS);
      const ids = [await create(timestamp), await create(timestamp), await create(timestamp)];
      expect(new Set(ids).size).toBe(3);
      expect(ids).toEqual(ids.toSorted());
    });

    test("a repeated request with an idempotency key gets the same log id, at whatever time the log counts", async () => {
      for (const [key, timestamp] of [
        ["near", inMs(-DAY_MS)],
        ["far", inMs(-60 * DAY_MS)],
      ] as const) {
        const headers = { "idempotency-key": key };
        const first = await create(timestamp, headers);
        expect(await create(timestamp, headers)).toBe(first);
      }
    });

    test("a log stores its timestamp as it was sent, and its arrival", async () => {
      const before = Date.now();
      const timestamp = inMs(-60 * DAY_MS);
      const logId = await create(timestamp, { "idempotency-key": "stored" });
      const { body } = await server.call("GET", `/logs/${logId}`, { token: await server.token() });
      expect(body).toMatchObject({ logId, timestamp: new Date(timestamp).toISOString() });
      expect(body["countedAt"]).toBe(body["receivedAt"]);
      expect(Date.parse(body["receivedAt"])).toBeGreaterThanOrEqual(before);
    });
  });
}
