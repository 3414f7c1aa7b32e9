import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

/** More actions than one request reads. */
const ACTIONS = 50_001;
const QUARTER_MS = 900_000;
const DAY_MS = 24 * 3_600_000;

const quarter = Math.floor(Date.now() / QUARTER_MS);
const date = (fromToday: number) => new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10);
const around = `from=${date(-1)}&to=${date(2)}&tz=UTC`;
const numbers = Array.from({ length: ACTIONS }, (_, n) => n);
/** What the n-th action was charged: the third most. */
const chargedOf = (n: number) => (n === 3 ? 9 : 1);

/** The sums of charges of so many actions. */
const sumsOf = (table: string, owner: "account_id" | "part", of: string | number) => ({
  sql: `INSERT INTO ${table} (${owner}, quarter, action, charges, charged, refunds, refunded) VALUES ${numbers
    .map((n) => `(${typeof of === "number" ? of : `'${of}'`}, ${quarter}, 'action-${n}', 1, ${chargedOf(n)}, 0, 0)`)
    .join(", ")}`,
  mongodb: (db: Parameters<Exclude<Parameters<typeof changeDatabase>[1], string>["mongodb"]>[0]) =>
    db.collection<{ _id: object }>(table).insertMany(
      numbers.map((n) => ({
        ...{ _id: { [owner]: of, quarter, action: `action-${n}` }, [owner]: of },
        ...{ charges: 1, charged: BigInt(chargedOf(n)), refunds: 0, refunded: 0n },
      })),
    ),
});

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`sums of ${ACTIONS} actions on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      await changeDatabase(api.server.database, sumsOf("spend_rollups", "account_id", `user:${user.email}`));
      await changeDatabase(api.server.database, sumsOf("spend_totals", "part", 0));
    });
    afterAll(() => api.server.stop());

    test.each([
      { path: `/credits/usage?${around}&group=action`, field: "group", as: "user" as const },
      { path: `/logs/stats?${around}&by=action`, field: "by", as: "user" as const },
      { path: `/admin/logs/stats?${around}&by=action`, field: "by", as: "admin" as const },
    ])("$path refuses to add them up by action", async ({ path, field, as }) => {
      const { status, body } = await api.get(path, as);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path: field }] },
      });
    });

    test("sums without actions are answered", async () => {
      const { body } = await api.get(`/credits/usage?${around}`, "user");
      const values = body["points"].map((point: { values: { all: number } }) => point.values.all);
      expect(values.reduce((sum: number, value: number) => sum + value, 0)).toBe(ACTIONS + 8);
    });

    test("a series has the largest actions by name and all others as one", async () => {
      const { status, body } = await api.get(`/admin/stats/series?${around}&measure=spent&group=action&top=1`, "admin");
      expect({ status, groups: body["groups"] }).toEqual({
        status: 200,
        groups: [
          { key: "g1", name: "action-3" },
          { key: "other", name: null },
        ],
      });
      const others = body["points"].map((point: { values: { other: number } }) => point.values.other);
      expect(others.reduce((sum: number, value: number) => sum + value, 0)).toBe(ACTIONS - 1);
    });

    test("the largest actions are listed", async () => {
      const { status, body } = await api.get(`/admin/stats/top?${around}&of=action&limit=2`, "admin");
      expect(status).toBe(200);
      expect(body["items"]).toEqual([
        { id: "action-3", spent: 9, refunded: 0, calls: 0, failures: 0 },
        { id: "action-0", spent: 1, refunded: 0, calls: 0, failures: 0 },
      ]);
    });
  });
}
