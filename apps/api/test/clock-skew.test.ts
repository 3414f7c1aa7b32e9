import { databaseKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, grantsOf, inMs, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const HOUR_MS = 3_600_000;

/** A module that runs before the server and sets the clock of its process ahead, or back. */
const shiftedClock = (byMs: number) =>
  `--import=data:text/javascript,${encodeURIComponent(`
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...parts) { parts.length === 0 ? super(RealDate.now() + ${byMs}) : super(...parts); }
    static now() { return RealDate.now() + ${byMs}; }
  };
`)}`;

/** SQLite is in the process: its clock is the clock of the process. */
const kinds = databaseKinds.filter((kind) => kind !== "sqlite");

for (const kind of kinds) {
  for (const { says, byMs } of [
    { says: "ahead", byMs: 2 * HOUR_MS },
    { says: "behind", byMs: -2 * HOUR_MS },
  ]) {
    describeOn(kind)(`a server whose clock is two hours ${says}, on ${kind}`, () => {
      let api: ApiWithAdmin;
      beforeAll(async () => {
        api = await startApiWithAdmin(kind, { NODE_OPTIONS: shiftedClock(byMs) });
      });
      afterAll(() => api.server.stop());

      const grant = (amount: number, expiresAt: string) =>
        api.post(grantsOf(user.email), { amount, reason: "a", expiresAt, priority: 0 }, { as: "admin" });
      const grantOf = async ({ body }: { body: { grantId: string } }) =>
        (await api.get("/credits/grants?limit=100")).body.items.find(
          ({ grantId }: { grantId: string }) => grantId === body.grantId,
        );

      test("a grant is spendable and shown so until the database's clock reaches its expiry", async () => {
        const granted = await grant(7, inMs(HOUR_MS));
        expect(granted).toMatchObject({ status: 200 });
        expect(await grantOf(granted)).toMatchObject({ amount: 7, remaining: 7, expired: false });
        expect(await api.balance()).toMatchObject({ expiring: { amount: 7 } });
        expect(await api.post("/credits/consume", { amount: 2, action: "a" })).toMatchObject({ status: 200 });
        expect(await grantOf(granted)).toMatchObject({ remaining: 5, expired: false });
      });

      test("a grant is shown as expired once the database's clock has reached its expiry", async () => {
        const granted = await grant(3, inMs(2_000));
        expect(granted).toMatchObject({ status: 200 });
        await expect
          .poll(() => grantOf(granted), { timeout: timeLimit(20) })
          .toMatchObject({ amount: 3, remaining: 0, expired: true });
        expect(await grant(3, inMs(-1_000))).toMatchObject({ status: 400, body: { issues: [{ path: "expiresAt" }] } });
      });

      test("a hold is pending, and expires, by the database's clock", async () => {
        const held = await api.post("/credits/holds", { amount: 1, action: "a", ttlSeconds: 600 });
        expect(Math.abs(Date.parse(held.body.expiresAt) - Date.now() - 600_000)).toBeLessThan(60_000);
        expect((await api.get(`/credits/holds/${held.body.holdId}`)).body).toMatchObject({ state: "pending" });
        const short = await api.post("/credits/holds", { amount: 1, action: "a", ttlSeconds: 1 });
        await expect
          .poll(async () => (await api.get(`/credits/holds/${short.body.holdId}`)).body, { timeout: timeLimit(20) })
          .toMatchObject({ state: "expired", expired: 1 });
      });
    });
  }
}
