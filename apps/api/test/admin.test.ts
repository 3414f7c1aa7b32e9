import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ApiWithAdmin,
  admin,
  grantsOf,
  inMs,
  newKey,
  revocationsOf,
  startApiWithAdmin,
} from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`grants and revocations by an admin on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { SELF_GRANT: "on" });
    });
    afterAll(() => api.server.stop());

    const grant = (body: object, key = newKey()) => api.post(grantsOf(user.email), body, { as: "admin", key });
    const revoke = (body: object, key = newKey()) => api.post(revocationsOf(user.email), body, { as: "admin", key });

    test("an admin grant increases the balance and is listed as a grant and a transaction", async () => {
      const { balance } = await api.balance();
      const expiresAt = inMs(3_600_000);
      const given = { amount: 50, source: "purchase", priority: 10, expiresAt, reason: "order 1" };
      const answer = await api.postTwice(grantsOf(user.email), given, "admin");
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({
        transactionId: expect.stringMatching(/^txn-/),
        grantId: expect.stringMatching(/^grant-/),
        balance: balance + 50,
      });
      const { body } = await api.get("/credits/grants?limit=2");
      expect(body.items[1]).toEqual({
        grantId: answer.body.grantId,
        source: "purchase",
        amount: 50,
        remaining: 50,
        priority: 10,
        expiresAt,
        expired: false,
        createdAt: expect.any(String),
      });
      const transaction = (await api.get(`/credits/transactions/${answer.body.transactionId}`)).body;
      expect(transaction).toMatchObject({
        kind: "grant",
        action: "order 1",
        amount: 50,
        change: 50,
        expiresAt,
        refundable: 0,
        grants: [{ grantId: answer.body.grantId, amount: 50, source: "purchase", expiresAt }],
      });
    });

    test("a grant has the source admin, priority 50 and no expiry by default", async () => {
      const { grantId } = (await grant({ amount: 1, reason: "thanks" })).body;
      const { body } = await api.get("/credits/grants?limit=1");
      expect(body.items).toMatchObject([{ grantId, source: "admin", priority: 50, expiresAt: null }]);
    });

    test.each([
      { sent: "2999-01-01T00:00:00.123Z", stored: "2999-01-01T00:00:00.123Z", says: "keeps milliseconds" },
      { sent: "2999-01-01T00:00:00.124Z", stored: "2999-01-01T00:00:00.124Z", says: "distinguishes milliseconds" },
      {
        sent: "2999-01-01T08:00:00.123999999+08:00",
        stored: "2999-01-01T00:00:00.123Z",
        says: "cuts digits after the millisecond",
      },
      { sent: "2999-01-01T00:00:00.9999Z", stored: "2999-01-01T00:00:00.999Z", says: "never rounds up" },
      { sent: "2999-01-01T00:00:00Z", stored: "2999-01-01T00:00:00.000Z", says: "accepts whole seconds" },
    ])("the expiry of a grant $says", async ({ sent, stored }) => {
      const given = { amount: 1, reason: "a test", expiresAt: sent };
      const { body } = await api.post(grantsOf(other.email), given, { as: "admin" });
      const listed = await api.get("/credits/grants?limit=1", "other");
      expect(listed.body.items).toMatchObject([{ grantId: body.grantId, expiresAt: stored }]);
    });

    test("a revocation from one grant takes of that grant only, and at most what it has left", async () => {
      const first = (await grant({ amount: 20, priority: 1, reason: "spent first" })).body.grantId;
      const second = (await grant({ amount: 30, reason: "order 2" })).body.grantId;
      const left = async (grantId: string) => {
        const { items } = (await api.get("/credits/grants?limit=100")).body;
        return items.find((each: { grantId: string }) => each.grantId === grantId)?.remaining;
      };
      const body = { amount: 50, grantId: second, atMost: true, reason: "a chargeback" };
      const answer = await api.postTwice(revocationsOf(user.email), body, "admin");
      expect(answer).toMatchObject({ status: 200, body: { revoked: 30 } });
      expect([await left(first), await left(second)]).toEqual([20, 0]);
      expect(await revoke({ amount: 1, grantId: second, reason: "again" })).toMatchObject({
        ...{ status: 409, body: { code: "GRANT_SPENT" } },
      });
      expect(await revoke({ amount: 21, grantId: first, reason: "too much" })).toMatchObject({
        ...{ status: 402, body: { code: "INSUFFICIENT_CREDITS", balance: 20, required: 21 } },
      });
      expect(await revoke({ amount: 20, grantId: first, reason: "back to the start" })).toMatchObject({ status: 200 });
    });

    test("a revocation decreases the balance, and more than the balance is refused", async () => {
      await api.fund({ amount: 100 });
      const answer = await api.postTwice(revocationsOf(user.email), { amount: 30, reason: "mistake" }, "admin");
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({ transactionId: expect.stringMatching(/^txn-/), revoked: 30, balance: 70 });
      await api.fund({ amount: 20 });
      await api.post("/credits/holds", { amount: 5, action: "video" });
      expect(await revoke({ amount: 16, reason: "mistake" })).toMatchObject({
        status: 402,
        body: { code: "INSUFFICIENT_CREDITS", balance: 15, required: 16 },
      });
      expect(await revoke({ amount: 15, reason: "mistake" })).toMatchObject({ status: 200, body: { balance: 0 } });
    });

    test("the user id of a grant is normalised like the e-mail address of a login", async () => {
      const { balance } = await api.balance();
      const answer = await api.post(grantsOf(" User＠EXAMPLE.com"), { amount: 1, reason: "a" }, { as: "admin" });
      expect(answer).toMatchObject({ status: 200, body: { balance: balance + 1 } });
    });

    test("concurrent grants above the balance limit are refused", async () => {
      const trillion = { amount: 1_000_000_000_000, reason: "much" };
      const give = () => api.post(grantsOf(admin.email), trillion, { as: "admin" });
      const { balance: had } = await api.balance("admin");
      const answers = await Promise.all(Array.from({ length: 1_000 }, give));
      const balance = had + 999 * trillion.amount;
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(999);
      expect(answers.filter(({ status }) => status !== 200)).toMatchObject([
        { status: 422, body: { code: "BALANCE_LIMIT", balance, limit: 1_000_000_000_000_000 } },
      ]);
      expect(await api.balance("admin")).toMatchObject({ balance });
    });

    test.each(["unknown@example.com", "unknown", "hold", "user@example.com:held"])(
      "grants and revocations for %s are refused with USER_NOT_FOUND",
      async (email) => {
        for (const path of [grantsOf(email), revocationsOf(email)]) {
          expect(await api.post(path, { amount: 1, reason: "a" }, { as: "admin" })).toMatchObject({
            status: 404,
            body: { code: "USER_NOT_FOUND" },
          });
        }
      },
    );

    test.each([
      { path: grantsOf(user.email), second: { source: "plan" } },
      { path: grantsOf(user.email), second: { priority: 49 } },
      { path: grantsOf(user.email), second: { expiresAt: "2999-01-01T00:00:00Z" } },
      { path: grantsOf(user.email), second: { reason: "b" } },
      { path: grantsOf(user.email), second: { amount: 2 } },
      { path: revocationsOf(user.email), second: { reason: "b" } },
    ])("an idempotency key is refused for another request: $path, $second", async ({ path, second }) => {
      await api.fund({ amount: 10 });
      const key = newKey();
      const body = { amount: 1, reason: "a" };
      expect(await api.post(path, body, { as: "admin", key })).toMatchObject({ status: 200 });
      expect(await api.post(path, { ...body, ...second }, { as: "admin", key })).toMatchObject({
        status: 422,
        body: { code: "IDEMPOTENCY_KEY_REUSED" },
      });
    });

    test("idempotency keys of an admin and of the user do not collide", async () => {
      await api.fund({ amount: 10 });
      const key = newKey();
      expect(await api.post("/credits/consume", { amount: 1, action: "a" }, { key })).toMatchObject({ status: 200 });
      const given = await api.post(grantsOf(user.email), { amount: 5, reason: "a" }, { as: "admin", key });
      expect(given).toMatchObject({ status: 200, body: { balance: 14 } });
      expect(given.headers.get("idempotency-replayed")).toBeNull();
    });

    test("an admin can use one idempotency key for two users", async () => {
      const key = newKey();
      for (const { email } of [user, other]) {
        const answer = await api.post(grantsOf(email), { amount: 1, reason: "a" }, { as: "admin", key });
        expect(answer).toMatchObject({ status: 200 });
        expect(answer.headers.get("idempotency-replayed")).toBeNull();
      }
    });

    describe.each([grantsOf(user.email), revocationsOf(user.email), "/credits/refunds"])("POST %s", (path) => {
      test.each(["user", "other"] as const)(
        "the user %s is refused with 403, with a valid or an invalid body",
        async (as) => {
          const { balance } = await api.balance();
          for (const body of [{ amount: 1, reason: "a" }, {}]) {
            expect(await api.post(path, body, { as })).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
          }
          expect(await api.balance()).toMatchObject({ balance });
        },
      );

      test("a request without a token is refused with 401", async () => {
        expect(await api.server.call("POST", path, { body: {} })).toMatchObject({ status: 401 });
      });
    });

    test.each([
      { path: grantsOf(user.email), body: { reason: "a" }, names: "amount" },
      { path: grantsOf(user.email), body: { amount: 0, reason: "a" }, names: "amount" },
      { path: grantsOf(user.email), body: { amount: 1_000_000_000_001, reason: "a" }, names: "amount" },
      { path: grantsOf(user.email), body: { amount: 1 }, names: "reason" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "x".repeat(101) }, names: "reason" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a\u0000" }, names: "reason" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", source: "gift" }, names: "source" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", priority: -1 }, names: "priority" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", priority: 101 }, names: "priority" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", priority: 1.5 }, names: "priority" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", expiresAt: "tomorrow" }, names: "expiresAt" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", expiresAt: "2999-01-01" }, names: "expiresAt" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", expiresAt: inMs(-1) }, names: "expiresAt" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", grantId: "grant-1" }, names: "grantId" },
      { path: grantsOf(user.email), body: { amount: 1, reason: "a", userId: other.email }, names: "userId" },
      { path: grantsOf(" "), body: { amount: 1, reason: "a" }, names: "userId" },
      { path: grantsOf("a\u0000b"), body: { amount: 1, reason: "a" }, names: "userId" },
      { path: grantsOf("x".repeat(321)), body: { amount: 1, reason: "a" }, names: "userId" },
      { path: revocationsOf(user.email), body: { amount: -1, reason: "a" }, names: "amount" },
      { path: revocationsOf(user.email), body: { amount: 1, reason: "a", atMost: "yes" }, names: "atMost" },
      { path: revocationsOf(user.email), body: { amount: 1, reason: "a", grantId: "a/b" }, names: "grantId" },
      { path: revocationsOf(user.email), body: { amount: 1 }, names: "reason" },
      { path: revocationsOf(user.email), body: { amount: 1, reason: "a", source: "admin" }, names: "source" },
    ])("POST $path with $body is refused, and the issue names $names", async ({ path, body, names }) => {
      const answer = await api.post(path, body, { as: "admin" });
      expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
      expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toEqual([names]);
      expect(answer.body.issues[0].message).not.toBe("");
    });
  });

  describeOn(kind)(`a user without initial credits on ${kind}`, () => {
    test("a user without an account has a balance of 0 and can get a first grant", async () => {
      const api = await startApiWithAdmin(kind, { INITIAL_CREDITS: "0" });
      expect(await api.balance()).toEqual({ balance: 0, held: 0, expiring: null });
      for (const path of ["/credits/transactions", "/credits/grants"]) {
        expect((await api.get(path)).body).toEqual({ items: [], nextCursor: null });
      }
      const insufficient = { status: 402, body: { code: "INSUFFICIENT_CREDITS", balance: 0, required: 1 } };
      const revocation = { amount: 1, reason: "a" };
      expect(await api.post(revocationsOf(user.email), revocation, { as: "admin" })).toMatchObject(insufficient);
      expect(await api.post("/credits/holds", { amount: 1, action: "a" })).toMatchObject(insufficient);
      expect(await api.post("/credits/holds/hold-1/capture", {})).toMatchObject({ status: 404 });
      const given = await api.postTwice(grantsOf(user.email), { amount: 5, reason: "welcome" }, "admin");
      expect(given).toMatchObject({ status: 200, body: { balance: 5 } });
      await api.server.stop();
    });
  });
}
