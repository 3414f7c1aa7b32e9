import { apiSurfaceKinds, describeOn, type RestCall, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type KeyRequest = { scopes: readonly string[]; userId?: string; expiresAt?: string; name?: string };

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`service keys on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { USER_KEYS: "on" });
    });
    afterAll(() => api.server.stop());

    const requestKey = (request: KeyRequest, as: "user" | "admin" = "admin") =>
      api.post("/keys", { name: "worker", ...request }, { as });
    const createKey = async (request: KeyRequest, as: "user" | "admin" = "admin") => {
      const { status, body } = await requestKey(request, as);
      expect({ status, body }).toMatchObject({ status: 200 });
      return body as { keyId: string; key: string };
    };
    const call = (method: string, path: string, sent: RestCall) => api.server.call(method, path, sent);
    const spend = (token: string, sent: RestCall = {}) =>
      call("POST", "/credits/consume", { token, body: { amount: 1, action: "video" }, ...sent });

    test("a service key is shown once and acts for its owner only", async () => {
      const answer = await requestKey({ scopes: ["credits:spend"] }, "user");
      expect(answer.body).toEqual({
        keyId: expect.stringMatching(/^[0-9A-Za-z]{12}$/),
        key: expect.stringMatching(/^jf_live_[0-9A-Za-z]{50}$/),
        name: "worker",
        scopes: ["credits:spend"],
        ownerId: user.email,
        createdAt: expect.any(String),
        expiresAt: null,
        grantLimitPerDay: null,
      });
      const { key, keyId } = answer.body;
      const before = (await api.balance()).balance;
      for (const userId of [undefined, user.email, user.email.toUpperCase()]) {
        expect(await spend(key, userId === undefined ? {} : { userId })).toMatchObject({ status: 200 });
      }
      expect((await api.balance()).balance).toBe(before - 3);
      expect(await spend(key, { userId: other.email })).toMatchObject({ status: 403, body: { code: "USER_MISMATCH" } });
      const listed = await api.get("/keys?limit=100");
      expect(listed.body.items.find((each: { keyId: string }) => each.keyId === keyId)).toMatchObject({
        prefix: `jf_live_${keyId}`,
        createdBy: `user:${user.email}`,
        revokedAt: null,
      });
      expect(JSON.stringify(listed.body)).not.toContain(key.slice(20));
    });

    test.each([
      { scope: "credits:read", opens: ["GET", "/credits/balance"], closed: ["POST", "/credits/consume"] },
      { scope: "credits:spend", opens: ["POST", "/credits/consume"], closed: ["GET", "/credits/transactions"] },
      { scope: "logs:write", opens: ["POST", "/logs/create"], closed: ["GET", "/credits/grants"] },
      { scope: "credits:refund", opens: ["POST", "/credits/refunds"], closed: ["POST", "/credits/holds"] },
      { scope: "admin", opens: ["GET", "/keys"], closed: ["POST", "/credits/refunds"] },
    ])("a key with the scope $scope can call the operations of this scope only", async ({ scope, opens, closed }) => {
      const { key } = await createKey({ scopes: [scope] });
      const send = ([method = "", path = ""]: readonly string[]) =>
        call(method, path, { token: key, ...(method === "POST" ? { body: {} } : {}) });
      expect([200, 400]).toContain((await send(opens)).status);
      const { status, body } = await send(closed);
      expect({ status, body }).toMatchObject({ status: 403, body: { code: "FORBIDDEN", missing: "scope" } });
      expect(body.message).toBe(`服务密钥缺少权限 ${body.scope}`);
    });

    test("a key with act-as acts for the user in X-User-Id, and an unknown user is refused", async () => {
      const { key } = await createKey({ scopes: ["credits:spend", "credits:read", "act-as"] });
      const before = (await api.balance("other")).balance;
      expect(await spend(key, { userId: other.email })).toMatchObject({ status: 200, body: { balance: before - 1 } });
      expect((await api.balance("other")).balance).toBe(before - 1);
      for (const userId of ["unknown@example.com", "", "@", "user@example.com,other@example.com"]) {
        expect(await spend(key, { userId })).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
      }
    });

    test("a hold can only be resolved with the kind of credential that created it", async () => {
      const { key } = await createKey({ scopes: ["credits:spend", "act-as"] });
      const asService = { token: key, userId: user.email };
      const body = { amount: 2, action: "video" };
      const byService = (await call("POST", "/credits/holds", { ...asService, body })).body.holdId;
      const byUser = (await api.post("/credits/holds", body)).body.holdId;
      const capture = (id: string) => `/credits/holds/${id}/capture`;
      expect(await api.post(capture(byService), {})).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect(await call("POST", capture(byUser), { ...asService, body: {} })).toMatchObject({ status: 403 });
      expect(await call("POST", capture(byService), { ...asService, body: {} })).toMatchObject({ status: 200 });
      expect(await api.post(capture(byUser), {})).toMatchObject({ status: 200 });
    });

    test("idempotency keys of a service key and of its user do not collide", async () => {
      const { key } = await createKey({ scopes: ["credits:spend", "logs:write", "act-as"] });
      const headers = { "idempotency-key": newKey() };
      const log = { userId: user.email, action: "video", details: {}, success: true, timestamp: inMs(0) };
      for (const [path, body] of [
        ["/credits/consume", { amount: 1, action: "video" }],
        ["/logs/create", log],
      ] as const) {
        const byUser = await call("POST", path, { token: api.tokens.user, headers, body });
        const byService = await call("POST", path, {
          token: key,
          userId: user.email,
          headers,
          body: { ...body, action: "image" },
        });
        expect([byUser.status, byService.status]).toEqual([200, 200]);
        expect(byService.body).not.toEqual(byUser.body);
        const again = await call("POST", path, {
          token: key,
          userId: user.email,
          headers,
          body: { ...body, action: "image" },
        });
        expect(again.body).toEqual(byService.body);
        expect(again.headers.get("idempotency-replayed")).toBe("true");
      }
    });

    test("a key with credits:refund refunds charges of the user in X-User-Id, or of any user without it", async () => {
      const { key } = await createKey({ scopes: ["credits:refund", "act-as"] });
      const { transactionId } = (await api.post("/credits/consume", { amount: 5, action: "video" })).body;
      const refund = (sent: RestCall) =>
        call("POST", "/credits/refunds", { token: key, body: { transactionId, amount: 1 }, ...sent });
      expect(await refund({ userId: other.email })).toMatchObject({
        status: 404,
        body: { code: "TRANSACTION_NOT_FOUND" },
      });
      expect(await refund({ userId: user.email })).toMatchObject({ status: 200, body: { refunded: 1 } });
      expect(await refund({})).toMatchObject({ status: 200, body: { refunded: 1 } });
    });

    test.each([
      { as: "user", scopes: ["credits:read", "credits:refund"], exceeding: ["credits:refund"] },
      { as: "user", scopes: ["admin", "act-as", "users:write"], exceeding: ["admin", "act-as", "users:write"] },
    ] as const)("the $as cannot create a key with $exceeding", async ({ as, scopes, exceeding }) => {
      expect(await requestKey({ scopes }, as)).toMatchObject({
        status: 403,
        body: { code: "SCOPE_NOT_GRANTABLE", scopes: exceeding },
      });
    });

    test("a key never exceeds its owner, and only an admin creates keys for other users", async () => {
      expect(await requestKey({ scopes: ["act-as"], userId: other.email })).toMatchObject({
        status: 403,
        body: { code: "SCOPE_NOT_GRANTABLE" },
      });
      expect(await requestKey({ scopes: ["credits:read"], userId: other.email }, "user")).toMatchObject({
        status: 403,
        body: { code: "FORBIDDEN" },
      });
      expect(await requestKey({ scopes: ["credits:read"], userId: "unknown@example.com" })).toMatchObject({
        status: 404,
      });
      const { key } = await createKey({ scopes: ["credits:read"], userId: other.email });
      expect((await call("GET", "/credits/balance", { token: key })).status).toBe(200);
    });

    test("a key never creates, rotates or revokes a key with more permissions", async () => {
      const weak = await createKey({ scopes: ["admin", "credits:read"], expiresAt: inMs(3_600_000) });
      const strong = await createKey({ scopes: ["admin", "credits:spend"] });
      const eternal = await createKey({ scopes: ["credits:read"] });
      const post = (path: string, body: object) => call("POST", path, { token: weak.key, body });
      const make = (request: KeyRequest) => post("/keys", { name: "child", ...request });
      expect(await make({ scopes: ["credits:spend"], expiresAt: inMs(1_000_000) })).toMatchObject({
        body: { code: "SCOPE_NOT_GRANTABLE", scopes: ["credits:spend"] },
      });
      for (const expiresAt of [undefined, inMs(7_200_000)]) {
        const request = { scopes: ["credits:read"], ...(expiresAt === undefined ? {} : { expiresAt }) };
        expect(await make(request)).toMatchObject({ status: 400, body: { issues: [{ path: "expiresAt" }] } });
      }
      const asOther = { scopes: ["credits:read"], userId: user.email, expiresAt: inMs(1_000_000) };
      expect(await make(asOther)).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      for (const { keyId } of [strong, eternal]) {
        for (const verb of ["rotate", "revoke"]) {
          expect(await post(`/keys/${keyId}/${verb}`, {})).toMatchObject({
            status: 404,
            body: { code: "KEY_NOT_FOUND" },
          });
        }
      }
      const child = await make({ scopes: ["credits:read"], expiresAt: inMs(1_000_000) });
      expect(child.status).toBe(200);
      expect(await post(`/keys/${child.body.keyId}/revoke`, {})).toMatchObject({ status: 200 });
    });

    test("a user cannot rotate, revoke or list the keys of another user", async () => {
      const { keyId } = await createKey({ scopes: ["credits:read"] });
      for (const verb of ["rotate", "revoke"]) {
        expect(await api.post(`/keys/${keyId}/${verb}`, {})).toMatchObject({
          status: 404,
          body: { code: "KEY_NOT_FOUND" },
        });
      }
      expect(await api.get(`/keys?userId=${admin.email}`)).toMatchObject({ status: 403 });
    });

    test("after a rotation the old secret works during the overlap, and then only the new one", async () => {
      const first = await createKey({ scopes: ["credits:spend"] }, "user");
      const rotate = async (overlapSeconds: number) =>
        (await api.post(`/keys/${first.keyId}/rotate`, { overlapSeconds })).body as {
          key: string;
          previousUntil: string;
        };
      const second = await rotate(60);
      expect([(await spend(first.key)).status, (await spend(second.key)).status]).toEqual([200, 200]);
      const third = await rotate(0);
      expect([(await spend(first.key)).status, (await spend(second.key)).status]).toEqual([401, 401]);
      expect((await spend(third.key)).status).toBe(200);
      const many = await Promise.all(Array.from({ length: 10 }, () => rotate(60)));
      const works = await Promise.all(many.map(async ({ key }) => (await spend(key)).status === 200));
      expect(works.filter(Boolean)).toHaveLength(2);
    });

    test("an expired or revoked key is refused, immediately in this process and within five seconds in others", async () => {
      await using elsewhere = await startApi({
        databaseUrl: api.server.database.url,
        env: { ADMIN_EMAILS: admin.email },
      });
      // Long enough to be used once on a slow database.
      const short = await createKey({ scopes: ["credits:spend"], expiresAt: inMs(4_000) }, "user");
      const { key, keyId } = await createKey({ scopes: ["credits:spend"] }, "user");
      const spendElsewhere = async () => {
        const sent = {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        };
        return (await fetch(`${elsewhere.url}/credits/consume`, { ...sent, body: '{"amount":1,"action":"video"}' }))
          .status;
      };
      expect([(await spend(short.key)).status, (await spend(key)).status, await spendElsewhere()]).toEqual([
        200, 200, 200,
      ]);
      const reason = "left the company";
      expect(await api.post(`/keys/${keyId}/revoke`, { reason })).toMatchObject({ status: 200, body: { keyId } });
      expect(await spend(key)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
      expect(await api.post(`/keys/${keyId}/revoke`, {})).toMatchObject({
        status: 409,
        body: { code: "KEY_REVOKED" },
      });
      expect(await api.post(`/keys/${keyId}/rotate`, {})).toMatchObject({
        status: 409,
        body: { code: "KEY_REVOKED" },
      });
      await expect.poll(spendElsewhere, { timeout: timeLimit(5.5), interval: 100 }).toBe(401);
      await expect
        .poll(async () => (await spend(short.key)).status, { timeout: timeLimit(5.5), interval: 100 })
        .toBe(401);
    });

    test.each([
      { says: "no scope", scopes: [] },
      { says: "a repeated scope", scopes: ["credits:read", "credits:read"] },
      { says: "an unknown scope", scopes: ["credits:steal"] },
    ])("a key with $says is refused", async ({ scopes }) => {
      expect(await requestKey({ scopes })).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
    });

    test("60 concurrent requests create at most 50 keys of one owner", async () => {
      const server = await startApiWithAdmin(kind, { USER_KEYS: "on" });
      const request = { name: "one of many", scopes: ["credits:read"] };
      // On a slow MongoDB a request can lose every write conflict: then it had no effect and is repeated.
      const make = async () => {
        let answer = await server.post("/keys", request);
        while (answer.status === 503) answer = await server.post("/keys", request);
        return answer;
      };
      const answers = await Promise.all(Array.from({ length: 60 }, make));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(50).fill(200), ...Array(10).fill(409)]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        code: "KEY_LIMIT_REACHED",
        limit: 50,
      });
      await server.server.stop();
    });

    test("a mistyped key, a key in an address and a key in another scheme are refused", async () => {
      const { key } = await createKey({ scopes: ["credits:read"] });
      const balance = (authorization: string, query = "") =>
        call("GET", `/credits/balance${query}`, authorization === "" ? {} : { headers: { authorization } });
      expect((await balance(`Bearer ${key}`)).status).toBe(200);
      const typo = `${key.slice(0, 30)}${key[30] === "a" ? "b" : "a"}${key.slice(31)}`;
      for (const sent of [
        `Bearer ${typo}`,
        `Basic ${key}`,
        key,
        `Bearer ${key}, Bearer ${key}`,
        `Bearer ${key.replace("live", "test")}`,
      ]) {
        expect(await balance(sent)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
      }
      expect((await balance("", `?access_token=${key}`)).status).toBe(401);
      expect(JSON.stringify(api.server.api.logs())).not.toContain(key.slice(20));
    });
  });
}
