import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type Span = Readonly<Record<string, unknown>> & { readonly from: string; readonly to: string; readonly calls: number };
type Stats = {
  readonly spans: readonly Span[];
  readonly totals: Readonly<Record<string, unknown>>;
  readonly asOf: string;
};

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const nothing = {
  ...{ calls: 0, failures: 0, durationAvgMs: null, durationP95Ms: null },
  ...{ charges: 0, charged: 0, refunded: 0, credits: 0 },
};

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`sums of the call log on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      await api.post(grantsOf(user.email), { amount: 1_000, reason: "a gift" }, { as: "admin" });
    });
    afterAll(() => api.server.stop());

    const stats = async (query: Record<string, string>, as: "user" | "other" | "admin" = "user"): Promise<Stats> => {
      const path = `${as === "admin" ? "/admin" : ""}/logs/stats?${new URLSearchParams(query)}`;
      const answer = await api.get(path, as);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };
    const log = async (fields: object, as: "user" | "other" = "user") => {
      const userId = as === "user" ? user.email : other.email;
      const body = {
        userId,
        action: "video",
        details: {},
        success: true,
        timestamp: new Date().toISOString(),
        ...fields,
      };
      expect(await api.post("/logs/create", body, { as })).toMatchObject({ status: 200 });
    };
    /** The quarters of an hour around now, so that the sums of other tests are in it too. */
    const aroundNow = () => {
      const quarter = Math.floor(Date.now() / QUARTER_MS) * QUARTER_MS;
      return { from: new Date(quarter - HOUR_MS).toISOString(), to: new Date(quarter + HOUR_MS).toISOString() };
    };

    test("calls count where they happened, and spans without calls are there with zeros", async () => {
      const action = newKey();
      const todayMs = Math.floor((Date.now() + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS;
      const at = (daysAgo: number, hours: number) =>
        new Date(todayMs - daysAgo * DAY_MS + hours * HOUR_MS).toISOString();
      await log({ action, timestamp: at(3, 0), durationMs: 1_000 });
      await log({ action, timestamp: at(3, 23.9), durationMs: 3_000, success: false });
      await log({ action, timestamp: at(1, 12) });
      const date = (daysAgo: number) => new Date(todayMs - daysAgo * DAY_MS + 8 * HOUR_MS).toISOString().slice(0, 10);
      const { spans, totals } = await stats({ action, from: date(4), to: date(0) });
      expect(spans).toEqual([
        { from: at(4, 0), to: at(3, 0), action: null, ...nothing },
        {
          ...{ from: at(3, 0), to: at(2, 0), action: null, ...nothing },
          ...{ calls: 2, failures: 1, durationAvgMs: 2_000, durationP95Ms: expect.any(Number) },
        },
        { from: at(2, 0), to: at(1, 0), action: null, ...nothing },
        { from: at(1, 0), to: at(0, 0), action: null, ...nothing, calls: 1 },
      ]);
      expect(totals).toMatchObject({ calls: 3, failures: 1, durationAvgMs: 2_000 });
      // The same calls by days of another time zone: the last quarter of the day is the next day in Kathmandu.
      const kathmandu = await stats({ action, from: date(4), to: date(0), tz: "Asia/Kathmandu" });
      expect(kathmandu.spans.map(({ calls }) => calls)).toEqual([1, 1, 0, 1]);
    });

    test("credits are those of the ledger at every moment, whatever the logs say", async () => {
      const action = newKey();
      const charge = (await api.post("/credits/consume", { amount: 30, action })).body.transactionId;
      const { holdId } = (await api.post("/credits/holds", { amount: 20, action })).body;
      await api.post(`/credits/holds/${holdId}/capture`, { amount: 12 });
      // Two logs name one charge, and one names none.
      for (const transactionId of [charge, charge, undefined]) await log({ action, transactionId });
      const sums = { charges: 2, charged: 42, refunded: 0, credits: 42, calls: 3 };
      expect((await stats({ ...aroundNow(), action })).totals).toMatchObject(sums);
      await api.post("/credits/refunds", { transactionId: charge, amount: 5 }, { as: "admin" });
      const refunded = { ...sums, refunded: 5, credits: 37 };
      expect((await stats({ ...aroundNow(), action })).totals).toMatchObject(refunded);
      // Sums of all users follow in the background, and say up to when.
      await expect
        .poll(async () => (await stats({ ...aroundNow(), action }, "admin")).totals, {
          timeout: timeLimit(30),
          interval: 500,
        })
        .toMatchObject(refunded);
      expect((await stats({ ...aroundNow(), action }, "other")).totals).toMatchObject(nothing);
    });

    test("by=action gives each action its own spans", async () => {
      const prefix = newKey();
      for (const action of [`${prefix}-a`, `${prefix}-b`, `${prefix}-b`]) await log({ action });
      const { spans } = await stats({ ...aroundNow(), groupBy: "hour", by: "action" });
      const callsOf = (action: string) =>
        spans.filter((span) => span["action"] === action).reduce((sum, { calls }) => sum + calls, 0);
      expect([callsOf(`${prefix}-a`), callsOf(`${prefix}-b`)]).toEqual([1, 2]);
      const hours = new Set(spans.map(({ from }) => from));
      expect(spans.filter((span) => span["action"] === `${prefix}-a`)).toHaveLength(hours.size);
    });

    test("staff see the sums of one user or of all users", async () => {
      const action = newKey();
      await log({ action });
      await log({ action }, "other");
      const calls = async (query: Record<string, string>) =>
        (await stats({ ...aroundNow(), action, ...query }, "admin")).totals["calls"];
      expect(await calls({})).toBe(2);
      expect(await calls({ userId: other.email })).toBe(1);
    });

    test("staff see the users with most calls or credits over the range, each with the sums that its own has", async () => {
      const action = newKey();
      for (const durationMs of [1_000, 3_000]) await log({ action, durationMs });
      await log({ action, success: false }, "other");
      const { transactionId } = (await api.post("/credits/consume", { amount: 9, action }, { as: "other" })).body;
      await api.post("/credits/consume", { amount: 4, action });
      await api.post("/credits/refunds", { transactionId, amount: 2 }, { as: "admin" });
      const range = { ...aroundNow(), action };
      const most = (top: string) => stats({ ...range, by: "user", top }, "admin");
      // The sums of credits of all users follow in the background.
      await expect.poll(async () => (await most("credits")).totals["credits"], { timeout: timeLimit(20) }).toBe(11);
      const own = async (as: "user" | "other") => (await stats(range, as)).totals;
      const [ofUser, ofOther] = [await own("user"), await own("other")];
      const spanOf = (userId: string, sums: object) => ({ ...aroundNow(), action: null, userId, ...sums });
      const rows = [spanOf(user.email, ofUser), spanOf(other.email, ofOther)];
      expect((await most("calls")).spans).toEqual(rows);
      expect((await most("credits")).spans).toEqual(rows.toReversed());
      const byCalls = await stats({ ...range, by: "user" }, "admin");
      expect(byCalls.spans).toEqual(rows);
      expect(byCalls.totals).toEqual((await stats(range, "admin")).totals);
      expect((await stats({ ...range, action: newKey(), by: "user" }, "admin")).spans).toEqual([]);
    });

    test.each([
      { query: { by: "user", userId: other.email }, path: "by" },
      { query: { by: "user", top: "money" }, path: "top" },
      { query: { top: "calls" }, path: "top" },
      { query: { by: "action", top: "credits" }, path: "top" },
      { query: { by: "week" }, path: "by" },
    ])("a request of staff for $query is refused by the name of the field", async ({ query, path }) => {
      const given = Object.entries({ ...aroundNow(), ...query });
      const answer = await api.get(`/admin/logs/stats?${new URLSearchParams(given)}`, "admin");
      expect(answer).toMatchObject({ status: 400, body: { issues: [{ path }] } });
    });

    test("months have the length that the calendar gives them", async () => {
      const { spans } = await stats({ from: "2026-01-01", to: "2026-04-01", groupBy: "month", tz: "America/New_York" });
      expect(spans.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / HOUR_MS)).toEqual([
        31 * 24,
        28 * 24,
        // The clock skips an hour on the second Sunday of March.
        31 * 24 - 1,
      ]);
    });

    describe.each([
      { query: { from: "2026-02-30", to: "2026-03-01" }, path: "from" },
      { query: { from: "2026-03-01", to: "2026-03-01" }, path: "to" },
      { query: { from: "2026-03-02", to: "2026-03-01" }, path: "to" },
      { query: { from: "2026-03-01T00:07:00Z", to: "2026-03-02" }, path: "from" },
      { query: { from: "2026-03-01", to: "2026-03-02", tz: "UTC+8" }, path: "tz" },
      { query: { from: "2026-03-01", to: "2026-03-02", tz: "Asia/Beijing" }, path: "tz" },
      { query: { from: "2025-01-01", to: "2026-01-01", groupBy: "hour" }, path: "to" },
      { query: { from: "2024-01-01", to: "2026-01-01", groupBy: "day" }, path: "to" },
      { query: { from: "2026-03-01", to: "2026-03-02", groupBy: "week" }, path: "groupBy" },
      { query: { from: "2026-03-01", to: "2026-03-02", by: "user" }, path: "by" },
    ])("a request for $query", ({ query, path }) => {
      test("is refused by the name of the field", async () => {
        const answer = await api.get(`/logs/stats?${new URLSearchParams(Object.entries(query))}`);
        expect(answer).toMatchObject({ status: 400, body: { issues: [{ path }] } });
      });
    });
  });
}
