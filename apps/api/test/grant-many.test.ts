import { randomUUID } from "node:crypto";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createUsers } from "./redemption.ts";
import { type ApiWithAdmin, admin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const path = "/admin/grants/batch";

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`admin.grantMany on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const entries = [{ userId: user.email }, { userId: other.email, amount: 7 }];
    const grant = (body: object, key: string | undefined = newKey()) =>
      api.post(path, { reason: "campaign", ...body }, { as: "admin", ...(key !== undefined && { key }) });
    const balances = async () => [(await api.balance()).balance, (await api.balance("other")).balance] as const;

    test("each user gets the amount of the request or the own one, with an audit event that names the batch", async () => {
      const [ofUser, ofOther] = await balances();
      const key = newKey();
      const { status, body } = await grant(
        { entries, amount: 5, source: "bonus", note: "spring", expiresAt: inMs(99_000) },
        key,
      );
      expect({ status, body }).toMatchObject({ status: 200, body: { granted: 2, replayed: 0, refused: 0 } });
      expect(body.results).toEqual([
        {
          ...{ userId: user.email, amount: 5, replayed: false, balance: ofUser + 5 },
          ...{ transactionId: expect.stringMatching(/^txn-/), grantId: expect.stringMatching(/^grant-/) },
        },
        {
          ...{ userId: other.email, amount: 7, replayed: false, balance: ofOther + 7 },
          ...{ transactionId: expect.stringMatching(/^txn-/), grantId: expect.stringMatching(/^grant-/) },
        },
      ]);
      expect(await balances()).toEqual([ofUser + 5, ofOther + 7]);
      const events = await api.get(`/admin/audit?action=credits.grant&subject=user:${other.email}&limit=1`, "admin");
      const { transactionId } = body.results[1];
      expect(events.body.items).toMatchObject([
        { actor: `user:${admin.email}`, details: { transactionId, amount: 7, batch: key, note: "spring" } },
      ]);
    });

    test("the same request with the same key grants nothing again, and grants to users who were not in it", async () => {
      const [newcomer = ""] = await createUsers(api, 1);
      const key = newKey();
      const first = await grant({ entries, amount: 3 }, key);
      const after = await balances();
      const again = await grant({ entries: [...entries, { userId: newcomer }], amount: 3 }, key);
      expect(again.body).toMatchObject({ granted: 1, replayed: 2, refused: 0 });
      const replayed = first.body.results.map((each: object) => ({ ...each, replayed: true }));
      expect(again.body.results.slice(0, 2)).toEqual(replayed);
      expect(again.body.results[2]).toMatchObject({ userId: newcomer, replayed: false });
      expect(await balances()).toEqual(after);
    });

    test("another amount with the same key is refused for its user alone", async () => {
      const key = newKey();
      await grant({ entries: entries.slice(0, 1), amount: 3 }, key);
      const [ofUser, ofOther] = await balances();
      const { body } = await grant({ entries, amount: 4 }, key);
      expect(body).toMatchObject({ granted: 1, replayed: 0, refused: 1 });
      expect(body.results[0]).toEqual({
        ...{ userId: user.email, amount: 4 },
        ...{ code: "IDEMPOTENCY_KEY_REUSED", message: expect.any(String) },
      });
      expect(await balances()).toEqual([ofUser, ofOther + 7]);
    });

    test("a key of admin.grant and the same key of admin.grantMany are two requests", async () => {
      const key = newKey();
      const [ofUser] = await balances();
      await api.post(`/admin/users/${user.email}/grants`, { amount: 2, reason: "campaign" }, { as: "admin", key });
      expect((await grant({ entries: entries.slice(0, 1), amount: 2 }, key)).body).toMatchObject({ granted: 1 });
      expect((await balances())[0]).toBe(ofUser + 4);
    });

    test("an unknown user, oneself and an expiry in the past are refused one by one, with their reasons", async () => {
      const [ofUser] = await balances();
      const unknown = `${randomUUID()}@example.com`;
      const all = [{ userId: unknown }, { userId: admin.email }, { userId: user.email }];
      const { body } = await grant({ entries: all, amount: 3 });
      expect(body).toMatchObject({ granted: 1, replayed: 0, refused: 2 });
      expect(body.results).toMatchObject([
        { userId: unknown, code: "USER_NOT_FOUND" },
        { userId: admin.email, code: "SELF_ACTION_FORBIDDEN" },
        { userId: user.email, balance: ofUser + 3 },
      ]);
      const past = await grant({ entries, amount: 3, expiresAt: inMs(-1_000) });
      expect(past.body).toMatchObject({ granted: 0, refused: 2 });
      expect(past.body.results[0]).toMatchObject({
        code: "VALIDATION_FAILED",
        message: expect.stringContaining("expiresAt"),
      });
      expect((await balances())[0]).toBe(ofUser + 3);
    });

    test.each([
      { says: "no user", body: { entries: [], amount: 1 }, path: "entries" },
      { says: "501 users", body: { entries: Array(501).fill({ userId: "a@b.co" }), amount: 1 }, path: "entries" },
      {
        says: "the same user twice in two spellings",
        body: { entries: [{ userId: user.email }, { userId: user.email.toUpperCase() }], amount: 1 },
        path: "entries.1.userId",
      },
      { says: "a user without an amount", body: { entries }, path: "amount" },
      { says: "an amount of 0", body: { entries, amount: 0 }, path: "amount" },
      {
        says: "a negative amount of one user",
        body: { entries: [{ userId: user.email, amount: -1 }] },
        path: "entries.0.amount",
      },
      {
        says: "an unknown field of a user",
        body: { entries: [{ userId: user.email, x: 1 }], amount: 1 },
        path: "entries.0.x",
      },
      { says: "no reason", body: { entries, amount: 1, reason: "" }, path: "reason" },
    ])("a request with $says is refused as a whole and grants nothing", async ({ body, path: field }) => {
      const before = await balances();
      const answer = await grant(body);
      expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
      expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toContain(field);
      expect(await balances()).toEqual(before);
    });

    test("a request without an idempotency key grants each time, and a user is refused", async () => {
      const [ofUser, ofOther] = await balances();
      for (const times of [1, 2]) {
        const { body } = await api.post(path, { entries, amount: 1, reason: "campaign" }, { as: "admin" });
        expect(body).toMatchObject({ granted: 2, replayed: 0, refused: 0 });
        expect(await balances()).toEqual([ofUser + times, ofOther + 7 * times]);
      }
      const refused = await api.post(path, { entries, amount: 1, reason: "c", idempotencyKey: newKey() });
      expect(refused).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect(await balances()).toEqual([ofUser + 2, ofOther + 14]);
    });
  });
}
