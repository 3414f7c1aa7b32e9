import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putInForce } from "./priced-api.ts";
import {
  type ApiWithAdmin,
  admin,
  grantsOf,
  newKey,
  revocationsOf,
  startApiWithAdmin,
} from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const of = (email: string, what: string) => `/admin/users/${encodeURIComponent(email)}/${what}`;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the account of a user, as staff reads it, on ${kind}`, () => {
    let api: ApiWithAdmin;
    let version: number;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      version = await putInForce(api);
    });
    afterAll(() => api.server.stop());

    const asStaff = async (path: string) => {
      const { status, body } = await api.get(path, "admin");
      expect({ status, body }).toMatchObject({ status: 200 });
      return body;
    };

    test("it is the same account as its user reads", async () => {
      await api.post("/credits/consume", { amount: 7, action: "video" });
      await api.post("/credits/holds", { amount: 5, action: "video" });
      const grant = { amount: 3, reason: "a gift" };
      expect((await api.post(grantsOf(user.email), grant, { as: "admin", key: newKey() })).status).toBe(200);
      const { userId, openHolds, totals, ...account } = await asStaff(of(user.email, "account"));
      expect([userId, openHolds]).toEqual([user.email, 1]);
      expect(totals).toEqual({ granted: 103, spent: 7, refunded: 0, revoked: 0, expired: 0 });
      expect(account).toEqual((await api.get("/credits/balance")).body);
      expect(account).toMatchObject({ balance: 91, held: 5 });
      for (const what of ["grants", "holds"]) {
        expect(await asStaff(of(user.email, what))).toEqual((await api.get(`/credits/${what}`)).body);
      }
      const journal = await asStaff(of(user.email, "transactions"));
      const own = (await api.get("/credits/transactions")).body;
      const ids = (page: { items: { transactionId: string }[] }) =>
        page.items.map(({ transactionId }) => transactionId);
      expect(ids(journal)).toEqual(ids(own));
      expect(journal.items.map(({ actor }: { actor: string }) => actor)).toContain(`user:${admin.email}`);
      expect(own.items.map(({ actor }: { actor: string }) => actor)).toContain("staff");
    });

    test("the totals of an account grow with its journal", async () => {
      const before = await asStaff(of(user.email, "account"));
      const { body } = await api.post("/credits/consume", { amount: 4, action: "video" });
      await api.post("/credits/refunds", { transactionId: body.transactionId, amount: 3 }, { as: "admin" });
      await api.post(revocationsOf(user.email), { amount: 2, reason: "a mistake" }, { as: "admin", key: newKey() });
      const { totals, balance, held } = await asStaff(of(user.email, "account"));
      const { granted, spent, refunded, revoked } = before.totals;
      expect(totals).toEqual({
        ...{ granted, spent: spent + 4, refunded: refunded + 3, revoked: revoked + 2, expired: 0 },
      });
      expect(totals.granted + totals.refunded - totals.spent - totals.revoked - totals.expired).toBe(balance + held);
    });

    test("pages follow each other, and only what is asked for is in them", async () => {
      const first = await asStaff(of(user.email, "transactions?limit=2"));
      const second = await asStaff(of(user.email, `transactions?limit=100&cursor=${first.nextCursor}`));
      const all = await asStaff(of(user.email, "transactions?limit=100"));
      expect([...first.items, ...second.items]).toEqual(all.items);
      const charges = await asStaff(of(user.email, "transactions?kind=consume"));
      expect(charges.items).toMatchObject([{ amount: 4 }, { kind: "consume", amount: 7, userId: user.email }]);
      expect((await asStaff(of(user.email, "holds?state=pending"))).items).toHaveLength(1);
      expect((await asStaff(of(user.email, "holds?state=captured"))).items).toEqual([]);
      await api.fund({ amount: 20 });
      const open = (await asStaff(of(user.email, "grants?open=true"))).items;
      expect(open.every(({ remaining }: { remaining: number }) => remaining > 0)).toBe(true);
      expect(open.length).toBeLessThan((await asStaff(of(user.email, "grants"))).items.length);
    });

    test("a charge is explained by its key, its request, its price and the logs that name it or its hold, which a key reads with logs:read alone", async () => {
      const key = newKey();
      const params = { model: "m1", resolution: "720p", seconds: "8" };
      const { body: hold } = await api.post("/credits/holds", { action: "text_to_video", params }, { key: newKey() });
      const usage = { seconds: "6" };
      const captured = await api.post(`/credits/holds/${hold.holdId}/capture`, { usage }, { key });
      const { transactionId } = captured.body;
      const timestamp = new Date().toISOString();
      const log = { userId: user.email, action: "text_to_video", details: { job: 1 }, success: true, timestamp };
      const named = await api.post("/logs/create", { ...log, transactionId });
      const ofHold = await api.post("/logs/create", { ...log, holdId: hold.holdId });
      await api.post("/logs/create", log);

      const explained = await asStaff(`/admin/transactions/${transactionId}`);
      expect(explained).toMatchObject({
        ...{ transactionId, userId: user.email, idempotencyKey: key, orderId: null, kind: "capture" },
        ...{ actor: `user:${user.email}`, requestId: captured.headers.get("x-request-id") },
        hold: { holdId: hold.holdId, state: "captured" },
        price: { version, params, usage, priceGroup: "default", factor: "1", formula: { credits: explained.amount } },
      });
      const { formula } = explained.price;
      expect(formula.lines).not.toEqual([]);
      const sum = formula.lines.reduce((total: number, line: { credits: string }) => total + Number(line.credits), 0);
      expect(Number(formula.exact)).toBeCloseTo(sum, 6);
      expect(formula.credits).toBe(Math.max(Math.ceil(Number(formula.exact)), formula.minimum));
      const ids = [named, ofHold].map(({ body }) => body.logId).toSorted();
      expect(explained.logs.map(({ logId }: { logId: string }) => logId).toSorted()).toEqual(ids);
      expect(explained.grants.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(
        explained.amount,
      );
      for (const { scopes, logs } of [
        { scopes: ["accounts:read"], logs: [] },
        { scopes: ["accounts:read", "logs:read"], logs: explained.logs },
      ]) {
        const made = await api.post("/keys", { name: "reads accounts", scopes }, { as: "admin" });
        const path = `/admin/transactions/${transactionId}`;
        const { body } = await api.server.call("GET", path, { token: made.body.key });
        expect(body).toEqual({ ...explained, logs });
      }
      const own = (await api.get(`/credits/transactions/${transactionId}`)).body;
      expect(explained).toMatchObject(own);
      // The user sees how the amount follows, and not the names of versions and groups.
      expect(own.price).toEqual({ params, usage, factor: "1", formula });
      expect(own).not.toHaveProperty("idempotencyKey");
    });

    test("a deleted user keeps the journal, and who never existed is not found", async () => {
      const gone = "gone@example.com";
      await api.post("/admin/users", { email: gone }, { as: "admin" });
      const before = await asStaff(of(gone, "transactions"));
      const deleted = await api.post(of(gone, "delete"), { reason: "asked for it" }, { as: "admin" });
      expect(deleted.status).toBe(200);
      expect(await asStaff(of(gone, "transactions"))).toEqual(before);
      for (const what of ["account", "transactions", "grants", "holds"]) {
        const { status, body } = await api.get(of("missing@example.com", what), "admin");
        expect({ status, body }).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
      }
      const { status, body } = await api.get("/admin/transactions/txn-missing", "admin");
      expect({ status, body }).toMatchObject({ status: 404, body: { code: "TRANSACTION_NOT_FOUND" } });
    });

    test("totals equal balance and holds in each answer while the account changes and several people of staff read it", async () => {
      await api.fund({ amount: 200 });
      let isChanging = true;
      const change = async () => {
        for (let step = 0; step < 15; step += 1) {
          await api.post("/credits/consume", { amount: 1, action: "video" });
          await api.post(grantsOf(user.email), { amount: 2, reason: "a gift" }, { as: "admin", key: newKey() });
        }
      };
      const watch = async () => {
        let answers = 0;
        for (; isChanging; answers += 1) {
          const { totals, balance, held } = await asStaff(of(user.email, "account"));
          const { granted, spent, refunded, revoked, expired } = totals;
          expect(granted + refunded - spent - revoked - expired).toBe(balance + held);
        }
        return answers;
      };
      const changes = Promise.all([change(), change()]).finally(() => {
        isChanging = false;
      });
      const [, ...answers] = await Promise.all([changes, watch(), watch(), watch()]);
      expect(Math.min(...answers)).toBeGreaterThan(5);
    });
  });
}
