import { databaseKinds, describeOn } from "@jifen/testkit";
import { assert as always, asyncProperty, constantFrom, integer, record } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { METRICS_TOKEN, metricsOf } from "./metrics-of.ts";
import { exampleCatalogue, pricedCalls, putInForce } from "./priced-api.ts";
import { type ApiWithAdmin, admin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const video = "text_to_video";
/** China's 12 December, as it is now: prices of this action are halved. */
const today = () => ({
  ...{ action: video, ppm: 500_000 },
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date(Date.now() + 3_600_000).toISOString(),
});
const yesterday = () => ({ ...today(), to: new Date(Date.now() - 1_800_000).toISOString() });
const withMultipliers = (...more: readonly object[]) => ({
  ...exampleCatalogue,
  multipliers: [...exampleCatalogue.multipliers, ...more],
});
const groupOf = (email: string) => `/admin/users/${encodeURIComponent(email)}/price-group`;

/** Hundredths of a second that were agreed and that were used, of which each begun second counts. */
const hundredths = integer({ min: 100, max: 6_000 });
const anyUse = record({ model: constantFrom("m1", "m1-pro"), agreed: hundredths, used: hundredths });
const secondsOf = (parts: number): string => (parts / 100).toFixed(2);

/** The price of seconds as a client computes it from the example: the vip pays nine tenths. */
function priceByHand(model: string, parts: number, isVip: boolean): number {
  const seconds = Math.ceil(parts / 100);
  const twentieths = (model === "m1" ? 2 * seconds : 4 + 5 * seconds) * (isVip ? 9 : 10);
  return Math.max(model === "m1" ? 5 : 0, Math.ceil(twentieths / 20));
}

for (const kind of databaseKinds) {
  describeOn(kind)(`prices by the catalogue on ${kind}`, () => {
    let api: ApiWithAdmin;
    let version: number;
    const { quote, consume, hold, capture } = pricedCalls(() => api);
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { METRICS_TOKEN });
      version = await putInForce(api, withMultipliers(yesterday()));
      await api.fund({ amount: 100_000 });
    });
    afterAll(() => api.server.stop());

    const setGroup = async (email: string, priceGroup: string) => {
      const set = await api.post(groupOf(email), { priceGroup, reason: "a test" }, { as: "admin" });
      expect(set).toMatchObject({ status: 200, body: { priceGroup } });
    };

    describe("the price of an action", () => {
      test.each([
        { action: video, params: { model: "m1", resolution: "720p", seconds: 3 }, credits: 5 },
        { action: video, params: { model: "m1", seconds: 12 }, credits: 12 },
        { action: video, params: { model: "m1-pro", resolution: "1080p", seconds: "5.04" }, credits: 17 },
        { action: "chat", params: { input: 1_500, output: 700 }, credits: 1 },
        { action: "chat", params: { input: "250000", output: 10_000 }, credits: 2 },
        { action: "preview", params: { kind: "small" }, credits: 0 },
      ])("$action with $params costs $credits credits, quoted and charged", async ({ action, params, credits }) => {
        const quoted = await quote(action, params);
        expect(quoted).toMatchObject({ status: 200, body: { credits, catalogueVersion: version } });
        const before = await api.balance();
        for (const way of [{ params }, { quote: quoted.body.quote }]) {
          const spent = await consume({ action, ...way });
          if (credits === 0) expect(spent).toMatchObject({ status: 422, body: { code: "NOTHING_TO_CHARGE" } });
          else expect(spent).toMatchObject({ status: 200, body: { success: true, amount: credits } });
        }
        expect((await api.balance()).balance).toBe(before.balance - 2 * credits);
      });

      test("a user of a price group pays by its multiplier, and a sale counts on top of it", async () => {
        const params = { model: "m1-pro", resolution: "1080p", seconds: 5.04 };
        await setGroup(user.email, "vip");
        try {
          expect((await quote(video, params)).body.credits).toBe(16);
          expect((await quote(video, params, "other")).body.credits).toBe(17);
          await putInForce(api, withMultipliers(today()));
          expect((await quote(video, params)).body.credits).toBe(8);
          expect((await quote("chat", { input: 250_000, output: 10_000 })).body.credits).toBe(2);
        } finally {
          await setGroup(user.email, "default");
          version = await putInForce(api, withMultipliers(yesterday()));
        }
      });

      test("what is charged is stored with the version, the parameters, the group and the factor", async () => {
        const params = { model: "m1", seconds: "5.5" };
        const { body } = await consume({ action: video, params, metadata: { job: "j-1" } });
        const found = await api.get(`/credits/transactions/${body.transactionId}`);
        expect(found.body.metadata).toEqual({
          job: "j-1",
          _price: { v: version, p: { model: "m1", resolution: "720p", seconds: "6" }, g: "default", f: "1" },
        });
        expect(found.body.amount).toBe(6);
      });
    });

    describe("a hold that is priced", () => {
      test("a capture with usage charges the price of what was used, at most what is held", async () => {
        const held = await hold({ action: video, params: { model: "m1-pro", resolution: "480p", seconds: 10 } });
        expect(held.amount).toBe(27);
        const before = await api.balance();
        const captured = await capture(held.holdId, { usage: { seconds: 12 } });
        expect(captured).toMatchObject({
          status: 200,
          body: { captured: 27, released: 0, price: 32, uncharged: 5, balance: before.balance },
        });
        const { body } = await api.get(`/credits/transactions/${captured.body.transactionId}`);
        expect(body.metadata._price).toEqual({
          ...{ v: version, p: { model: "m1-pro", resolution: "480p", seconds: "10" }, g: "default", f: "1" },
          s: { seconds: "12" },
        });
        const metrics = await metricsOf(api.server.api);
        expect(metrics).toContain('jifen_uncharged_credits_total{action="text_to_video"} 5');
      });

      test.each([
        { usage: { seconds: 3 }, captured: 10 },
        { usage: { resolution: "1080p" }, captured: 27 },
        { usage: {}, captured: 27 },
        { usage: undefined, captured: 27 },
      ])("a capture with usage $usage of a hold of 27 charges $captured", async ({ usage, captured }) => {
        const held = await hold({ action: video, params: { model: "m1-pro", resolution: "480p", seconds: 10 } });
        const key = newKey();
        const body = { ...(usage && { usage }), metadata: { worker: "w-1" } };
        const first = await capture(held.holdId, body, key);
        expect(first).toMatchObject({ status: 200, body: { captured, released: 27 - captured } });
        const again = await capture(held.holdId, body, key);
        expect(again).toMatchObject({ status: 200, body: first.body });
        expect(again.headers.get("idempotency-replayed")).toBe("true");
        const { metadata } = (await api.get(`/credits/transactions/${first.body.transactionId}`)).body;
        expect(metadata).toMatchObject({ worker: "w-1", _price: { v: version } });
      });

      test.each(["default", "vip"])(
        "a capture of any use by a user of the group %s charges its price, and never more than is held",
        async (group) => {
          await setGroup(user.email, group);
          const before = (await api.balance()).balance;
          let charged = 0;
          try {
            const check = asyncProperty(anyUse, async ({ model, agreed, used }) => {
              const held = priceByHand(model, agreed, group === "vip");
              const price = priceByHand(model, used, group === "vip");
              const captured = Math.min(price, held);
              const placed = await hold({ action: video, params: { model, seconds: secondsOf(agreed) } });
              expect(placed.amount).toBe(held);
              const { status, body } = await capture(placed.holdId, { usage: { seconds: secondsOf(used) } });
              const parts = { captured, released: held - captured, price, uncharged: price - captured };
              expect({ status, body }).toMatchObject({ status: 200, body: parts });
              charged += captured;
            });
            await always(check, { numRuns: 25 });
          } finally {
            await setGroup(user.email, "default");
          }
          expect((await api.balance()).balance).toBe(before - charged);
        },
      );

      test("its price stays that of its version, group and factor when all of them have changed", async () => {
        await setGroup(user.email, "vip");
        const held = await hold({ action: video, params: { model: "m1-pro", resolution: "1080p", seconds: 10 } });
        expect(held.amount).toBe(25);
        try {
          await setGroup(user.email, "default");
          await putInForce(api, { actions: exampleCatalogue.actions.slice(1) });
          expect(await capture(held.holdId, { usage: { seconds: 5 } })).toMatchObject({
            status: 200,
            body: { captured: 14, price: 14, uncharged: 0, released: 11 },
          });
        } finally {
          version = await putInForce(api, withMultipliers(yesterday()));
        }
      });

      test("a capture whose use is free charges nothing and returns all of the hold, once per key", async () => {
        const before = await api.balance();
        const { holdId } = await hold({ action: "preview", params: { kind: "large" } });
        const [key, usage] = [newKey(), { kind: "small" }];
        const first = await capture(holdId, { usage }, key);
        expect(first).toMatchObject({ status: 200, body: { captured: 0, released: 3, price: 0, uncharged: 0 } });
        expect(await capture(holdId, { usage }, key)).toMatchObject({ status: 200, body: first.body });
        expect(await api.balance()).toEqual(before);
      });

      test.each([
        {
          ...{ body: { usage: { model: "m1" } }, status: 422, says: "a parameter that does not settle" },
          names: { code: "PARAMS_NOT_PRICED", path: "model", allowed: ["resolution", "seconds"] },
        },
        {
          ...{ body: { usage: { resolution: "8k" } }, status: 422, says: "a value that has no price" },
          names: { code: "PARAMS_NOT_PRICED", path: "resolution", allowed: ["480p", "720p", "1080p"] },
        },
        {
          ...{ body: { usage: { seconds: 1 }, amount: 1 }, status: 400, says: "usage and amount" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "usage" }] },
        },
        {
          ...{ body: { usage: { seconds: true } }, status: 400, says: "a value that is neither text nor number" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "usage.seconds" }] },
        },
        {
          ...{ body: { metadata: { _price: {} } }, status: 400, says: "a price in its metadata" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "metadata._price" }] },
        },
      ])("a capture with $says is refused, and the hold stays pending", async ({ body, status, names }) => {
        const { holdId } = await hold({ action: video, params: { model: "m1", seconds: 10 } });
        expect(await capture(holdId, body)).toMatchObject({ status, body: names });
        expect((await api.get(`/credits/holds/${holdId}`)).body.state).toBe("pending");
        expect(await capture(holdId, {})).toMatchObject({ status: 200, body: { captured: 10 } });
      });

      test("work beyond the range of its price is charged up to the hold: it is done already", async () => {
        const { holdId } = await hold({ action: video, params: { model: "m1", seconds: 10 } });
        const { body } = await capture(holdId, { usage: { seconds: 61 } });
        expect(body).toMatchObject({ captured: 10, price: 60, uncharged: 50 });
      });

      test("a hold of an amount that the caller named cannot be settled by usage", async () => {
        const { holdId } = await hold({ action: video, amount: 10 });
        expect(await capture(holdId, { usage: { seconds: 1 } })).toMatchObject({
          ...{ status: 422, body: { code: "NOT_PRICED" } },
        });
        expect(await capture("hold-unknown", { usage: {} })).toMatchObject({
          ...{ status: 404, body: { code: "HOLD_NOT_FOUND" } },
        });
      });
    });

    describe("a quote", () => {
      test("fixes the price for its user and action, any number of times", async () => {
        const { body: quoted } = await quote(video, { model: "m1", seconds: 12 });
        expect(Date.parse(quoted.expiresAt) - Date.now()).toBeGreaterThan(13 * 60_000);
        try {
          await putInForce(api, { actions: [{ ...exampleCatalogue.actions[0], rows: [{ minimum: 99 }], closed: [] }] });
          for (const key of [newKey(), newKey()]) {
            const spent = await consume({ action: video, quote: quoted.quote }, key);
            expect(spent).toMatchObject({ status: 200, body: { amount: 12 } });
          }
          expect((await consume({ action: video, params: { model: "m1", seconds: 12 } })).body.amount).toBe(99);
        } finally {
          version = await putInForce(api, withMultipliers(yesterday()));
        }
      });

      test.each([
        {
          says: "of another user",
          make: async () => (await quote(video, { model: "m1", seconds: 1 }, "other")).body.quote,
        },
        { says: "of another action", make: async () => (await quote("chat", { input: 1, output: 1 })).body.quote },
        {
          says: "that was changed",
          make: async () => `${(await quote(video, { model: "m1", seconds: 1 })).body.quote}A`,
        },
        { says: "that is a session", make: async () => api.tokens.user },
        { says: "that is no token", make: async () => "a.b" },
      ])("a quote $says is refused", async ({ make }) => {
        const before = await api.balance();
        expect(await consume({ action: video, quote: await make() })).toMatchObject({
          ...{ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: "quote" }] } },
        });
        expect(await api.balance()).toEqual(before);
      });

      test("a quote is no credential", async () => {
        const { body } = await quote(video, { model: "m1", seconds: 1 });
        expect((await api.server.call("GET", "/credits/balance", { token: body.quote })).status).toBe(401);
      });
    });

    test("a user's price group is set by staff for others, recorded, and shown", async () => {
      const answer = await api.post(groupOf(other.email), { priceGroup: "gold", reason: "a deal" }, { as: "admin" });
      expect(answer).toMatchObject({ status: 200, body: { userId: other.email, priceGroup: "gold" } });
      expect((await api.get(`/admin/users/${other.email}`, "admin")).body.priceGroup).toBe("gold");
      const { body } = await api.get("/admin/audit?action=users.setPriceGroup&limit=1", "admin");
      expect(body.items[0]).toMatchObject({
        ...{ subject: `user:${other.email}`, reason: "a deal", details: { priceGroup: "gold" } },
      });
      for (const { as, email, status, code } of [
        { as: "admin", email: admin.email, status: 409, code: "SELF_ACTION_FORBIDDEN" },
        { as: "user", email: other.email, status: 403, code: "FORBIDDEN" },
        { as: "admin", email: "stranger@example.com", status: 404, code: "USER_NOT_FOUND" },
      ] as const) {
        const refused = await api.post(groupOf(email), { priceGroup: "vip", reason: "a deal" }, { as });
        expect(refused).toMatchObject({ status, body: { code } });
      }
      const wrong = await api.post(
        groupOf(other.email),
        { priceGroup: "not a name", reason: "a deal" },
        { as: "admin" },
      );
      expect(wrong).toMatchObject({ status: 400, body: { issues: [{ path: "priceGroup" }] } });
    });
  });
}
