import { apiSurfaceKinds, describeOn, runApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { METRICS_TOKEN, metricsOf } from "./metrics-of.ts";
import { type ApiWithAdmin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const DAY_MS = 86_400_000;
/** How long a log of these tests is kept after it was written. */
const LEFT_MS = 4_000;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`logs that are kept for 31 days and details for one on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      const env = { LOG_RETENTION_DAYS: "31", LOG_DETAILS_DAYS: "1", METRICS_TOKEN };
      api = await startApiWithAdmin(kind, env);
    });
    afterAll(() => api.server.stop());

    const create = async (timestamp: string, key = newKey(), action = "video") => {
      const body = { userId: user.email, action, details: { prompt: "雪地里的猫" }, success: true, timestamp };
      const answer = await api.post("/logs/create", body, { key });
      expect(answer).toMatchObject({ status: 200 });
      return { ...answer.body, key, replayed: answer.headers.get("idempotency-replayed") };
    };
    const untilExpired = { timeout: LEFT_MS + 10_000, interval: 100 };

    test("an expired log is LOG_NOT_FOUND and in no list, and its key is free", async () => {
      const timestamp = inMs(-31 * DAY_MS + LEFT_MS);
      const { logId, key } = await create(timestamp, newKey(), "old");
      expect((await api.get(`/logs/${logId}`)).body).toMatchObject({ logId, countedAt: timestamp });
      const status = async () => (await api.get(`/logs/${logId}`)).status;
      await expect.poll(status, untilExpired).toBe(404);
      expect(Date.now()).toBeGreaterThan(Date.parse(timestamp) + 31 * DAY_MS);
      expect((await api.get(`/logs/${logId}`)).body).toMatchObject({ code: "LOG_NOT_FOUND" });
      expect((await api.get(`/admin/logs/${logId}`, "admin")).body).toMatchObject({ code: "LOG_NOT_FOUND" });
      for (const path of ["/logs?action=old", "/logs?limit=100", "/admin/logs?limit=100"]) {
        const { items } = (await api.get(path, path.startsWith("/admin") ? "admin" : "user")).body;
        expect(items.filter((item: { logId: string }) => item.logId === logId)).toEqual([]);
      }
      const again = await create(inMs(0), key, "old");
      expect([again.logId === logId, again.replayed]).toEqual([false, null]);
      // The sums have both.
      const day = (ms: number) => inMs(ms).slice(0, 10);
      const stats = (await api.get(`/logs/stats?from=${day(-33 * DAY_MS)}&to=${day(2 * DAY_MS)}&action=old`)).body;
      expect(stats.totals.calls).toBe(2);
    });

    test("details that have expired are null, and a search does not find them", async () => {
      const { logId } = await create(inMs(-DAY_MS + LEFT_MS));
      const read = async () => (await api.get(`/logs/${logId}`)).body.details;
      expect(await read()).toEqual({ prompt: "雪地里的猫" });
      await expect.poll(read, untilExpired).toBeNull();
      const found = async (query: string) => (await api.get(`/logs?limit=100${query}`)).body.items;
      const ids = (items: readonly { logId: string }[]) => items.map((item) => item.logId);
      expect(ids(await found("&text=雪地"))).not.toContain(logId);
      expect((await found("")).find((item: { logId: string }) => item.logId === logId)).toMatchObject({
        details: null,
      });
    });

    test("the metrics count logs that are written, replayed and refused, and batches", async () => {
      const value = async (name: string) => {
        const text = await metricsOf(api.server.api);
        const line = text.split("\n").find((each) => each.startsWith(`${name} `));
        return line === undefined ? undefined : Number(line.slice(name.length + 1));
      };
      const names = [
        ...["jifen_logs_written_total", "jifen_logs_replayed_total", "jifen_log_batch_size_sum"],
        'jifen_logs_refused_total{code="IDEMPOTENCY_KEY_REUSED"}',
        'jifen_logs_refused_total{code="VALIDATION_FAILED"}',
      ];
      const before = await Promise.all(names.map(async (name) => (await value(name)) ?? 0));
      const timestamp = inMs(0);
      const { key } = await create(timestamp);
      expect((await create(timestamp, key)).replayed).toBe("true");
      const log = { userId: user.email, action: "video", details: {}, success: true, timestamp };
      const logs = [log, { ...log, durationMs: -1 }, { ...log, idempotencyKey: key }];
      expect((await api.post("/logs/batch", { logs })).body).toMatchObject({ written: 1, replayed: 0, refused: 2 });
      const after = await Promise.all(names.map(async (name) => (await value(name)) ?? 0));
      // The log whose key is taken was in a batch as well.
      expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual([2, 1, 4, 1, 1]);
      expect(await value("jifen_logs_waiting")).toBe(0);
      expect(await value("jifen_spend_sums_lag_seconds")).toBe(0);
      const ahead = await value("jifen_log_months_ahead");
      if (kind === "sqlite" || kind === "mongodb") expect(ahead).toBeUndefined();
      else expect(ahead).toBeGreaterThanOrEqual(3);
    });
  });
}

describe("settings of the keeping of logs", () => {
  test.each<{ env: Record<string, string>; says: string }>([
    { env: { LOG_RETENTION_DAYS: "30" }, says: "LOG_RETENTION_DAYS must be at least 31" },
    { env: { LOG_RETENTION_DAYS: "3651" }, says: "LOG_RETENTION_DAYS must be at most 3650" },
    { env: { LOG_RETENTION_DAYS: "31.5" }, says: "LOG_RETENTION_DAYS must be a whole number from 31 to 3650" },
    { env: { LOG_RETENTION_DAYS: "off" }, says: "LOG_RETENTION_DAYS must be a whole number from 31 to 3650" },
    { env: { LOG_DETAILS_DAYS: "0" }, says: "LOG_DETAILS_DAYS must be at least 1" },
    { env: { LOG_DETAILS_DAYS: "-1" }, says: "LOG_DETAILS_DAYS must be a whole number from 1 to 3650" },
    {
      env: { LOG_RETENTION_DAYS: "31", LOG_DETAILS_DAYS: "32" },
      says: "LOG_DETAILS_DAYS must be at most LOG_RETENTION_DAYS",
    },
  ])("$env is refused at the start, and the message says what would be right", async ({ env, says }) => {
    const ended = await runApi({ env });
    expect([ended.exitCode, `${ended.stderr}${ended.stdout}`.includes(says)]).toEqual([1, true]);
  });
});
