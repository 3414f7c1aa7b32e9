import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, grantsOf, newKey, revocationsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`notes of staff on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const chargeId = async (): Promise<string> =>
      (await api.post("/credits/consume", { amount: 5, action: "video" })).body.transactionId;

    const acts = [
      { action: "credits.grant", path: async () => grantsOf(user.email), body: async () => ({ amount: 5 }) },
      { action: "credits.revoke", path: async () => revocationsOf(user.email), body: async () => ({ amount: 2 }) },
      {
        action: "credits.refund",
        path: async () => "/credits/refunds",
        body: async () => ({ transactionId: await chargeId() }),
      },
    ];

    test.each(acts)("a note of $action is in the audit log alone, and a retry may have another note", async (act) => {
      const [path, body, key] = [await act.path(), await act.body(), newKey()];
      const send = (note?: string) => api.post(path, { ...body, reason: "a complaint", note }, { as: "admin", key });
      const first = await send("ticket 42: was double-billed");
      expect({ status: first.status, body: first.body }).toMatchObject({ status: 200 });
      for (const note of [undefined, "another note"]) {
        const again = await send(note);
        expect(again.body).toEqual(first.body);
        expect(again.headers.get("idempotency-replayed")).toBe("true");
      }
      const { items } = (await api.get(`/admin/audit?action=${act.action}&limit=1`, "admin")).body;
      expect(items).toMatchObject([{ reason: "a complaint", details: { note: "ticket 42: was double-billed" } }]);
      const own = [
        (await api.get(`/credits/transactions/${first.body.transactionId}`)).body,
        (await api.get("/credits/transactions?limit=100")).body,
        (await api.get("/credits/grants?limit=100")).body,
      ];
      expect(JSON.stringify(own)).toContain("a complaint");
      expect(JSON.stringify(own)).not.toContain("ticket 42");
    });

    test("a note of more than 500 characters is refused, and nothing is granted", async () => {
      const before = await api.balance();
      const body = { amount: 5, reason: "a gift", note: "n".repeat(501) };
      const refused = await api.post(grantsOf(user.email), body, { as: "admin", key: newKey() });
      expect(refused).toMatchObject({ status: 400, body: { issues: [{ path: "note" }] } });
      expect(await api.balance()).toEqual(before);
    });
  });
}
