import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`holds on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const place = async (body: object = {}) => {
      const answer = await api.post("/credits/holds", { amount: 10, action: "video", ...body });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body as { holdId: string; expiresAt: string; balance: number; held: number };
    };
    const at = (holdId: string, verb = "") => `/credits/holds/${holdId}${verb && `/${verb}`}`;
    const found = async (holdId: string) => (await api.get(at(holdId))).body;

    test("a hold reserves credits, for 15 minutes by default", async () => {
      await api.fund({ amount: 100 });
      const { held } = await api.balance();
      const answer = await api.postTwice("/credits/holds", {
        amount: 30,
        action: "video",
        metadata: { b: [1], a: "画" },
      });
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({
        holdId: expect.stringMatching(/^hold-[\w-]+$/),
        amount: 30,
        expiresAt: expect.any(String),
        balance: 70,
        held: held + 30,
      });
      expect(await api.balance()).toMatchObject({ balance: 71, held: held + 30 });
      const hold = await found(answer.body.holdId);
      expect(hold).toEqual({
        holdId: answer.body.holdId,
        state: "pending",
        action: "video",
        metadata: { a: "画", b: [1] },
        amount: 30,
        captured: 0,
        released: 0,
        expired: 0,
        expiresAt: answer.body.expiresAt,
        createdAt: expect.any(String),
        resolvedAt: null,
      });
      expect(Date.parse(hold.expiresAt) - Date.parse(hold.createdAt)).toBe(900_000);
      await api.post(at(answer.body.holdId, "release"), {});
    });

    test("a hold of more than the balance is refused, and the refusal has the balance", async () => {
      await api.fund({ amount: 9 });
      const answer = await api.post("/credits/holds", { amount: 10, action: "video" });
      expect(answer).toMatchObject({
        status: 402,
        body: { code: "INSUFFICIENT_CREDITS", balance: 9, required: 10 },
      });
      expect(await api.balance()).toMatchObject({ balance: 9, held: 0 });
    });

    test("held credits cannot be spent", async () => {
      await api.fund({ amount: 10 });
      const { holdId } = await place();
      expect(await api.post("/credits/consume", { amount: 1, action: "a" })).toMatchObject({ status: 402 });
      await api.post(at(holdId, "release"), {});
      expect(await api.post("/credits/consume", { amount: 10, action: "a" })).toMatchObject({ status: 200 });
    });

    test.each([
      { says: "the whole hold without an amount", body: {}, captured: 10, released: 0, balance: 90 },
      { says: "a part and releases the rest", body: { amount: 4 }, captured: 4, released: 6, balance: 96 },
      { says: "all but one credit", body: { amount: 9 }, captured: 9, released: 1, balance: 91 },
      { says: "the whole hold with its amount", body: { amount: 10 }, captured: 10, released: 0, balance: 90 },
    ])("a capture charges $says", async ({ body, captured, released, balance }) => {
      await api.fund({ amount: 100 });
      const { holdId } = await place({ metadata: { job: 7 } });
      const answer = await api.postTwice(at(holdId, "capture"), body);
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({
        transactionId: expect.stringMatching(/^txn-/),
        captured,
        released,
        expiredOnReturn: 0,
        balance,
        held: 0,
      });
      const hold = await found(holdId);
      expect(hold).toMatchObject({ state: "captured", captured, released, expired: 0 });
      expect(Date.parse(hold.resolvedAt)).toBeGreaterThanOrEqual(Date.parse(hold.createdAt));
    });

    test("a capture with metadata has it in the journal, and the hold keeps its own", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = await place({ metadata: { seconds: 10 } });
      const captured = await api.postTwice(at(holdId, "capture"), { amount: 4, metadata: { seconds: 4, model: "m1" } });
      const journal = (await api.get(`/credits/transactions/${captured.body.transactionId}`)).body;
      expect(journal).toMatchObject({ kind: "capture", amount: 4, metadata: { model: "m1", seconds: 4 } });
      expect(await found(holdId)).toMatchObject({ metadata: { seconds: 10 } });
    });

    test("a capture of more than the hold is refused and does not change the hold", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = await place();
      expect(await api.post(at(holdId, "capture"), { amount: 11 })).toMatchObject({
        status: 422,
        body: { code: "CAPTURE_EXCEEDS_HOLD", amount: 11, held: 10 },
      });
      expect(await found(holdId)).toMatchObject({ state: "pending", captured: 0 });
      expect(await api.post(at(holdId, "capture"), {})).toMatchObject({ status: 200, body: { captured: 10 } });
    });

    test("a release charges nothing, and the journal has its reason", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = await place();
      const answer = await api.postTwice(at(holdId, "release"), { reason: "generation_failed" });
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({
        transactionId: expect.stringMatching(/^txn-/),
        released: 10,
        expiredOnReturn: 0,
        balance: 100,
        held: 0,
      });
      expect(await found(holdId)).toMatchObject({ state: "released", captured: 0, released: 10, expired: 0 });
      const transaction = await api.get(`/credits/transactions/${answer.body.transactionId}`);
      expect(transaction.body).toMatchObject({
        kind: "release",
        metadata: { reason: "generation_failed" },
        change: 10,
      });
    });

    test("extending a hold never shortens it", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = await place({ ttlSeconds: 60 });
      const longer = await api.postTwice(at(holdId, "extend"), { ttlSeconds: 3_600 });
      expect(longer).toMatchObject({ status: 200 });
      expect(longer.body).toEqual({ holdId, expiresAt: expect.any(String), balance: 90, held: 10 });
      expect(Date.parse(longer.body.expiresAt) - Date.now()).toBeGreaterThan(3_590_000);
      expect(await api.post(at(holdId, "extend"), { ttlSeconds: 1 })).toMatchObject({
        status: 200,
        body: { expiresAt: longer.body.expiresAt },
      });
      expect(await found(holdId)).toMatchObject({ state: "pending", expiresAt: longer.body.expiresAt });
      await api.post(at(holdId, "release"), {});
    });

    const resolving = [
      { verb: "capture", body: { amount: 3 } },
      { verb: "release", body: {} },
      { verb: "extend", body: { ttlSeconds: 60 } },
    ];

    describe.each([
      { state: "captured", by: "capture" },
      { state: "released", by: "release" },
    ])("a hold that was $state", ({ state, by }) => {
      test.each(resolving)("$verb of a resolved hold is refused and changes nothing", async ({ verb, body }) => {
        await api.fund({ amount: 100 });
        const { holdId } = await place();
        await api.post(at(holdId, by), {});
        const [before, balance] = [await found(holdId), await api.balance()];
        expect(await api.post(at(holdId, verb), body)).toMatchObject({
          status: 409,
          body: { code: "HOLD_ALREADY_RESOLVED", state, resolvedAt: before.resolvedAt },
        });
        expect(await found(holdId)).toEqual(before);
        expect(await api.balance()).toEqual(balance);
      });
    });

    test("of 60 concurrent captures and releases, one resolves the hold", async () => {
      await api.fund({ amount: 100 });
      const { holdId } = await place();
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          api.post(at(holdId, index % 2 === 0 ? "capture" : "release"), {}, { key: newKey() }),
        ),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(59);
      const { captured, released } = await found(holdId);
      expect(captured + released).toBe(10);
      expect(await api.balance()).toMatchObject({ balance: 100 - captured, held: 0 });
    });

    test.each([
      { verb: "", method: "GET", body: undefined },
      ...resolving.map((each) => ({ ...each, method: "POST" })),
    ])("a hold of another user is not found: $method $verb", async ({ verb, method, body }) => {
      await api.fund({ amount: 100 });
      const { holdId } = await place();
      for (const [id, token] of [
        [holdId, api.tokens.other],
        [holdId, api.tokens.admin],
        ["hold-00000000-0000-7000-8000-000000000000", api.tokens.user],
      ] as const) {
        const answer = await api.server.call(method, at(id, verb), { token, ...(body && { body }) });
        expect(answer).toMatchObject({ status: 404, body: { code: "HOLD_NOT_FOUND" } });
      }
      expect(await found(holdId)).toMatchObject({ state: "pending" });
      await api.post(at(holdId, "release"), {});
    });

    test.each([
      {
        says: "a hold",
        path: () => "/credits/holds",
        first: { amount: 1, action: "a" },
        second: { amount: 1, action: "b" },
      },
      {
        says: "a longer hold",
        path: () => "/credits/holds",
        first: { amount: 1, action: "a", ttlSeconds: 60 },
        second: { amount: 1, action: "a", ttlSeconds: 61 },
      },
      { says: "a capture", path: (id: string) => at(id, "capture"), first: { amount: 1 }, second: { amount: 2 } },
      { says: "a capture of all", path: (id: string) => at(id, "capture"), first: {}, second: { amount: 10 } },
      { says: "a release", path: (id: string) => at(id, "release"), first: { reason: "a" }, second: { reason: "b" } },
      {
        says: "an extension",
        path: (id: string) => at(id, "extend"),
        first: { ttlSeconds: 60 },
        second: { ttlSeconds: 61 },
      },
    ])("an idempotency key of $says is refused for another request", async ({ path, first, second }) => {
      await api.fund({ amount: 100 });
      const { holdId } = await place();
      const key = newKey();
      expect(await api.post(path(holdId), first, { key })).toMatchObject({ status: 200 });
      const before = await api.balance();
      expect(await api.post(path(holdId), second, { key })).toMatchObject({
        status: 422,
        body: { code: "IDEMPOTENCY_KEY_REUSED" },
      });
      expect(await api.balance()).toEqual(before);
    });

    test.each([
      { path: "/credits/holds", body: { action: "a" }, names: "amount" },
      { path: "/credits/holds", body: { amount: 0, action: "a" }, names: "amount" },
      { path: "/credits/holds", body: { amount: 1.5, action: "a" }, names: "amount" },
      { path: "/credits/holds", body: { amount: 1 }, names: "action" },
      { path: "/credits/holds", body: { amount: 1, action: "" }, names: "action" },
      { path: "/credits/holds", body: { amount: 1, action: "a", ttlSeconds: 0 }, names: "ttlSeconds" },
      { path: "/credits/holds", body: { amount: 1, action: "a", ttlSeconds: 604_801 }, names: "ttlSeconds" },
      { path: "/credits/holds", body: { amount: 1, action: "a", ttlSeconds: 1.5 }, names: "ttlSeconds" },
      { path: "/credits/holds", body: { amount: 1, action: "a", ttlSeconds: "60" }, names: "ttlSeconds" },
      { path: "/credits/holds", body: { amount: 1, action: "a", metadata: [] }, names: "metadata" },
      {
        path: "/credits/holds",
        body: { amount: 1, action: "a", metadata: { a: "x".repeat(4_096) } },
        names: "metadata",
      },
      { path: "/credits/holds", body: { amount: 1, action: "a", holdId: "hold-mine" }, names: "holdId" },
      { path: "/credits/holds", body: { amount: 1, action: "a", idempotencyKey: "ü" }, names: "idempotencyKey" },
      { path: at("hold-1", "capture"), body: { amount: 0 }, names: "amount" },
      { path: at("hold-1", "capture"), body: { amount: "1" }, names: "amount" },
      { path: at("hold-1", "capture"), body: { reason: "a" }, names: "reason" },
      { path: at("hold_1", "capture"), body: {}, names: "holdId" },
      { path: at("%00", "capture"), body: {}, names: "holdId" },
      { path: at("hold-1", "release"), body: { reason: "" }, names: "reason" },
      { path: at("hold-1", "release"), body: { reason: "x".repeat(101) }, names: "reason" },
      { path: at("hold-1", "extend"), body: {}, names: "ttlSeconds" },
      { path: at("hold-1", "extend"), body: { ttlSeconds: 0 }, names: "ttlSeconds" },
    ])("POST $path with $body is refused, and the issue names $names", async ({ path, body, names }) => {
      const answer = await api.post(path, body);
      expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
      expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toEqual([names]);
    });

    test("hold operations without a token are refused with 401", async () => {
      for (const [method, path] of [
        ["POST", "/credits/holds"],
        ["GET", at("hold-1")],
        ...resolving.map(({ verb }) => ["POST", at("hold-1", verb)] as const),
      ] as const) {
        const call = method === "POST" ? { body: {} } : {};
        expect(await api.server.call(method, path, call)).toMatchObject({ status: 401 });
      }
    });
  });
}
