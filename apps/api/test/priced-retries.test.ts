import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleCatalogue, pricedCalls, putInForce } from "./priced-api.ts";
import { type ApiWithAdmin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";

const video = "text_to_video";

for (const kind of databaseKinds) {
  describeOn(kind)(`retries of priced commands on ${kind}`, () => {
    let api: ApiWithAdmin;
    const { consume } = pricedCalls(() => api);
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      await putInForce(api);
      await api.fund({ amount: 100_000 });
    });
    afterAll(() => api.server.stop());

    describe("bad input", () => {
      test.each([
        {
          ...{ body: { action: "paint", params: {} }, status: 422, says: "an unknown action" },
          names: { code: "ACTION_NOT_PRICED" },
        },
        {
          ...{ body: { action: video, params: { model: "m1", resolution: "1080p", seconds: 1 } }, status: 422 },
          ...{ names: { code: "PARAMS_NOT_PRICED", path: "resolution", allowed: ["480p", "720p"] } },
          says: "a combination that is not sold",
        },
        {
          ...{ body: { action: video, params: { model: "m1", fps: 30, seconds: 1 } }, status: 422 },
          ...{ names: { code: "PARAMS_NOT_PRICED", path: "fps" }, says: "an unknown parameter" },
        },
        {
          ...{ body: { action: video, params: { seconds: 1 } }, status: 422, says: "a missing parameter" },
          names: { code: "PARAMS_NOT_PRICED", path: "model", allowed: ["m1", "m1-pro"] },
        },
        {
          ...{ body: { action: video, params: { model: "m1", seconds: "1e1" } }, status: 422, says: "no decimal" },
          names: { code: "PARAMS_NOT_PRICED", path: "seconds", allowed: ["1…60"] },
        },
        {
          ...{ body: { action: video }, status: 400, says: "none of amount, params and quote" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "amount" }] },
        },
        {
          ...{ body: { action: video, amount: 1, params: { model: "m1" } }, status: 400, says: "two of them" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "params" }] },
        },
        {
          ...{ body: { action: video, params: ["m1"] }, status: 400, says: "parameters that are no object" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "params" }] },
        },
        {
          ...{ body: { action: video, amount: 1, metadata: { _price: 1 } }, status: 400, says: "a price of its own" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "metadata._price" }] },
        },
        {
          ...{ body: { amount: 0 }, status: 400, says: "a wrong amount and no action" },
          names: { code: "VALIDATION_FAILED", issues: [{ path: "amount" }, { path: "action" }] },
        },
      ])("consume and hold with $says change nothing", async ({ body, status, names }) => {
        const before = await api.balance();
        for (const path of ["/credits/consume", "/credits/holds"]) {
          const answer = await api.post(path, body);
          expect({ path, status: answer.status, body: answer.body }).toMatchObject({ path, status, body: names });
        }
        expect(await api.balance()).toEqual(before);
      });
    });

    describe("a retry", () => {
      const params = { model: "m1", seconds: 20 };

      test.each([
        {
          says: "has another price",
          next: { actions: [{ ...exampleCatalogue.actions[0], rows: [{ minimum: 7 }], closed: [] }] },
        },
        { says: "no longer prices the action", next: { actions: exampleCatalogue.actions.slice(1) } },
        {
          says: "no longer has a parameter",
          next: { actions: [{ action: video, params: {}, rows: [{ minimum: 7 }] }] },
        },
        {
          says: "makes the action free",
          next: { actions: [{ action: video, params: exampleCatalogue.actions[0]?.params, rows: [{ free: true }] }] },
        },
      ])("with params is answered as its first request when the version in force $says", async ({ next }) => {
        const key = newKey();
        const first = await consume({ action: video, params, metadata: { b: 1, a: 2 } }, key);
        expect(first).toMatchObject({ status: 200, body: { amount: 20 } });
        const holdKey = newKey();
        const placed = await api.post("/credits/holds", { action: video, params }, { key: holdKey });
        const { balance } = await api.balance();
        try {
          await putInForce(api, next);
          const again = await consume({ action: video, params, metadata: { a: 2, b: 1 } }, key);
          expect(again).toMatchObject({ status: 200, body: first.body });
          expect(again.headers.get("idempotency-replayed")).toBe("true");
          const heldAgain = await api.post("/credits/holds", { action: video, params }, { key: holdKey });
          expect(heldAgain).toMatchObject({ status: 200, body: placed.body });
          for (const body of [
            { action: video, params: { ...params, seconds: 21 }, metadata: { b: 1, a: 2 } },
            { action: video, params, metadata: { b: 1, a: 3 } },
            { action: "chat", params: { input: 1, output: 1 }, metadata: { b: 1, a: 2 } },
          ]) {
            const reused = await consume(body, key);
            expect(reused.status).toBe(422);
            expect(["IDEMPOTENCY_KEY_REUSED", "ACTION_NOT_PRICED", "PARAMS_NOT_PRICED", "NOTHING_TO_CHARGE"]).toContain(
              reused.body.code,
            );
          }
          expect((await api.balance()).balance).toBe(balance);
        } finally {
          await putInForce(api);
        }
      });

      test("concurrent requests and retries have one effect each and equal answers while versions change", async () => {
        const prices = [5, 7, 9];
        const catalogues = prices.map((minimum) => ({
          actions: [{ action: video, params: exampleCatalogue.actions[0]?.params, rows: [{ minimum }] }],
        }));
        await putInForce(api, catalogues[0] ?? {});
        const before = (await api.balance()).balance;
        const keys = Array.from({ length: 60 }, () => newKey());
        const answers = new Map(keys.map((key) => [key, new Set<string>()]));
        let isChanging = true;
        const send = async (key: string) => {
          const { status, body } = await consume({ action: video, params }, key);
          expect({ status, code: body.code }).toEqual({ status: 200, code: undefined });
          answers.get(key)?.add(JSON.stringify(body));
        };
        const load = async (offset: number) => {
          for (let n = 0; isChanging || n < keys.length; n += 1) await send(keys[(n + offset) % keys.length] ?? "");
        };
        const loads = Promise.all([0, 0, 3, 17].map(load));
        try {
          for (const catalogue of [...catalogues.slice(1), ...catalogues]) await putInForce(api, catalogue);
        } finally {
          isChanging = false;
        }
        await loads;
        const bodies = [...answers.values()].map((each) => [...each]);
        expect(bodies.every((each) => each.length === 1)).toBe(true);
        const charged = bodies.map(([body = "{}"]) => (JSON.parse(body) as { amount: number }).amount);
        expect((await api.balance()).balance).toBe(before - charged.reduce((sum, each) => sum + each, 0));
        expect(charged.every((each) => prices.includes(each))).toBe(true);
        await putInForce(api);
      });
    });
  });
}
