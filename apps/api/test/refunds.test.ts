import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, newKey, startApiWithAdmin, wait } from "./start-api-with-admin.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`refunds on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const consume = async (amount: number): Promise<string> => {
      const answer = await api.post("/credits/consume", { amount, action: "video" });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.transactionId;
    };
    const refund = (body: object, key = newKey()) => api.post("/credits/refunds", body, { as: "admin", key });
    const found = async (id: string) => (await api.get(`/credits/transactions/${id}`)).body;

    test("a refund returns the whole charge to the account and records the reason", async () => {
      await api.fund({ amount: 100 });
      const transactionId = await consume(30);
      const answer = await api.postTwice("/credits/refunds", { transactionId, reason: "bad_quality" }, "admin");
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({
        transactionId: expect.stringMatching(/^txn-/),
        refunded: 30,
        expiredOnReturn: 0,
        balance: 100,
      });
      expect(await api.balance()).toMatchObject({ balance: 101 });
      expect(await found(answer.body.transactionId)).toMatchObject({
        kind: "refund",
        change: 30,
        chargeId: transactionId,
        charge: transactionId,
        metadata: { reason: "bad_quality" },
        refundable: 0,
      });
      expect(await found(transactionId)).toMatchObject({
        refundable: 0,
        refunds: [{ transactionId: answer.body.transactionId, amount: 30, reason: "bad_quality" }],
      });
    });

    test("partial refunds never exceed the charge", async () => {
      await api.fund({ amount: 100 });
      const transactionId = await consume(30);
      expect(await refund({ transactionId, amount: 10 })).toMatchObject({ status: 200, body: { refunded: 10 } });
      expect(await found(transactionId)).toMatchObject({ refundable: 20 });
      expect(await refund({ transactionId, amount: 21 })).toMatchObject({
        status: 422,
        body: { code: "REFUND_EXCEEDS_CHARGE", charged: 30, refunded: 10, amount: 21 },
      });
      expect(await refund({ transactionId })).toMatchObject({ status: 200, body: { refunded: 20, balance: 100 } });
      expect(await refund({ transactionId, amount: 1 })).toMatchObject({
        status: 422,
        body: { code: "REFUND_EXCEEDS_CHARGE", charged: 30, refunded: 30, amount: 1 },
      });
      expect(await refund({ transactionId })).toMatchObject({ status: 422, body: { code: "REFUND_EXCEEDS_CHARGE" } });
      const { refunds } = await found(transactionId);
      expect(refunds).toMatchObject([{ amount: 10, reason: null }, { amount: 20 }]);
    });

    test("a refund of a capture returns the captured amount and no more", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = (await api.post("/credits/holds", { amount: 20, action: "video" })).body;
      const { transactionId } = (await api.post(`/credits/holds/${holdId}/capture`, { amount: 8 })).body;
      expect(await refund({ transactionId, amount: 9 })).toMatchObject({ status: 422 });
      expect(await refund({ transactionId })).toMatchObject({ status: 200, body: { refunded: 8, balance: 100 } });
    });

    test("a refund of expired credits reports expiredOnReturn and adds nothing to the balance", async () => {
      await api.fund({ amount: 10, livesMs: 1_000, priority: 1 }, { amount: 5 });
      const transactionId = await consume(12);
      await wait(1_200);
      const answer = await api.postTwice("/credits/refunds", { transactionId }, "admin");
      expect(answer).toMatchObject({ status: 200, body: { refunded: 12, expiredOnReturn: 10, balance: 5 } });
      expect(await api.balance()).toMatchObject({ balance: 6 });
    });

    test("of 50 concurrent refunds of a charge, one takes effect", async () => {
      await api.fund({ amount: 100 });
      const transactionId = await consume(40);
      const answers = await Promise.all(Array.from({ length: 50 }, () => refund({ transactionId, amount: 40 })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await api.balance()).toMatchObject({ balance: 100 });
    });

    test("a refund of a transaction that is not a charge is refused, and the refusal names its kind", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = (await api.post("/credits/holds", { amount: 20, action: "video" })).body;
      await api.post(`/credits/holds/${holdId}/release`, {});
      const { items } = (await api.get("/credits/transactions?limit=3")).body;
      expect(items.map((item: { kind: string }) => item.kind)).toEqual(["release", "hold", "grant"]);
      for (const { transactionId, kind: entryKind } of items) {
        expect(await refund({ transactionId })).toMatchObject({
          status: 422,
          body: { code: "NOT_REFUNDABLE", kind: entryKind },
        });
      }
    });

    test("a refund of an unknown transaction is refused with TRANSACTION_NOT_FOUND", async () => {
      expect(await refund({ transactionId: "txn-00000000-0000-7000-8000-000000000000" })).toMatchObject({
        status: 404,
        body: { code: "TRANSACTION_NOT_FOUND" },
      });
    });

    test("an idempotency key of a refund is refused for another request", async () => {
      await api.fund({ amount: 100 });
      const [one, two] = [await consume(10), await consume(10)];
      const key = newKey();
      expect(await refund({ transactionId: one, amount: 5 }, key)).toMatchObject({ status: 200 });
      for (const body of [
        { transactionId: one, amount: 4 },
        { transactionId: one },
        { transactionId: one, amount: 5, reason: "why" },
        { transactionId: two, amount: 5 },
      ]) {
        expect(await refund(body, key)).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
      }
    });

    test("a refund by a user is refused, also for their own charge", async () => {
      await api.fund({ amount: 100 });
      const transactionId = await consume(10);
      for (const as of ["user", "other"] as const) {
        expect(await api.post("/credits/refunds", { transactionId }, { as })).toMatchObject({
          status: 403,
          body: { code: "FORBIDDEN" },
        });
        // The refusal of an invalid request reveals nothing about valid input.
        expect(await api.post("/credits/refunds", {}, { as })).toMatchObject({ status: 403 });
      }
      expect(await api.balance()).toMatchObject({ balance: 90 });
    });

    test.each([
      { body: {}, names: "transactionId" },
      { body: { transactionId: "" }, names: "transactionId" },
      { body: { transactionId: 5 }, names: "transactionId" },
      { body: { transactionId: "txn-1\u0000" }, names: "transactionId" },
      { body: { transactionId: "txn-1", amount: 0 }, names: "amount" },
      { body: { transactionId: "txn-1", amount: -5 }, names: "amount" },
      { body: { transactionId: "txn-1", reason: "" }, names: "reason" },
      { body: { transactionId: "txn-1", userId: "user@example.com" }, names: "userId" },
    ])("a refund with $body is refused, and the issue names $names", async ({ body, names }) => {
      const answer = await refund(body);
      expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
      expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toEqual([names]);
    });
  });
}
