import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf, credits, grantId, idempotencyKey, userId } from "@jifen/core";
import { idBound, openDatabase } from "@jifen/database";
import { bySystem } from "@jifen/ledger";
import { databaseKinds, describeOn, type RestCall } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { createIds } from "../src/values/ids.ts";
import { changeDatabase } from "./change-database.ts";
import { insertFormerLogs } from "./former-logs.ts";
import { type ApiWithAdmin, admin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const account = accountOf(userId(user.email));
const holds = "/credits/holds";
const resolving = [
  { verb: "extend", body: { ttlSeconds: 3_600 } },
  { verb: "capture", body: { amount: 1 } },
  { verb: "release", body: {} },
];

for (const kind of databaseKinds) {
  describeOn(kind)(`the owners of service keys on ${kind}`, () => {
    let api: ApiWithAdmin;
    /** Two keys of the shop, one of another shop, and one that the user created. */
    const keys = { shop: "", shopNext: "", rival: "", own: "" };
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { USER_KEYS: "on", ADMIN_EMAILS: `${admin.email},${other.email}` });
      const scopes = ["credits:spend", "credits:read", "logs:write"];
      const createKey = async (as: "user" | "other" | "admin", more: readonly string[]) => {
        const answer = await api.post("/keys", { name: "worker", scopes: [...scopes, ...more] }, { as });
        expect(answer).toMatchObject({ status: 200 });
        return answer.body.key as string;
      };
      keys.shop = await createKey("admin", ["act-as"]);
      keys.shopNext = await createKey("admin", ["act-as"]);
      keys.rival = await createKey("other", ["act-as"]);
      keys.own = await createKey("user", []);
      await api.fund({ amount: 100_000 });
    });
    afterAll(() => api?.server.stop());

    const post = (who: keyof typeof keys, path: string, { headers, body = {} }: RestCall = {}) =>
      api.server.call("POST", path, { token: keys[who], userId: user.email, body, ...(headers && { headers }) });
    const place = async (who: keyof typeof keys) =>
      (await post(who, holds, { body: { amount: 2, action: "video" } })).body.holdId as string;
    const at = (holdId: string, verb: string) => `${holds}/${holdId}/${verb}`;
    const stateOf = async (holdId: string) => (await api.get(`${holds}/${holdId}`)).body.state;
    /** The ledger of the same database, without the server. */
    const withLedger = async (work: (ledger: ReturnType<typeof openLedger>) => Promise<unknown>) => {
      const database = await openDatabase(api.server.database.url, { migrate: false });
      try {
        await work(openLedger(database, createIds(Date.now)));
      } finally {
        await database.close();
      }
    };

    describe("holds", () => {
      test.each([
        { by: "own", of: "shop", says: "a user's own key and a hold of the shop" },
        { by: "shop", of: "own", says: "the shop and a hold of a user's own key" },
        { by: "rival", of: "shop", says: "another shop and a hold of the shop" },
      ] as const)("a hold is resolved by its owner only: $says", async ({ by, of }) => {
        const holdId = await place(of);
        for (const { verb, body } of resolving) {
          expect(await post(by, at(holdId, verb), { body })).toMatchObject({
            status: 403,
            body: { code: "FORBIDDEN" },
          });
          expect(await api.post(at(holdId, verb), body)).toMatchObject({ status: 403 });
        }
        expect(await stateOf(holdId)).toBe("pending");
        expect(await post(of, at(holdId, "release"))).toMatchObject({ status: 200 });
      });

      test.each(resolving)("another key of the same owner can $verb a hold", async ({ verb, body }) => {
        const holdId = await place("shop");
        expect(await post("shopNext", at(holdId, verb), { body })).toMatchObject({ status: 200 });
      });

      test("a hold of a version that stored no owner is resolved by services of staff, not by the user's own key", async () => {
        for (const { verb, body } of resolving) {
          const holdId = await place("shop");
          await changeDatabase(api.server.database, {
            sql: `UPDATE holds SET owner = NULL WHERE id = '${holdId}'`,
            mongodb: (db) => db.collection("holds").updateOne({ "_id.id": holdId }, { $unset: { owner: "" } }),
          });
          expect(await post("own", at(holdId, verb), { body })).toMatchObject({ status: 403 });
          expect(await api.post(at(holdId, verb), body)).toMatchObject({ status: 403 });
          expect(await post("rival", at(holdId, verb), { body })).toMatchObject({ status: 200 });
        }
      });

      test("a hold of a version that stored no owner, placed by the user in person, is resolved by the user only", async () => {
        const { holdId } = (await api.post(holds, { amount: 2, action: "video" })).body;
        await changeDatabase(api.server.database, {
          sql: `UPDATE holds SET owner = NULL WHERE id = '${holdId}'`,
          mongodb: (db) => db.collection("holds").updateOne({ "_id.id": holdId }, { $unset: { owner: "" } }),
        });
        for (const who of ["own", "shop"] as const) {
          expect(await post(who, at(holdId, "capture"))).toMatchObject({ status: 403 });
        }
        expect(await api.post(at(holdId, "capture"), {})).toMatchObject({ status: 200 });
      });
    });

    const log = { userId: user.email, details: {}, success: true, timestamp: "2025-01-01T00:00:00Z" };
    const requests = [
      { path: "/credits/consume", body: (n: number) => ({ amount: n, action: "video" }) },
      { path: holds, body: (n: number) => ({ amount: n, action: "video" }) },
      { path: "/logs/create", body: (n: number) => ({ ...log, action: `video-${n}` }) },
    ];

    describe("idempotency keys", () => {
      test.each(requests)(
        "each owner has its own keys of $path, and all keys of an owner share them",
        async ({ path, body }) => {
          const headers = { "idempotency-key": "x".repeat(240) + newKey() };
          const answers = [];
          for (const [n, who] of (["own", "shop", "rival"] as const).entries()) {
            answers.push(await post(who, path, { headers, body: body(n + 1) }));
          }
          answers.push(await api.post(path, body(9), { key: headers["idempotency-key"] }));
          expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
          expect(answers.map(({ headers: sent }) => sent.get("idempotency-replayed"))).toEqual([
            null,
            null,
            null,
            null,
          ]);
          const again = await post("shopNext", path, { headers, body: body(2) });
          expect(again).toMatchObject({ status: 200, body: answers[1]?.body });
          expect(again.headers.get("idempotency-replayed")).toBe("true");
          expect(await post("shopNext", path, { headers, body: body(5) })).toMatchObject({ status: 422 });
        },
      );

      test("each member of staff has their own keys of grants, and a retry grants once", async () => {
        const key = newKey();
        const grant = (as: "admin" | "other", amount: number) =>
          api.post(grantsOf(user.email), { amount, reason: "a gift" }, { as, key });
        const before = (await api.balance()).balance;
        for (const [as, amount] of [
          ["admin", 1],
          ["other", 2],
          ["admin", 1],
          ["other", 2],
        ] as const) {
          expect(await grant(as, amount)).toMatchObject({ status: 200 });
        }
        expect((await api.balance()).balance).toBe(before + 3);
        expect(await grant("other", 1)).toMatchObject({ status: 422 });
      });
    });

    describe("keys of versions in which all services shared them", () => {
      const consumed = async (key: string) =>
        withLedger((ledger) =>
          ledger.consume({
            ...bySystem,
            accountId: account,
            idempotencyKey: idempotencyKey.ofAnyService(key),
            amount: credits(3),
            action: "video",
            metadata: null,
          }),
        );
      const consume = (who: keyof typeof keys, key: string, amount: number) =>
        post(who, "/credits/consume", { headers: { "idempotency-key": key }, body: { amount, action: "video" } });

      test("a retry of a service has no second effect, and another request with the key is refused", async () => {
        const key = newKey();
        await consumed(key);
        const before = (await api.balance()).balance;
        const retries = await Promise.all(Array.from({ length: 20 }, () => consume("shop", key, 3)));
        for (const { status, headers } of retries) {
          expect([status, headers.get("idempotency-replayed")]).toEqual([200, "true"]);
        }
        expect(await consume("shop", key, 4)).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
        expect((await api.balance()).balance).toBe(before);
      });

      test("a retry of a user's own key has no second effect, and another request with the key is not refused", async () => {
        const key = newKey();
        await consumed(key);
        const before = (await api.balance()).balance;
        expect((await consume("own", key, 3)).headers.get("idempotency-replayed")).toBe("true");
        expect((await api.balance()).balance).toBe(before);
        const another = await Promise.all(Array.from({ length: 20 }, () => consume("own", key, 5)));
        expect(new Set(another.map(({ status, body }) => `${status} ${body.transactionId}`)).size).toBe(1);
        expect((await api.balance()).balance).toBe(before - 5);
        expect((await consume("shop", key, 3)).headers.get("idempotency-replayed")).toBe("true");
      });

      test("a retry of a grant by any member of staff grants once", async () => {
        const key = newKey();
        await withLedger((ledger) =>
          ledger.grant({
            ...bySystem,
            ...{
              accountId: account,
              idempotencyKey: idempotencyKey.ofAnyOperator(key),
              grantId: grantId(`grant-${key}`),
            },
            ...{ amount: credits(7), source: "admin", priority: 50, expiresAtMs: null, reason: "a gift" },
          }),
        );
        const before = (await api.balance()).balance;
        const grant = (as: "admin" | "other", amount: number) =>
          api.post(grantsOf(user.email), { amount, reason: "a gift" }, { as, key });
        expect((await grant("admin", 7)).headers.get("idempotency-replayed")).toBe("true");
        expect((await grant("other", 7)).headers.get("idempotency-replayed")).toBe("true");
        expect(await grant("other", 8)).toMatchObject({ status: 422 });
        expect((await api.balance()).balance).toBe(before);
      });

      test("a log of a service is not created a second time, and does not refuse one of a user's own key", async () => {
        const key = newKey();
        const id = `${idBound(Date.UTC(2026, 0))}-7${randomUUID().slice(15)}`;
        const row = { user_id: user.email, id, idempotency_key: `service ${key}`, action: "video", success: true };
        const times = { occurred_at_ms: Date.parse(log.timestamp), created_at_ms: 1 };
        await insertFormerLogs(api.server.database.url, [{ ...row, ...times, details: "{}" }]);
        // The server looks once a second whether any is left.
        await sleep(1_100);
        const create = (who: keyof typeof keys, action: string) =>
          post(who, "/logs/create", { headers: { "idempotency-key": key }, body: { ...log, action } });
        expect((await create("shop", "video")).body).toEqual({ logId: id, redacted: 0 });
        expect(await create("shop", "image")).toMatchObject({ status: 422 });
        expect((await create("own", "video")).body).toEqual({ logId: id, redacted: 0 });
        const another = await create("own", "image");
        expect(another).toMatchObject({ status: 200 });
        expect((await create("own", "image")).body).toEqual(another.body);
      });
    });
  });
}
