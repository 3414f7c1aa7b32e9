import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifenWith } from "./jifen-command.ts";
import {
  type ApiWithAdmin,
  admin,
  grantsOf,
  newKey,
  revocationsOf,
  startApiWithAdmin,
  wait,
} from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the authors of transactions on ${kind}`, () => {
    let api: ApiWithAdmin;
    const shop = { keyId: "", key: "" };
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      const scopes = ["credits:spend", "credits:read", "credits:refund", "act-as"];
      Object.assign(shop, (await api.post("/keys", { name: "shop", scopes }, { as: "admin" })).body);
      await api.fund({ amount: 10_000 });
    });
    afterAll(() => api?.server.stop());

    let requests = 0;
    const newRequestId = () => {
      requests += 1;
      return `request-${kind}-${requests}`;
    };
    type Sent = {
      readonly token: string;
      readonly userId?: string;
      readonly requestId?: string;
      readonly key?: string;
    };
    const send = async (path: string, body: object, { token, userId, requestId = newRequestId(), key }: Sent) => {
      const headers = { "x-request-id": requestId, ...(key !== undefined && { "idempotency-key": key }) };
      const answer = await api.server.call("POST", path, { token, body, headers, ...(userId && { userId }) });
      expect(answer).toMatchObject({ status: 200 });
      return { ...answer.body, requestId };
    };
    const inPerson = () => ({ token: api.tokens.user });
    const asShop = () => ({ token: shop.key, userId: user.email });
    const byAdmin = () => ({ token: api.tokens.admin });
    /** The newest transactions of the user, as the user in person reads them. */
    const newest = async (limit: number) => (await api.get(`/credits/transactions?limit=${limit}`)).body.items;
    const newestForShop = async () =>
      (await api.server.call("GET", "/credits/transactions?limit=1", asShop())).body.items[0];

    describe.each([
      { says: "in person", as: inPerson, actor: () => `user:${user.email}` },
      { says: "by a service key", as: asShop, actor: () => `key:${shop.keyId}` },
    ])("a command $says", ({ as, actor }) => {
      test("consume, hold, extend, capture and release name the actor and the request", async () => {
        const consumed = await send("/credits/consume", { amount: 1, action: "video" }, as());
        expect((await newest(1))[0]).toMatchObject({ kind: "consume", actor: actor(), requestId: consumed.requestId });
        for (const { verb, body } of [
          { verb: "capture", body: { amount: 1 } },
          { verb: "release", body: {} },
        ]) {
          const placed = await send("/credits/holds", { amount: 3, action: "video" }, as());
          const at = `/credits/holds/${placed.holdId}`;
          const extended = await send(`${at}/extend`, { ttlSeconds: 3_600 }, as());
          const { requestId } = await send(`${at}/${verb}`, body, as());
          const expected = [
            { kind: verb, requestId },
            ...(verb === "capture" ? [{ kind: "release", requestId }] : []),
            { kind: "extend", requestId: extended.requestId },
            { kind: "hold", requestId: placed.requestId },
          ];
          const items = await newest(expected.length);
          expect(items).toMatchObject(expected.map((each) => ({ ...each, actor: actor() })));
          const found = await api.get(`/credits/transactions/${items[0].transactionId}`);
          expect(found.body).toMatchObject({ actor: actor(), requestId });
        }
      });

      test("a retry in another request keeps the author of the first", async () => {
        const key = newKey();
        const first = await send("/credits/consume", { amount: 1, action: "video" }, { ...as(), key });
        await send("/credits/consume", { amount: 1, action: "video" }, { ...as(), key });
        expect((await newest(1))[0]).toMatchObject({ actor: actor(), requestId: first.requestId });
      });
    });

    test("what staff does in person is shown to the user as staff, and to a service that acts for the user by name", async () => {
      const { transactionId } = (await api.post("/credits/consume", { amount: 5, action: "video" })).body;
      for (const [path, body] of [
        [grantsOf(user.email), { amount: 1, reason: "a gift" }],
        [revocationsOf(user.email), { amount: 1, reason: "a mistake" }],
        ["/credits/refunds", { transactionId, amount: 1 }],
      ] as const) {
        const { requestId } = await send(path, body, byAdmin());
        expect((await newest(1))[0]).toMatchObject({ actor: "staff", requestId });
        expect(await newestForShop()).toMatchObject({ actor: `user:${admin.email}`, requestId });
      }
      expect(JSON.stringify(await newest(100))).not.toContain(admin.email);
    });

    test("a refund by a service key names the key", async () => {
      const { transactionId } = (await api.post("/credits/consume", { amount: 5, action: "video" })).body;
      const { requestId } = await send("/credits/refunds", { transactionId }, asShop());
      expect((await newest(1))[0]).toMatchObject({ kind: "refund", actor: `key:${shop.keyId}`, requestId });
    });

    test("expirations of holds and grants name the system and no request", async () => {
      await api.fund({ amount: 20, livesMs: 1_500 }, { amount: 100 });
      await api.post("/credits/holds", { amount: 5, action: "video", ttlSeconds: 1 });
      await wait(1_700);
      await api.balance();
      const items = await newest(2);
      expect(items.map((each: { kind: string }) => each.kind).toSorted()).toEqual(["expire", "release"]);
      for (const item of items) expect(item).toMatchObject({ actor: "system", requestId: null });
    });

    test("initial grants name what created the user: the system, or staff", async () => {
      const initial = async (token: string) =>
        (await api.server.call("GET", "/credits/transactions?kind=grant", { token })).body.items.at(-1);
      expect(await initial(api.tokens.other)).toMatchObject({ action: "initial", actor: "system", requestId: null });
      const email = `new-${kind}@example.com`;
      const { requestId } = await send("/admin/users", { email }, byAdmin());
      const { items } = (await api.server.call("GET", "/credits/transactions", { token: shop.key, userId: email }))
        .body;
      expect(items).toMatchObject([{ action: "initial", actor: `user:${admin.email}`, requestId }]);
    });

    test("a grant on the command line names the operator", async () => {
      const granted = await jifenWith(
        { DATABASE_URL: api.server.database.url },
        ...["grant", other.email, "3", "--reason", "a gift"],
      );
      expect(granted.exitCode).toBe(0);
      const [item] = (await api.get("/credits/transactions?limit=1", "other")).body.items;
      expect(item).toMatchObject({ kind: "grant", actor: "operator", requestId: null });
    });
  });
}
