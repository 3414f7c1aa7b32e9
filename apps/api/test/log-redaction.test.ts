import { createHash } from "node:crypto";
import {
  type Api,
  aboveDatabaseKinds,
  callRest,
  describeOn,
  type FreshDatabase,
  freshDatabase,
  startApi,
} from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const image = Buffer.from(Array.from({ length: 30_000 }, (_, n) => (n * n * 31 + n) % 256));
const token = `ghp_${"a1B2c3D4e5".repeat(4)}`;

const details = {
  prompt: "一只橘猫坐在窗台上看雨",
  usage: { promptTokens: 51 },
  request: { headers: [{ name: "x-api-key", "x-api-key": "abc" }], authorization: `Bearer ${token}` },
  error: `401 for Bearer ${token}`,
  image: `data:image/png;base64,${image.toString("base64")}`,
};
const redacted = {
  prompt: "一只橘猫坐在窗台上看雨",
  usage: { promptTokens: 51 },
  request: { headers: [{ name: "x-api-key", "x-api-key": "[redacted]" }], authorization: "[redacted]" },
  error: "401 for Bearer [redacted]",
  image: `[base64 image/png 30,000 bytes sha256:${createHash("sha256").update(image).digest("hex")}]`,
};

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`the details of a log on ${kind}`, () => {
    let database: FreshDatabase;
    let api: Api;
    const start = (env: Record<string, string> = {}) => startApi({ databaseUrl: database.url, env });
    const restart = async (env: Record<string, string>) => {
      await api.stop();
      api = await start(env);
    };
    beforeAll(async () => {
      database = await freshDatabase(kind);
      await createTestUsers(database.url, `${user.email}:${user.password}`, 100);
      api = await start();
    });
    afterAll(async () => {
      await api.stop();
      await database.drop();
    });

    const timestamp = new Date().toISOString();
    const create = async (key: string, sent: object) => {
      const login = await callRest(api.url, "POST", "/auth/login", { body: user });
      const body = {
        userId: user.email,
        action: "video",
        details: sent,
        success: false,
        timestamp,
        idempotencyKey: key,
      };
      return callRest(api.url, "POST", "/logs/create", { token: login.body.token, body });
    };
    const detailsOf = async (logId: string): Promise<unknown> => {
      const login = await callRest(api.url, "POST", "/auth/login", { body: user });
      return (await callRest(api.url, "GET", `/logs/${logId}`, { token: login.body.token })).body["details"];
    };

    test("are stored without secrets and encoded data, and the response counts the redacted places", async () => {
      const answer = await create("first", details);
      expect(answer).toMatchObject({ status: 200, body: { logId: expect.stringMatching(/^log-/), redacted: 4 } });
      expect(await detailsOf(answer.body.logId)).toEqual(redacted);
    });

    test("are compared as they are redacted when a request is repeated", async () => {
      const first = await create("again", details);
      for (const { sent, places } of [
        { sent: details, places: 4 },
        { sent: redacted, places: 0 },
        { sent: { ...details, error: `401 for Bearer ${token}2` }, places: 4 },
      ]) {
        const again = await create("again", sent);
        expect(again).toMatchObject({ status: 200, body: { logId: first.body.logId, redacted: places } });
        expect(again.headers.get("idempotency-replayed")).toBe("true");
      }
      expect(await create("again", { ...details, prompt: "另一只猫" })).toMatchObject({
        status: 422,
        body: { code: "IDEMPOTENCY_KEY_REUSED" },
      });
    });

    test("are stored as they are sent with LOG_REDACT=off, and a repeated request finds them when it is on again", async () => {
      const sent = { password: "hunter2", phone: "13800000000", error: details.error };
      await restart({ LOG_REDACT: "off" });
      const first = await create("off", sent);
      expect(first).toMatchObject({ status: 200, body: { redacted: 0 } });
      expect(await detailsOf(first.body.logId)).toEqual(sent);

      await restart({ LOG_REDACT_KEYS: "phone" });
      expect(await create("off", sent)).toMatchObject({ status: 200, body: { logId: first.body.logId, redacted: 3 } });
      const second = await create("on", sent);
      expect(second).toMatchObject({ status: 200, body: { redacted: 3 } });
      expect(await detailsOf(second.body.logId)).toEqual({
        password: "[redacted]",
        phone: "[redacted]",
        error: "401 for Bearer [redacted]",
      });
    });
  });
}
