import { apiSurfaceKinds, callRest, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { openPage, startTopUpServer, type TopUpServer } from "./top-up-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`orders on ${kind}`, () => {
    let at: TopUpServer;
    beforeAll(async () => {
      at = await startTopUpServer(kind);
    });
    afterAll(() => at.stop());
    const post = (body: object, key = newKey(), as: "user" | "other" = "user") =>
      at.api.post("/orders", { channel: "epay", ...body }, { key, as });

    describe("ordering", () => {
      test("an order has the terms of the pack, says how it can be paid, and is found again", async () => {
        const { status, body } = await post({ packId: "p100" });
        expect(status).toBe(200);
        expect(body).toEqual({
          ...{ orderId: expect.stringMatching(/^[0-9a-f]{32}$/), state: "open", kind: "pack" },
          item: { id: "p100", title: { zh: "100 积分", en: "100 credits" } },
          amount: { minor: 990, currency: "CNY", text: "9.90" },
          ...{ credits: 100, bonusCredits: 10, channel: "epay", method: "alipay" },
          pay: { kind: "redirect", text: expect.stringContaining(at.fake.url) },
          ...{ createdAt: expect.any(String), expiresAt: expect.any(String), paidAt: null, creditedAt: null },
          ...{ transactionId: null, refunded: { minor: 0, currency: "CNY", text: "0.00" }, needsHelp: false },
        });
        expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(30 * 60_000);
        expect(await at.find(body.orderId)).toEqual(body);
        await at.api.post(`/orders/${body.orderId}/cancel`, {});
      });

      test("a retry with the same key returns the same order, and the same key for another order is refused", async () => {
        const key = newKey();
        const first = await post({ packId: "p7" }, key, "other");
        const again = await post({ packId: "p7" }, key, "other");
        expect(again.body).toEqual(first.body);
        expect(again.headers.get("idempotency-replayed")).toBe("true");
        expect(first.headers.get("idempotency-replayed")).toBeNull();
        const reused = await post({ packId: "p100" }, key, "other");
        expect(reused).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
        // The key of one user is not that of another.
        const mine = await post({ packId: "p7" }, key);
        expect(mine.body.orderId).not.toBe(first.body.orderId);
      });

      test.each([
        { body: { packId: "none" }, status: 404, says: { code: "PACK_NOT_FOUND" } },
        { body: { packId: "vip" }, status: 404, says: { code: "PACK_NOT_FOUND" } },
        { body: { packId: "p7", channel: "stripe" }, status: 409, says: { code: "CHANNEL_OFF", channels: ["epay"] } },
        { body: { packId: "usd" }, status: 422, says: { code: "CURRENCY_NOT_SOLD", currencies: [] } },
        {
          ...{ body: { packId: "p7", currency: "USD" }, status: 422 },
          says: { code: "CURRENCY_NOT_SOLD", currencies: ["CNY"] },
        },
      ])("an order of $body is refused with $says.code", async ({ body, status, says }) => {
        expect(await post(body)).toMatchObject({ status, body: says });
      });

      test.each([
        { field: "packId", value: "p 7", says: "letters" },
        { field: "channel", value: "", says: "letters" },
        { field: "method", value: "cash", says: "must be one of alipay, wxpay" },
        { field: "currency", value: "cny", says: "ISO 4217" },
        { field: "returnUrl", value: "https://evil.example/x", says: "FRONTEND_URL" },
        { field: "returnUrl", value: "javascript:alert(1)", says: "http://" },
      ])(
        "an order with $field $value is refused, and the message says what is right",
        async ({ field, value, says }) => {
          const answer = await callRest(at.api.server.api.url, "POST", "/orders", {
            ...{ token: at.api.tokens.user, body: { packId: "p7", channel: "epay", [field]: value } },
            headers: { "accept-language": "en" },
          });
          expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
          expect(answer.body.issues).toEqual([{ path: field, message: expect.stringContaining(says) }]);
        },
      );

      test("of concurrent orders of one user, five can be unpaid, and a pack for one purchase is ordered once", async () => {
        const token = at.api.tokens.admin;
        const admin = (body: object) =>
          at.api.server.call("POST", "/orders", { token, body: { channel: "epay", ...body } });
        const once = await Promise.all(Array.from({ length: 8 }, () => admin({ packId: "once" })));
        expect(once.filter(({ status }) => status === 200)).toHaveLength(1);
        expect(once.find(({ status }) => status !== 200)?.body).toMatchObject({ code: "ALREADY_BOUGHT", limit: 1 });
        const many = await Promise.all(Array.from({ length: 12 }, () => admin({ packId: "p7" })));
        expect(many.filter(({ status }) => status === 200)).toHaveLength(4);
        expect(many.find(({ status }) => status !== 200)?.body).toMatchObject({ code: "ORDER_LIMIT", limit: 5 });
      });
    });

    describe("reading orders", () => {
      test("a user lists their own orders only, newest first and in pages; staff list those of all users", async () => {
        for (const packId of ["p7", "p100"]) await post({ packId });
        const own = (await at.api.get("/orders?limit=2")).body;
        expect(own.items.map(({ item }: { item: { id: string } }) => item.id)).toEqual(["p100", "p7"]);
        const next = await at.api.get(`/orders?limit=100&cursor=${own.nextCursor}`);
        const ids = [...own.items, ...next.body.items].map(({ orderId }: { orderId: string }) => orderId);
        expect(ids).toEqual(ids.toSorted().toReversed());
        const all = (await at.api.get("/admin/orders?limit=100", "admin")).body.items;
        const owners = new Set(all.map(({ userId }: { userId: string }) => userId));
        expect(owners.size).toBeGreaterThan(1);
        const ofUser = (await at.api.get(`/admin/orders?limit=100&userId=${user.email}`, "admin")).body.items;
        expect(ofUser.map(({ orderId }: { orderId: string }) => orderId)).toEqual(ids);
        expect((await at.api.get("/orders?cursor=YQ")).body).toMatchObject({ code: "VALIDATION_FAILED" });
      });

      test("another user can neither read, check nor cancel an order", async () => {
        const { orderId } = (await at.api.get("/orders?limit=1")).body.items[0];
        expect((await at.api.get(`/orders/${orderId}`, "other")).body).toMatchObject({ code: "ORDER_NOT_FOUND" });
        for (const verb of ["check", "cancel"]) {
          const answer = await at.api.post(`/orders/${orderId}/${verb}`, {}, { as: "other" });
          expect(answer).toMatchObject({ status: 404, body: { code: "ORDER_NOT_FOUND" } });
        }
        expect((await at.api.get("/orders/not-an-id")).body).toMatchObject({ code: "VALIDATION_FAILED" });
        const missing = await at.api.get(`/admin/orders/${"0".repeat(32)}`, "admin");
        expect(missing).toMatchObject({ status: 404, body: { code: "ORDER_NOT_FOUND" } });
      });

      test("a check by staff credits what was paid, and is in the audit log", async () => {
        const { body } = await post({ packId: "p7" }, newKey(), "other");
        await openPage(body);
        at.fake.turn({ lose: 1 });
        at.fake.act(body.orderId, "pay");
        at.fake.turn({ lose: 0 });
        const checked = await at.api.post(`/admin/orders/${body.orderId}/check`, {}, { as: "admin" });
        expect(checked).toMatchObject({ status: 200, body: { state: "credited", userId: other.email } });
        expect(checked.body.payments).toMatchObject([{ state: "credited", source: "query" }]);
        const { body: log } = await at.api.get("/admin/audit?action=orders.check", "admin");
        expect(log.items).toMatchObject([{ subject: `user:${other.email}`, details: { orderId: body.orderId } }]);
      });
    });

    test("orders of one user are limited in a time", async () => {
      const limited = await startTopUpServer(kind, { RATE_LIMIT_ORDERS: "2/1h" });
      const order = () => limited.api.post("/orders", { packId: "p7", channel: "epay" });
      expect([(await order()).status, (await order()).status]).toEqual([200, 200]);
      expect(await order()).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
      await limited.stop();
    });
  });
}
