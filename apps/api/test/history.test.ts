import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, grantsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

type Page = { items: Record<string, unknown>[]; nextCursor: string | null };

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the history of an account on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const list = async (query: string): Promise<Page> => {
      const answer = await api.get(`/credits/transactions?${query}`);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };
    const consume = (action: string, body: object = {}) => api.post("/credits/consume", { amount: 1, action, ...body });

    test("the journal begins with the initial grant", async () => {
      const { body } = await api.get("/credits/transactions", "other");
      expect(body).toEqual({
        items: [
          {
            transactionId: expect.stringMatching(/^txn-/),
            kind: "grant",
            amount: 100,
            action: "initial",
            metadata: null,
            balanceAfter: 100,
            heldAfter: 0,
            change: 100,
            holdId: null,
            chargeId: null,
            createdAt: expect.any(String),
            expiresAt: null,
            actor: "system",
            requestId: null,
          },
        ],
        nextCursor: null,
      });
      expect((await api.get("/credits/grants", "other")).body).toMatchObject({
        items: [{ source: "initial", amount: 100, remaining: 100, priority: 50, expired: false }],
        nextCursor: null,
      });
    });

    test("each kind of transaction shows its amount, its change and what it refers to", async () => {
      await api.fund({ amount: 100 });
      const charge = (await consume("video", { amount: 20, metadata: { seconds: 5 } })).body.transactionId;
      const refund = (await api.post("/credits/refunds", { transactionId: charge, amount: 5 }, { as: "admin" })).body;
      const { holdId, expiresAt } = (await api.post("/credits/holds", { amount: 30, action: "song" })).body;
      await api.post(`/credits/holds/${holdId}/extend`, { ttlSeconds: 60 });
      await api.post(`/credits/holds/${holdId}/capture`, { amount: 10 });
      const { items } = await list("limit=7");
      expect(items).toMatchObject([
        { kind: "capture", amount: 10, change: 0, balanceAfter: 75, heldAfter: 0, holdId, action: "song" },
        { kind: "release", amount: 20, change: 20, balanceAfter: 75, heldAfter: 10, holdId },
        { kind: "extend", amount: 0, change: 0, balanceAfter: 55, heldAfter: 30, holdId, expiresAt },
        { kind: "hold", amount: 30, change: -30, balanceAfter: 55, heldAfter: 30, holdId, expiresAt },
        {
          kind: "refund",
          amount: 5,
          change: 5,
          balanceAfter: 85,
          chargeId: charge,
          transactionId: refund.transactionId,
        },
        { kind: "consume", amount: 20, change: -20, balanceAfter: 80, metadata: { seconds: 5 }, chargeId: null },
        { kind: "grant", amount: 100, change: 100, balanceAfter: 100 },
      ]);
    });

    test("a capture shows its hold, its grants and its refunds", async () => {
      const [first] = await api.fund({ amount: 8, priority: 1 });
      await api.post(grantsOf(user.email), { amount: 8, reason: "a" }, { as: "admin" });
      const { holdId } = (await api.post("/credits/holds", { amount: 10, action: "song" })).body;
      const { transactionId } = (await api.post(`/credits/holds/${holdId}/capture`, { amount: 7 })).body;
      const refund = { transactionId, amount: 3, reason: "half" };
      const refunded = (await api.post("/credits/refunds", refund, { as: "admin" })).body;
      const { body } = await api.get(`/credits/transactions/${transactionId}`);
      expect(body).toMatchObject({
        transactionId,
        kind: "capture",
        amount: 7,
        hold: { holdId, state: "captured", amount: 10, captured: 7, released: 3 },
        grants: [{ grantId: first, amount: 7 }],
        refunds: [{ transactionId: refunded.transactionId, amount: 3, reason: "half", createdAt: expect.any(String) }],
        refundable: 4,
        charge: null,
      });
      expect((await api.get(`/credits/transactions/${refunded.transactionId}`)).body).toMatchObject({
        kind: "refund",
        hold: null,
        grants: [{ grantId: first, amount: 3 }],
        refunds: [],
        refundable: 0,
        charge: transactionId,
      });
    });

    test("a transaction can only be read by its owner", async () => {
      await api.fund({ amount: 10 });
      const { transactionId } = (await consume("video")).body;
      for (const [id, as] of [
        [transactionId, "other"],
        [transactionId, "admin"],
        ["txn-00000000-0000-7000-8000-000000000000", "user"],
      ] as const) {
        expect(await api.get(`/credits/transactions/${id}`, as)).toMatchObject({
          status: 404,
          body: { code: "TRANSACTION_NOT_FOUND" },
        });
      }
      expect(await api.get("/credits/transactions/txn_1")).toMatchObject({
        status: 400,
        body: { issues: [{ path: "transactionId" }] },
      });
    });

    test("transactions are listed for their owner only", async () => {
      await api.fund({ amount: 10 });
      await consume("only mine");
      expect(JSON.stringify((await api.get("/credits/transactions?limit=100", "other")).body)).not.toMatch(/only mine/);
    });

    test("pages of transactions neither skip nor repeat entries while new ones are written", async () => {
      await api.fund({ amount: 200 });
      const first = Array.from({ length: 45 }, (_, index) => `page-${index}`);
      for (const action of first) await consume(action);
      const seen: Page["items"] = [];
      let cursor: string | null = null;
      do {
        const page: Page = await list(`kind=consume&limit=10${cursor === null ? "" : `&cursor=${cursor}`}`);
        seen.push(...page.items);
        cursor = page.nextCursor;
        await consume("meanwhile");
      } while (cursor !== null && seen.length < 45);
      expect(seen.slice(0, 45).map(({ action }) => action)).toEqual(first.toReversed());
      expect(new Set(seen.map(({ transactionId }) => transactionId)).size).toBe(seen.length);
    });

    test("the last page has no cursor, also when it is full", async () => {
      await api.fund({ amount: 10 });
      for (let count = 0; count < 4; count += 1) await consume("four");
      const page = await list("action=four&limit=2");
      expect(page.items).toHaveLength(2);
      const last = await list(`action=four&limit=2&cursor=${page.nextCursor}`);
      expect(last).toMatchObject({ items: [{ action: "four" }, { action: "four" }], nextCursor: null });
      expect(await list("action=nothing like it")).toEqual({ items: [], nextCursor: null });
    });

    test("transactions can be filtered by kind, action and time", async () => {
      await api.fund({ amount: 10 });
      await consume("before");
      const middle = (await consume("middle, 画 & more")).body.transactionId;
      await new Promise((resolve) => setTimeout(resolve, 5));
      await consume("after");
      const at = (await api.get(`/credits/transactions/${middle}`)).body.createdAt as string;
      const later = new Date(Date.parse(at) + 1).toISOString();
      const actions = async (query: string) => (await list(query)).items.map(({ action }) => action);
      expect(await actions(`action=${encodeURIComponent("middle, 画 & more")}`)).toEqual(["middle, 画 & more"]);
      expect(await actions(`kind=consume&from=${at}&to=${later}`)).toContain("middle, 画 & more");
      expect(await actions(`kind=consume&from=${later}`)).not.toContain("middle, 画 & more");
      expect(await actions(`kind=consume&to=${at}`)).not.toContain("middle, 画 & more");
      expect(await actions(`from=${encodeURIComponent("2999-01-01T00:00:00+08:00")}`)).toEqual([]);
      const kinds = (await list("kind=grant&limit=100")).items.map(({ kind: entryKind }) => entryKind);
      expect(new Set(kinds)).toEqual(new Set(["grant"]));
    });

    test("pages of grants, newest first, neither skip nor repeat grants while new ones are created", async () => {
      const created: unknown[] = [];
      const createGrant = async () => {
        const { body } = await api.post(grantsOf(user.email), { amount: 1, reason: "a" }, { as: "admin" });
        return body.grantId;
      };
      for (let count = 0; count < 45; count += 1) created.push(await createGrant());
      const seen: unknown[] = [];
      let cursor: string | null = null;
      do {
        const query = cursor === null ? "" : `&cursor=${cursor}`;
        const page = (await api.get(`/credits/grants?limit=10${query}`)).body as Page;
        seen.push(...page.items.map(({ grantId }) => grantId));
        cursor = page.nextCursor;
        await createGrant();
      } while (cursor !== null && seen.length < 45);
      expect(seen.slice(0, 45)).toEqual(created.toReversed());
    });

    test("a page has twenty entries by default", async () => {
      expect((await list("")).items).toHaveLength(20);
      expect((await api.get("/credits/grants")).body.items).toHaveLength(20);
      expect((await list("limit=1")).items).toHaveLength(1);
    });

    const cursors = ["x", "!", "MA", "LTE", "MS4w", "Z3JhbnQt", "a".repeat(201)].map((text) => `cursor=${text}`);
    describe.each(["/credits/transactions", "/credits/grants"])("GET %s", (path) => {
      test.each([
        ...["limit=0", "limit=101", "limit=-1", "limit=1.5", "limit=ten", "limit="].map((query) => ({
          query,
          names: "limit",
        })),
        ...cursors.map((query) => ({ query, names: "cursor" })),
        { query: "page=2", names: "page" },
      ])("a list with $query is refused, and the issue names $names", async ({ query, names }) => {
        const answer = await api.get(`${path}?${query}`);
        expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: names }] } });
      });

      test("a list without a token is refused with 401", async () => {
        expect(await api.server.call("GET", path)).toMatchObject({ status: 401 });
      });
    });

    test("the cursor of another list is refused", async () => {
      const { nextCursor } = await list("limit=1");
      expect(await api.get(`/credits/grants?cursor=${nextCursor}`)).toMatchObject({
        status: 400,
        body: { issues: [{ path: "cursor" }] },
      });
    });

    test.each([
      { query: "kind=gift", names: "kind" },
      { query: "action=", names: "action" },
      { query: `action=${"x".repeat(101)}`, names: "action" },
      { query: "from=yesterday", names: "from" },
      { query: "to=2025-01-01", names: "to" },
    ])("a list with $query is refused, and the issue names $names", async ({ query, names }) => {
      const answer = await api.get(`/credits/transactions?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: names }] } });
    });
  });
}
