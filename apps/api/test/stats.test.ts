import { openDatabase } from "@jifen/database";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type Series = {
  readonly groups: readonly { readonly key: string; readonly name: string | null }[];
  readonly points: readonly { readonly at: string; readonly values: Readonly<Record<string, number | null>> }[];
  readonly completeUntil: string;
};
type Who = "user" | "other";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A date in UTC. */
const date = (fromToday: number) => new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10);
/** Yesterday to tomorrow: a day that ends during the test changes nothing. */
const around = { from: date(-1), to: date(2), tz: "UTC" };
const random = (max: number) => 1 + Math.floor(Math.random() * max);

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the numbers of the installation on ${kind}`, () => {
    let api: ApiWithAdmin;
    let database: Awaited<ReturnType<typeof openDatabase>>;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      database = await openDatabase(api.server.database.url, { migrate: false });
    });
    afterAll(async () => {
      await database?.close();
      await api.server.stop();
    });

    const get = async (path: string, query: Readonly<Record<string, unknown>>, as: "admin" | Who = "admin") => {
      const { status, body } = await api.get(`${path}?${new URLSearchParams(query as Record<string, string>)}`, as);
      expect({ status, body }).toMatchObject({ status: 200 });
      return body;
    };
    const series = (query: object): Promise<Series> => get("/admin/stats/series", { ...around, ...query });
    const refusal = async (path: string, query: Readonly<Record<string, string>>) => {
      const { status, body } = await api.get(`${path}?${new URLSearchParams(query)}`, "admin");
      return { status, issues: body.issues };
    };

    /** Waits until the sums have everything that was stored before: `completeUntil` says so only half a minute later. */
    const completed = () =>
      expect
        .poll(() => database.allAccounts.firstMissingMs(), { timeout: timeLimit(40), interval: 500 })
        .toBeUndefined();

    const actions = ["video", "image", "voice", "三维"];
    const sumOf = (numbers: Iterable<number>) => [...numbers].reduce((sum, each) => sum + each, 0);
    const total = ({ points }: Series, key = "all") => sumOf(points.map(({ values }) => values[key] ?? 0));

    test("every sum is that of the acts of a random walk, to the credit", async () => {
      await completed();
      const before = await get("/admin/stats/overview", around);
      const model = { spent: new Map<string, number>(), refunded: 0, granted: 0, revoked: 0, calls: 0, failures: 0 };
      const own = { user: 0, other: 0 };
      const charges: { readonly id: string; rest: number }[] = [];
      const emails = { user: user.email, other: other.email };
      for (let step = 0; step < 40; step += 1) {
        const as: Who = step % 3 === 0 ? "other" : "user";
        // Each user is granted credits first, and is charged at least once.
        const [chance, action] = [
          step < 3 ? 0 : step < 5 ? 0.3 : Math.random(),
          String(actions[random(actions.length) - 1]),
        ];
        if (chance < 0.2) {
          const amount = random(500);
          const given = await api.post(
            grantsOf(emails[as]),
            { amount, reason: "walk" },
            { as: "admin", key: newKey() },
          );
          if (given.status === 200) model.granted += amount;
        } else if (chance < 0.6) {
          const amount = random(20);
          const { status, body } = await api.post("/credits/consume", { amount, action }, { as });
          if (status !== 200) continue;
          model.spent.set(action, (model.spent.get(action) ?? 0) + amount);
          own[as] += amount;
          charges.push({ id: body.transactionId, rest: amount });
        } else if (chance < 0.75) {
          const charge = charges.find(({ rest }) => rest > 0);
          if (!charge) continue;
          const amount = random(charge.rest);
          const body = { transactionId: charge.id, amount };
          const back = await api.post("/credits/refunds", body, { as: "admin", key: newKey() });
          expect(back).toMatchObject({ status: 200 });
          charge.rest -= amount;
          model.refunded += amount;
        } else if (chance < 0.85) {
          const path = `/admin/users/${encodeURIComponent(emails[as])}/revoke`;
          const taken = await api.post(path, { amount: 3, reason: "walk" }, { as: "admin", key: newKey() });
          if (taken.status === 200) model.revoked += 3;
        } else {
          const success = Math.random() < 0.5;
          const log = { userId: emails[as], action, details: {}, success, timestamp: new Date().toISOString() };
          expect(await api.post("/logs/create", { ...log, durationMs: 1_000 }, { as })).toMatchObject({ status: 200 });
          model.calls += 1;
          if (!success) model.failures += 1;
        }
      }
      await completed();
      const now = await get("/admin/stats/overview", around);
      const grown = (name: string) => now[name] - before[name];
      const spent = sumOf(model.spent.values());
      const grantedBy = (overview: { granted: { source: string; amount: number }[] }) =>
        overview.granted.find(({ source }) => source === "admin")?.amount ?? 0;
      expect({
        ...{ spent: grown("spent"), refunded: grown("refunded"), revoked: grown("revoked") },
        ...{ calls: grown("calls"), failures: grown("failures"), granted: grantedBy(now) - grantedBy(before) },
      }).toEqual({ ...model, spent });
      expect(now.activeAccounts).toBe(2);
      // What was given and not spent is what the accounts have.
      const given = sumOf(now.granted.map(({ amount }: { amount: number }) => amount));
      const kept = given - now.revoked - now.expired - now.spent + now.refunded;
      await expect
        .poll(async () => {
          const { outstanding, held } = (await get("/admin/stats/overview", around)).now;
          return outstanding + held;
        })
        .toBe(kept);

      const byAction = await series({ measure: "spent", group: "action" });
      for (const { key, name } of byAction.groups) expect(total(byAction, key)).toBe(model.spent.get(String(name)));
      expect(byAction.groups).toHaveLength(model.spent.size);
      expect(total(await series({ measure: "spent" }))).toBe(now.spent);
      const top = await get("/admin/stats/top", { ...around, of: "action", limit: 50 });
      expect(new Map(top.items.map((item: { id: string; spent: number }) => [item.id, item.spent]))).toEqual(
        model.spent,
      );
      const users = await get("/admin/stats/top", { ...around, of: "user", measure: "spent" });
      const expected = Object.entries(own).map(([who, amount]) => ({ id: emails[who as Who], spent: amount }));
      expect(users.items).toMatchObject(
        expected.toSorted((one, next) => next.spent - one.spent || (one.id < next.id ? -1 : 1)),
      );
      for (const who of ["user", "other"] as const) {
        expect(total(await get("/credits/usage", { ...around, by: "month" }, who))).toBe(own[who]);
      }
      const bySource = await series({ measure: "granted", group: "source" });
      for (const { key, name } of bySource.groups) {
        expect(total(bySource, key)).toBe(
          now.granted.find(({ source }: { source: string }) => source === name)?.amount,
        );
      }
      expect(total(await series({ measure: "failures" }))).toBe(now.failures);
      expect(
        Math.max(...(await series({ measure: "activeAccounts" })).points.map(({ values }) => Number(values["all"]))),
      ).toBe(2);
      const p95 = (await series({ measure: "p95Ms" })).points.map(({ values }) => values["all"]);
      expect(p95).toContain(null);
      expect(p95.some((each) => typeof each === "number" && each >= 500 && each <= 1_000)).toBe(true);
    });

    test("one's own usage has a charge in the same moment, by action, and none of another user", async () => {
      const action = newKey();
      await api.fund({ amount: 50 });
      await api.post("/credits/consume", { amount: 7, action });
      const usage: Series = await get("/credits/usage", { ...around, group: "action" }, "user");
      const key = usage.groups.find(({ name }) => name === action)?.key;
      expect(key === undefined ? undefined : total(usage, key)).toBe(7);
      const others: Series = await get("/credits/usage", { ...around, group: "action" }, "other");
      expect(others.groups.map(({ name }) => name)).not.toContain(action);
    });

    test("figures never claim to be complete for the last 30 seconds, as a commit on its way has an earlier time", async () => {
      const spent = { ...around, measure: "spent" };
      for (const [path, query, as] of [
        ["/admin/stats/overview", around, "admin"],
        ["/admin/stats/series", spent, "admin"],
        ["/admin/stats/series", { ...around, measure: "calls" }, "admin"],
        ["/admin/stats/top", { ...spent, of: "user" }, "admin"],
        ["/credits/usage", around, "user"],
        ["/logs/stats", around, "user"],
        ["/admin/logs/stats", around, "admin"],
      ] as const) {
        const { completeUntil, asOf = completeUntil } = await get(path, query, as);
        expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now() - 30_000);
        // The sums of all users are fed within seconds, so that nothing is missing for long.
        expect(Date.parse(asOf)).toBeGreaterThan(Date.now() - 90_000);
      }
    });

    test("groups beyond the largest are one, and together they are everything", async () => {
      for (const action of ["g-a", "g-b", "g-c"]) await api.post("/credits/consume", { amount: 1, action });
      await completed();
      const grouped = await series({ measure: "spent", group: "action", top: 2 });
      expect(grouped.groups.map(({ key }) => key)).toEqual(["g1", "g2", "other"]);
      const sums = grouped.groups.map(({ key }) => total(grouped, key));
      expect(sums[0]).toBeGreaterThanOrEqual(Number(sums[1]));
      expect(sumOf(sums)).toBe(total(await series({ measure: "spent" })));
    });

    test("days are those of the time zone, with zeros where nothing was, over a change of the clock", async () => {
      const days = await series({ measure: "spent", from: "2026-10-30", to: "2026-11-04", tz: "America/New_York" });
      expect(days.points.map(({ at }) => at)).toEqual([
        ...["2026-10-30T04:00:00.000Z", "2026-10-31T04:00:00.000Z", "2026-11-01T04:00:00.000Z"],
        ...["2026-11-02T05:00:00.000Z", "2026-11-03T05:00:00.000Z"],
      ]);
      expect(days.points.every(({ values }) => values["all"] === 0)).toBe(true);
      const { from, to, previous } = await get("/admin/stats/overview", {
        ...{ from: "2026-11-01", to: "2026-11-08", tz: "America/New_York" },
      });
      expect([from, to]).toEqual(["2026-11-01T04:00:00.000Z", "2026-11-08T05:00:00.000Z"]);
      expect([previous.from, previous.to]).toEqual(["2026-10-25T04:00:00.000Z", from]);
    });

    test("users who were created in the time are counted", async () => {
      const created = async () => (await get("/admin/stats/overview", around)).newUsers;
      const before = await created();
      const made = { email: `${newKey()}@example.com`, name: "new", role: "user" };
      expect(await api.post("/admin/users", made, { as: "admin" })).toMatchObject({ status: 200 });
      expect(await created()).toBe(before + 1);
      expect((await get("/admin/stats/overview", { from: date(-9), to: date(-7) })).newUsers).toBe(0);
    });

    test("ranges that are too long and groups that a measure does not have are refused with what is right", async () => {
      const path = "/admin/stats/series";
      const long = { measure: "spent", from: "2026-01-01" };
      expect(await refusal(path, { ...long, to: "2026-06-01" })).toMatchObject({
        status: 400,
        issues: [{ path: "to" }],
      });
      expect(await refusal(path, { ...long, to: "2026-01-12", by: "hour" })).toMatchObject({ status: 400 });
      expect((await series({ ...long, to: "2026-06-01", by: "month" })).points).toHaveLength(5);
      for (const [measure, group] of [
        ["granted", "action"],
        ["spent", "source"],
        ["activeAccounts", "action"],
      ] as const) {
        const asked = { ...around, measure, group };
        expect(await refusal(path, asked)).toMatchObject({ status: 400, issues: [{ path: "group" }] });
      }
      const empty = { from: "2026-01-02", to: "2026-01-02" };
      expect(await refusal("/admin/stats/overview", empty)).toMatchObject({ status: 400, issues: [{ path: "to" }] });
    });
  });
}
