import { callRest, databaseKinds, describeOn, freshDatabase, openFaultProxy, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { journalOf } from "./journal.ts";
import { type ApiWithAdmin, admin, grantsOf, inMs, startApiWithAdmin, wait } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const SECRET = "one-secret-for-every-replica-0123456789";

type Item = { grantId: string; remaining: number; expired: boolean };

for (const kind of databaseKinds) {
  describeOn(kind)(`expiring credits on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const consume = (amount: number) => api.post("/credits/consume", { amount, action: "video" });
    const remaining = async (ids: readonly string[]) => {
      const { items } = (await api.get("/credits/grants?limit=100")).body as { items: Item[] };
      return ids.map((id) => items.find(({ grantId }) => grantId === id)?.remaining);
    };

    test("the balance shows the next expiry and the amount that expires", async () => {
      await api.fund({ amount: 7, livesMs: 90_000 }, { amount: 5 });
      const both = inMs(60_000);
      for (const amount of [2, 3]) {
        await api.post(grantsOf(user.email), { amount, reason: "a", expiresAt: both }, { as: "admin" });
      }
      expect(await api.balance()).toEqual({
        balance: 17,
        held: 0,
        expiring: { amount: 5, expiresAt: both },
      });
      await consume(4);
      expect(await api.balance()).toMatchObject({ expiring: { amount: 1, expiresAt: both } });
      const hold = await api.post("/credits/holds", { amount: 1, action: "video" });
      expect(await api.balance()).toMatchObject({ held: 1, expiring: { amount: 7 } });
      await api.post(`/credits/holds/${hold.body.holdId}/release`, {});
      await api.fund({ amount: 5 });
      expect(await api.balance()).toEqual({ balance: 5, held: 0, expiring: null });
    });

    test.each([
      {
        says: "a lower priority is first, whatever the expiry",
        grants: [
          { amount: 5, priority: 20, livesMs: 60_000 },
          { amount: 5, priority: 10 },
        ],
        left: [4, 0],
      },
      {
        says: "with equal priority the earlier expiry is first",
        grants: [{ amount: 5 }, { amount: 5, livesMs: 90_000 }, { amount: 5, livesMs: 60_000 }],
        left: [5, 4, 0],
      },
      { says: "without an expiry the oldest is first", grants: [{ amount: 5 }, { amount: 5 }], left: [0, 4] },
      {
        says: "priority 0 is before the default 50 and 100",
        grants: [{ amount: 5, priority: 100 }, { amount: 3 }, { amount: 2, priority: 0 }],
        left: [4, 0, 0],
      },
    ])("grants are spent in order: $says", async ({ grants, left }) => {
      const ids = await api.fund(...grants);
      expect(await consume(6)).toMatchObject({ status: 200 });
      expect(await remaining(ids)).toEqual(left);
    });

    test("a charge lists its grants in the order in which they were spent", async () => {
      const ids = await api.fund({ amount: 5 }, { amount: 5, priority: 1, source: "plan" });
      const { transactionId } = (await consume(8)).body;
      expect((await api.get(`/credits/transactions/${transactionId}`)).body).toMatchObject({
        grants: [
          { grantId: ids[1], amount: 5, source: "plan", expiresAt: null },
          { grantId: ids[0], amount: 3, source: "admin", expiresAt: null },
        ],
      });
    });

    test("expired credits cannot be spent, and the journal has an entry for them", async () => {
      const [grantId] = await api.fund({ amount: 10, livesMs: 1_000 }, { amount: 5 });
      expect(await consume(4)).toMatchObject({ status: 200, body: { balance: 11 } });
      await wait(1_200);
      expect(await consume(6)).toMatchObject({
        status: 402,
        body: { code: "INSUFFICIENT_CREDITS", balance: 5, required: 6 },
      });
      expect(await api.balance()).toEqual({ balance: 5, held: 0, expiring: null });
      const { items } = (await api.get("/credits/transactions?limit=1")).body;
      expect(items).toMatchObject([{ kind: "expire", amount: 6, change: -6, action: "admin", balanceAfter: 5 }]);
      const transaction = await api.get(`/credits/transactions/${items[0].transactionId}`);
      expect(transaction).toMatchObject({ status: 200, body: { grants: [{ grantId, amount: 6 }], refundable: 0 } });
      const grants = (await api.get("/credits/grants?limit=2")).body;
      expect(grants.items[1]).toMatchObject({ grantId, amount: 10, remaining: 0, expired: true });
    });

    test("expired credits are missing from the first response after the expiry, whichever it is", async () => {
      for (const path of ["/credits/balance", "/credits/transactions?limit=1", "/credits/grants?limit=1"]) {
        await api.fund({ amount: 3, livesMs: 700 });
        await wait(900);
        const { body } = await api.get(path);
        const shown = body.items?.[0] ?? body;
        expect(shown.balance ?? shown.remaining ?? shown.balanceAfter).toBe(0);
      }
    });
  });

  describeOn(kind)(`expiring holds on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const place = async (ttlSeconds = 900): Promise<string> => {
      const answer = await api.post("/credits/holds", { amount: 10, action: "video", ttlSeconds });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.holdId;
    };
    const at = (holdId: string, verb = "") => `/credits/holds/${holdId}${verb && `/${verb}`}`;
    const resolving = [
      { verb: "capture", body: { amount: 3 } },
      { verb: "release", body: {} },
      { verb: "extend", body: { ttlSeconds: 60 } },
    ];

    test("an expired hold charges nothing and refuses capture, release and extend", async () => {
      await api.fund({ amount: 100 });
      const holdId = await place(1);
      expect(await api.balance()).toMatchObject({ balance: 90, held: 10 });
      await wait(1_200);
      expect((await api.get(at(holdId))).body).toMatchObject({
        state: "expired",
        captured: 0,
        released: 0,
        expired: 10,
      });
      for (const { verb, body } of resolving) {
        expect(await api.post(at(holdId, verb), body)).toMatchObject({
          status: 409,
          body: { code: "HOLD_ALREADY_RESOLVED", state: "expired" },
        });
      }
      expect(await api.balance()).toMatchObject({ balance: 100, held: 0 });
    });

    test.each(resolving)(
      "an expired hold charges nothing when $verb is the first request after the expiry",
      async ({ verb, body }) => {
        await api.fund({ amount: 100 });
        const holdId = await place(1);
        await wait(1_200);
        expect(await api.post(at(holdId, verb), body)).toMatchObject({
          status: 409,
          body: { code: "HOLD_ALREADY_RESOLVED", state: "expired" },
        });
        expect(await api.balance()).toMatchObject({ balance: 100, held: 0 });
      },
    );

    test("a hold that was extended in time can be captured after its first expiry", async () => {
      await api.fund({ amount: 100 });
      const holdId = await place(1);
      await api.post(at(holdId, "extend"), { ttlSeconds: 30 });
      await wait(1_200);
      expect(await api.post(at(holdId, "capture"), {})).toMatchObject({ status: 200, body: { captured: 10 } });
    });

    test.each([
      {
        verb: "capture",
        body: { amount: 4 },
        answer: { captured: 4, released: 6, expiredOnReturn: 6, balance: 0, held: 0 },
      },
      { verb: "release", body: {}, answer: { released: 10, expiredOnReturn: 10, balance: 0, held: 0 } },
    ])("$verb of a hold on expired credits reports expiredOnReturn, also when it is repeated", async (each) => {
      await api.fund({ amount: 10, livesMs: 1_000 });
      const holdId = await place();
      await wait(1_200);
      const first = await api.postTwice(at(holdId, each.verb), each.body);
      expect(first).toMatchObject({ status: 200, body: each.answer });
      // `postTwice` granted one credit; the expired credits that returned cannot be spent.
      expect(await api.balance()).toMatchObject({ balance: 1, held: 0 });
      const { body } = await api.get("/credits/transactions?kind=expire&limit=1");
      expect(body.items).toMatchObject([{ amount: each.answer.expiredOnReturn, change: -each.answer.expiredOnReturn }]);
    });
  });
}

// These tests mostly wait for the job, so they run concurrently.
for (const kind of databaseKinds) {
  describeOn(kind)(`two servers with one ${kind}`, { concurrent: true }, () => {
    test("two servers process the expirations of idle accounts exactly once", { timeout: timeLimit(120) }, async ({
      expect,
    }) => {
      const api = await startApiWithAdmin(kind, { JWT_SECRET: SECRET });
      const second = await startApi({
        databaseUrl: api.server.database.url,
        env: { JWT_SECRET: SECRET, ADMIN_EMAILS: admin.email },
      });
      const lives = { amount: 10, reason: "short", expiresAt: inMs(1_500), priority: 1 };
      await api.post(grantsOf(user.email), lives, { as: "admin" });
      const call = { token: api.tokens.other, body: { amount: 40, action: "video", ttlSeconds: 1 } };
      const { holdId } = (await callRest(second.url, "POST", "/credits/holds", call)).body;

      const kindsOf = async (email: string) =>
        (await journalOf(api.server, email)).map(({ kind: entryKind }) => entryKind);
      await expect.poll(() => kindsOf(user.email), { timeout: timeLimit(20), interval: 200 }).toContain("expire");
      await expect.poll(() => kindsOf(other.email), { timeout: timeLimit(20), interval: 200 }).toContain("release");
      // Long enough for the expirations job of the other server to run too.
      await wait(5_500);
      expect(await journalOf(api.server, user.email)).toMatchObject([
        { kind: "grant", amount: 100 },
        { kind: "grant", amount: 10 },
        { kind: "expire", amount: 10 },
      ]);
      expect(await journalOf(api.server, other.email)).toMatchObject([
        { kind: "grant", amount: 100 },
        { kind: "hold", amount: 40, subject: holdId },
        { kind: "release", amount: 40, subject: holdId },
      ]);
      expect((await api.get(`/credits/holds/${holdId}`, "other")).body).toMatchObject({
        state: "expired",
        expired: 40,
      });
      for (const replica of [api.server.api, second]) {
        expect(replica.logs().filter(({ level }) => level !== "info")).toEqual([]);
        expect(await replica.stop()).toBe(0);
      }
      await api.server.stop();
    });
  });
}

for (const kind of ["postgresql", "mysql"] as const) {
  describeOn(kind)(`the expirations job without a connection to ${kind}`, { concurrent: true }, () => {
    test("the expirations job logs one warning when the database is lost and one message when it is back", {
      timeout: timeLimit(120),
    }, async ({ expect }) => {
      const database = await freshDatabase(kind);
      await using proxy = await openFaultProxy(database.url);
      await using api = await startApi({ databaseUrl: proxy.url });
      const logged = () => api.logs().filter(({ job }) => job === "expirations");
      await proxy.refuseConnections();
      await expect.poll(logged, { timeout: timeLimit(15) }).toMatchObject([{ level: "warn" }]);
      await wait(6_000);
      expect(logged()).toHaveLength(1);
      await proxy.restore();
      await expect.poll(logged, { timeout: timeLimit(15) }).toMatchObject([{ level: "warn" }, { level: "info" }]);
      await api.stop();
      await database.drop();
    });
  });
}

describe("the expirations job", () => {
  test("the expirations job stops immediately while it waits for its next run", async () => {
    const api = await startApi();
    const startedAt = Date.now();
    expect(await api.stop()).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });
});
