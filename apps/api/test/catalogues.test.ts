import { credits, userId } from "@jifen/core";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createQuoteTokens } from "../src/modules/billing/quotes/quote-tokens.ts";
import { draft, exampleCatalogue, letComeIntoForce, publish, putInForce } from "./priced-api.ts";
import { type ApiWithAdmin, admin, inMs, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const [video, chat] = exampleCatalogue.actions;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`versions of the catalogue on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const read = (language = "zh-CN") =>
      api.server.call("GET", "/catalogue", { headers: { "accept-language": language } });
    const create = (body: object) => api.post("/admin/catalogues", body, { as: "admin" });
    const withdraw = (version: number) =>
      api.post(`/admin/catalogues/${version}/withdraw`, { reason: "a mistake" }, { as: "admin" });
    const eventsOf = async (version: number) => {
      const { body } = await api.get(`/admin/audit?subject=catalogue:${version}`, "admin");
      return body.items.map(({ action, actor, reason }: Readonly<Record<string, unknown>>) => ({
        action,
        actor,
        reason,
      }));
    };

    test("without a version in force the catalogue is empty, and no action has a price", async () => {
      expect(await read()).toMatchObject({
        ...{ status: 200, body: { catalogueVersion: null, effectiveFrom: null, actions: [], packs: [] } },
      });
      expect(await api.post("/credits/quotes", { action: "chat" })).toMatchObject({
        ...{ status: 422, body: { code: "ACTION_NOT_PRICED" } },
      });
    });

    test("a draft is published a minute ahead, is in force from its time on, and each step is recorded", async () => {
      const version = await draft(api);
      const before = Date.now();
      const published = await publish(api, version);
      expect(published).toMatchObject({
        status: 200,
        body: { version, state: "published", publishedBy: "user:admin@example.com" },
      });
      const leadMs = Date.parse(published.body.effectiveFrom) - before;
      // The database's clock decides: on these databases it is that of this machine.
      expect(leadMs).toBeGreaterThanOrEqual(60_000);
      expect((await read()).body.catalogueVersion).not.toBe(version);
      await letComeIntoForce(api, version);
      const { body } = await read();
      expect(body).toMatchObject({ catalogueVersion: version });
      expect(body.actions.map(({ action }: { action: string }) => action)).toEqual([
        "text_to_video",
        "chat",
        "preview",
      ]);
      const found = await api.get(`/admin/catalogues/${version}`, "admin");
      expect(found.body).toMatchObject({ version, state: "published", inForce: true, document: exampleCatalogue });
      const actor = `user:${admin.email}`;
      expect(await eventsOf(version)).toEqual([
        { action: "catalogues.publish", actor, reason: "a test" },
        { action: "catalogues.create", actor, reason: null },
      ]);
      expect(await publish(api, version)).toMatchObject({
        ...{ status: 409, body: { code: "ALREADY_PUBLISHED", state: "published" } },
      });
    });

    test("the public catalogue is in the language of the request, can be cached, and hides what only a group gets", async () => {
      await putInForce(api);
      const zh = await read();
      expect(zh.headers.get("cache-control")).toBe("public, max-age=30");
      expect(zh.headers.get("vary")).toContain("Accept-Language");
      expect(zh.body.packs).toEqual([
        {
          ...{ id: "p100", title: "100 积分", credits: 100, bonusCredits: 10, validDays: null, bonusValidDays: 90 },
          prices: [{ currency: "CNY", minor: 990, text: "9.90" }],
          // No payment channel is set up.
          ways: [],
        },
      ]);
      expect(zh.body.multipliers).toEqual([]);
      expect((await read("en")).body.packs[0].title).toBe("100 credits");
      expect((await api.server.call("GET", "/catalogue?language=en")).body.packs[0].title).toBe("100 credits");
      const wrong = await api.server.call("GET", "/catalogue?language=fr");
      expect(wrong).toMatchObject({ status: 400, body: { issues: [{ path: "language" }] } });
      expect(wrong.headers.get("cache-control")).toBe("no-store");
    });

    test("the lead is kept: a time that is too soon is refused, with the earliest one", async () => {
      const version = await draft(api);
      for (const effectiveFrom of [inMs(-1_000), inMs(55_000)]) {
        const refused = await publish(api, version, { effectiveFrom });
        expect(refused).toMatchObject({ status: 422, body: { code: "TOO_SOON" } });
        expect(Date.parse(refused.body.earliest)).toBeGreaterThan(Date.now() + 50_000);
      }
      const effectiveFrom = inMs(90_000);
      const published = await publish(api, version, { effectiveFrom });
      expect(published).toMatchObject({ status: 200, body: { effectiveFrom } });
    });

    test("a version is withdrawn before it is in force, not within a minute of it, and never published again", async () => {
      const [later, soon, drafted] = [await draft(api), await draft(api), await draft(api)];
      await publish(api, later, { effectiveFrom: inMs(120_000) });
      await publish(api, soon);
      expect(await withdraw(later)).toMatchObject({ status: 200, body: { state: "withdrawn" } });
      expect(await withdraw(later)).toMatchObject({ status: 200, body: { state: "withdrawn" } });
      expect(await withdraw(drafted)).toMatchObject({ status: 200, body: { state: "withdrawn" } });
      expect(await withdraw(soon)).toMatchObject({ status: 409, body: { code: "ALREADY_IN_FORCE" } });
      expect(await publish(api, later)).toMatchObject({
        ...{ status: 409, body: { code: "ALREADY_PUBLISHED", state: "withdrawn" } },
      });
      expect((await eventsOf(later)).map(({ action }: { action: string }) => action)).toEqual([
        ...["catalogues.withdraw", "catalogues.publish", "catalogues.create"],
      ]);
      await letComeIntoForce(api, later);
      expect((await read()).body.catalogueVersion).not.toBe(later);
    });

    test("a diff names what was added, removed and changed", async () => {
      const before = await draft(api);
      const after = await draft(api, {
        actions: [
          { ...video, closed: [{ model: ["m1"] }], rows: [{ minimum: 9 }] },
          { ...chat, action: "image" },
        ],
      });
      const compared = await api.get(`/admin/catalogues/${after}/diff?against=${before}`, "admin");
      expect(compared).toMatchObject({
        status: 200,
        body: {
          ...{ version: after, against: before, multipliers: true },
          actions: { added: ["image"], removed: ["chat", "preview"], changed: ["text_to_video"] },
          packs: { added: [], removed: ["p100", "vip"], changed: [] },
        },
      });
      const inForce = await putInForce(api);
      const same = await api.get(`/admin/catalogues/${before}/diff`, "admin");
      expect(same.body).toMatchObject({ against: inForce, actions: { changed: [] }, multipliers: false });
    });

    test("versions are listed in pages, newest first", async () => {
      const made = [await draft(api), await draft(api)];
      const first = await api.get("/admin/catalogues?limit=1", "admin");
      expect(first.body.items.map(({ version }: { version: number }) => version)).toEqual([made[1]]);
      const next = await api.get(`/admin/catalogues?limit=1&cursor=${first.body.nextCursor}`, "admin");
      expect(next.body.items.map(({ version }: { version: number }) => version)).toEqual([made[0]]);
    });

    describe("bad input", () => {
      test.each([
        { document: { ...exampleCatalogue, prices: [] }, names: "prices", says: "an unknown field" },
        { document: { actions: [{ ...video, rows: video?.rows.slice(0, 1) }] }, names: "actions.0", says: "a gap" },
        { document: { actions: [video, video] }, names: "actions", says: "an action twice" },
        { document: { multipliers: [{ ppm: 0 }] }, names: "multipliers.0.ppm", says: "a multiplier of 0" },
        {
          document: { packs: [{ ...exampleCatalogue.packs[0], prices: [{ currency: "XTS", minor: 1 }] }] },
          ...{ names: "packs.0.prices.0.currency", says: "a currency that is not sold in" },
        },
      ])("a document with $says is refused, and no draft is made", async ({ document, names }) => {
        const [newest] = (await api.get("/admin/catalogues?limit=1", "admin")).body.items;
        const refused = await create({ document });
        expect(refused).toMatchObject({ status: 422, body: { code: "CATALOGUE_INVALID" } });
        expect(refused.body.issues.map(({ path }: { path: string }) => path)).toContain(names);
        expect((await api.get("/admin/catalogues?limit=1", "admin")).body.items).toEqual([newest]);
      });

      test.each([
        { body: {}, names: "document" },
        { body: { document: [] }, names: "document" },
        { body: { document: { note: "价".repeat(31_000) } }, names: "document" },
        { body: { document: {}, note: "" }, names: "note" },
        { body: { document: {}, state: "published" }, names: "state" },
      ])("a request with a wrong $names is refused", async ({ body, names }) => {
        const refused = await create(body);
        expect(refused).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
        expect(refused.body.issues[0].path).toBe(names);
      });

      test("a version that is none, or does not exist, is refused", async () => {
        for (const version of ["0", "1.5", "one", "99999999999"]) {
          const refused = await api.get(`/admin/catalogues/${version}`, "admin");
          expect(refused).toMatchObject({ status: 400, body: { issues: [{ path: "version" }] } });
        }
        const missing = { status: 404, body: { code: "CATALOGUE_NOT_FOUND" } };
        expect(await api.get("/admin/catalogues/999999", "admin")).toMatchObject(missing);
        expect(await api.get("/admin/catalogues/999999/diff", "admin")).toMatchObject(missing);
        expect(await publish(api, 999_999)).toMatchObject(missing);
        expect(await withdraw(999_999)).toMatchObject(missing);
      });
    });
  });
}

const JWT_SECRET = "a-secret-of-the-test-0123456789abcdef";

describeOn("sqlite")("PRICED_ACTIONS=enforce", () => {
  let api: ApiWithAdmin;
  let adminKey: string;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite", { PRICED_ACTIONS: "enforce", JWT_SECRET });
    const body = { name: "shop", scopes: ["credits:spend", "act-as", "admin"] };
    adminKey = (await api.server.call("POST", "/keys", { token: api.tokens.admin, body })).body.key;
  });
  afterAll(() => api.server.stop());

  test("an amount is refused for a priced action alone, and its retry is still answered", async () => {
    const priced = { action: "chat", amount: 2 };
    const first = await api.post("/credits/consume", priced, { key: "before" });
    expect(first.status).toBe(200);
    await putInForce(api);
    const refused = { status: 422, body: { code: "AMOUNT_NOT_ACCEPTED" } };
    expect(await api.post("/credits/consume", priced)).toMatchObject(refused);
    expect(await api.post("/credits/consume", priced, { key: "after" })).toMatchObject(refused);
    expect(await api.post("/credits/holds", priced)).toMatchObject(refused);
    const again = await api.post("/credits/consume", priced, { key: "before" });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await api.post("/credits/consume", { ...priced, amount: 3 }, { key: "before" })).toMatchObject({
      ...{ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } },
    });
    expect((await api.post("/credits/consume", { ...priced, action: "other" })).status).toBe(200);
    expect((await api.post("/credits/consume", { action: "chat", params: { input: 1, output: 1 } })).status).toBe(200);
  });

  test("a quote that has expired is refused, but the retry of a request that was made before is answered", async () => {
    const version = await putInForce(api);
    const tokens = await createQuoteTokens([JWT_SECRET]);
    const signed = (lastsMs: number) =>
      tokens.sign({
        ...{ userId: userId(user.email), action: "chat", credits: credits(4), expiresAtMs: Date.now() + lastsMs },
        pin: { v: version, p: { input: "1", output: "2" }, g: "default", f: "1" },
      });
    const request = { action: "chat", quote: await signed(60_000) };
    const first = await api.post("/credits/consume", request, { key: "in-time" });
    expect(first).toMatchObject({ status: 200, body: { amount: 4 } });
    // The same quote as it is after its end.
    const late = { action: "chat", quote: await signed(-1_000) };
    expect(await api.post("/credits/consume", late, { key: "too-late" })).toMatchObject({
      ...{ status: 410, body: { code: "QUOTE_EXPIRED", expiredAt: expect.any(String) } },
    });
    const again = await api.post("/credits/consume", late, { key: "in-time" });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  test("an admin, and a key with the scope admin, can still name the amount", async () => {
    await putInForce(api);
    expect((await api.post("/credits/consume", { action: "chat", amount: 2 }, { as: "admin" })).status).toBe(200);
    const call = { token: adminKey, headers: { "x-user-id": user.email }, body: { action: "chat", amount: 2 } };
    expect((await api.server.call("POST", "/credits/consume", call)).status).toBe(200);
  });

  test("the capture of a priced hold takes no amount, and that of any other hold does", async () => {
    await putInForce(api);
    const video = { action: "text_to_video", params: { model: "m1", seconds: 10 } };
    const priced = (await api.post("/credits/holds", video)).body;
    const named = (await api.post("/credits/holds", { action: "other", amount: 10 })).body;
    const capture = (holdId: string, body: object) => api.post(`/credits/holds/${holdId}/capture`, body);
    expect(await capture(priced.holdId, { amount: 1 })).toMatchObject({
      ...{ status: 422, body: { code: "AMOUNT_NOT_ACCEPTED" } },
    });
    expect(await capture(priced.holdId, { usage: { seconds: 6 } })).toMatchObject({ body: { captured: 6 } });
    expect(await capture(named.holdId, { amount: 1 })).toMatchObject({ body: { captured: 1 } });
  });
});
