import { apiSurfaceKinds, callRest, databaseKinds, describeOn, type RestCall } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { journalOf } from "./journal.ts";
import { METRICS_TOKEN, metricsOf } from "./metrics-of.ts";
import { type ApiWithAdmin, admin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { useTwoServers } from "./two-live-servers.ts";

const INITIAL = 60;
const scopes = ["act-as", "users:write", "credits:spend", "credits:read", "logs:write"];
const create = { "x-create-user": "true" };

for (const kind of databaseKinds) {
  describeOn(kind)(`users that a service key names on two servers on ${kind}`, () => {
    const servers = useTwoServers(kind, {
      here: { INITIAL_CREDITS: `${INITIAL}` },
      elsewhere: { INITIAL_CREDITS: `${INITIAL}` },
    });

    test("100 concurrent first requests create one user with one initial grant, and spend it exactly once", async () => {
      const { key: token } = await servers.newKey(scopes);
      const userId = "user_2abCdEfG";
      const { api } = servers.api.server;
      const answers = await Promise.all(
        Array.from({ length: 100 }, async (_, at) => {
          const headers = { ...create, "idempotency-key": `first-${at}` };
          const url = at % 2 === 0 ? api.url : servers.elsewhere.url;
          const body = { amount: 1, action: "first" };
          const call = { token, userId, headers, body };
          const answer = await callRest(url, "POST", "/credits/consume", call);
          // Every third one is sent again: a repetition answers as the first did, and takes nothing.
          if (at % 3 !== 0) return answer;
          const again = await callRest(url, "POST", "/credits/consume", call);
          const { status, body: first } = answer;
          expect(again).toMatchObject({ status, body: status === 200 ? first : { code: first.code } });
          return answer;
        }),
      );
      const spent = answers.filter(({ status }) => status === 200);
      expect(spent).toHaveLength(INITIAL);
      for (const { status, body } of answers) {
        if (status !== 200) expect({ status, code: body.code }).toEqual({ status: 402, code: "INSUFFICIENT_CREDITS" });
      }
      const journal = await journalOf(servers.api.server, userId);
      expect(journal.map(({ sequence }) => sequence)).toEqual(Array.from({ length: INITIAL + 1 }, (_, at) => at + 1));
      expect(journal[0]).toMatchObject({ kind: "grant", amount: INITIAL, key: "system:initial" });
      const consumed = journal.slice(1);
      expect(consumed.every((entry) => entry.kind === "consume" && entry.amount === 1)).toBe(true);
      expect(consumed.map(({ id }) => id).toSorted()).toEqual(spent.map(({ body }) => body.transactionId).toSorted());
      const events = await servers.api.get(`/admin/audit?subject=${encodeURIComponent(`user:${userId}`)}`, "admin");
      expect(events.body.items).toMatchObject([{ action: "users.create", actor: expect.stringMatching(/^key:/) }]);
    });

    test("ids that differ in case alone are different users", async () => {
      const { key: token } = await servers.newKey(scopes);
      const spend = (userId: string, amount: number) =>
        servers.there("POST", "/credits/consume", { token, userId, headers: create, body: { amount, action: "a" } });
      expect((await spend("user_aB", 10)).body).toMatchObject({ balance: INITIAL - 10 });
      expect((await spend("user_Ab", 1)).body).toMatchObject({ balance: INITIAL - 1 });
      const listed = await servers.there("GET", "/admin/users?prefix=user_aB", { token: servers.api.tokens.admin });
      expect(listed.body.items).toMatchObject([{ userId: "user_aB", email: "", name: "user_aB", role: "user" }]);
    });
  });
}

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`users that a service key names on ${kind}`, () => {
    let api: ApiWithAdmin;
    let token: string;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { ADMIN_EMAILS: `${admin.email},boss@example.com` });
      token = await newServiceKey(scopes);
    });
    afterAll(() => api?.server.stop());

    const newServiceKey = async (of: readonly string[]) => {
      const answer = await api.post("/keys", { name: "site", scopes: of }, { as: "admin" });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.key as string;
    };
    const balance = (userId: string, call: RestCall = {}) =>
      api.server.call("GET", "/credits/balance", { token, userId, headers: create, ...call });
    const stateOf = async (userId: string) =>
      (await api.get(`/admin/users/${encodeURIComponent(userId)}`, "admin")).status;

    test("an unknown id is USER_NOT_FOUND, and creates nothing, unless the request asks for it", async () => {
      const withheld: readonly Record<string, string>[] = [{}, { "x-create-user": "false" }];
      for (const headers of withheld) {
        expect(await balance("user_typo", { headers })).toMatchObject({
          status: 404,
          body: { code: "USER_NOT_FOUND" },
        });
      }
      expect(await stateOf("user_typo")).toBe(404);
    });

    test.each(["user_2abC", "42", "auth0|5f7c", "9b2e4c1a-5d5e-4b7e-9a53-0d9e1f2b3c4d", "_x-y.z", "a".repeat(128)])(
      "%s is created with the initial credits, and without a way to log in",
      async (userId) => {
        expect(await balance(userId)).toMatchObject({ status: 200, body: { balance: 100 } });
        const found = await api.get(`/admin/users/${encodeURIComponent(userId)}`, "admin");
        expect(found.body).toMatchObject({ userId, email: "", role: "user", hasPassword: false, signsInBy: "site" });
        const link = await api.post(
          `/admin/users/${encodeURIComponent(userId)}/password-link`,
          { reason: "test" },
          { as: "admin" },
        );
        expect(link).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: "userId" }] } });
      },
    );

    test("an e-mail address is created normalised, and signs in once it proves the address", async () => {
      expect(await balance("New@Example.com")).toMatchObject({ status: 200, body: { balance: 100 } });
      const found = await api.get("/admin/users/new@example.com", "admin");
      expect(found.body).toMatchObject({
        email: "new@example.com",
        name: "new",
        hasPassword: false,
        signsInBy: "link",
      });
    });

    test.each(["user:held", ".hidden", "a b", "用户", "a/b", "a".repeat(129), "me@", "a@b@example.com", "$where"])(
      "%s is refused as an id of a new user, and creates nothing",
      async (userId) => {
        const answer = await balance(/^[ -~]+$/.test(userId) ? userId : `UTF-8''${encodeURIComponent(userId)}`);
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({ code: "VALIDATION_FAILED", issues: [{ path: "X-User-Id" }] });
      },
    );

    test("a key without the scope to create users is refused, whether the user exists or not", async () => {
      const weak = await newServiceKey(scopes.filter((scope) => scope !== "users:write"));
      for (const userId of ["user_weak", "user@example.com"]) {
        expect(await balance(userId, { token: weak })).toMatchObject({
          status: 403,
          body: { code: "FORBIDDEN", scope: "users:write" },
        });
      }
      expect(await balance("user_weak", { token: weak, headers: {} })).toMatchObject({ status: 404 });
      expect(await stateOf("user_weak")).toBe(404);
    });

    test("X-Create-User has to be true or false", async () => {
      const answer = await balance("user_maybe", { headers: { "x-create-user": "maybe" } });
      expect(answer).toMatchObject({
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path: "X-Create-User" }] },
      });
    });

    test("a request that is refused creates no user", async () => {
      const call = { token, userId: "user_refused", headers: create };
      expect(await api.server.call("POST", "/credits/consume", { ...call, body: { amount: -1 } })).toMatchObject({
        status: 400,
      });
      expect(await api.server.call("GET", "/orders", call)).toMatchObject({ status: 403 });
      expect(await stateOf("user_refused")).toBe(404);
    });

    test("an address of ADMIN_EMAILS is not created, and a deleted user is not created again", async () => {
      expect(await balance("boss@example.com")).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect((await balance("user_deleted")).status).toBe(200);
      await api.post("/admin/users/user_deleted/delete", { reason: "test" }, { as: "admin" });
      expect(await balance("user_deleted")).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
    });

    test("all calls of a tRPC batch are of the one new user", async () => {
      const path = "/trpc/credits.balance,credits.balance,credits.balance?batch=1";
      const answer = await api.server.call("GET", path, { token, userId: "user_batch", headers: create });
      const balances = answer.body.map(({ result }: { result: { data: { json: { balance: number } } } }) => result);
      expect(balances).toMatchObject(Array(3).fill({ data: { json: { balance: 100 } } }));
    });

    test("a batch of logs creates the users that its logs name, each once", async () => {
      const log = { action: newKey(), details: {}, success: true, timestamp: inMs(0) };
      const logs = ["user_log1", "user_log2", "user_log1", "bad id"].map((userId) => ({ ...log, userId }));
      const without = await api.server.call("POST", "/logs/batch", { token, body: { logs } });
      expect(without.body).toMatchObject({ written: 0, refused: 4 });
      const answer = await api.server.call("POST", "/logs/batch", { token, headers: create, body: { logs } });
      expect(answer.body).toMatchObject({ written: 3, refused: 1 });
      expect(answer.body.results[3]).toMatchObject({ code: "VALIDATION_FAILED", issues: [{ path: "userId" }] });
      expect(await balance("user_log2", { headers: {} })).toMatchObject({ status: 200, body: { balance: 100 } });
    });

    describe("with CREATE_USERS=on and a limit of two users", () => {
      let strict: ApiWithAdmin;
      beforeAll(async () => {
        strict = await startApiWithAdmin(kind, { CREATE_USERS: "on", RATE_LIMIT_NEW_USERS: "2/1h", METRICS_TOKEN });
      });
      afterAll(() => strict?.server.stop());

      test("users are created unasked, the third is RATE_LIMITED, and the metrics count them", async () => {
        const made = await strict.post("/keys", { name: "site", scopes }, { as: "admin" });
        const call = (userId: string, headers = {}) =>
          strict.server.call("GET", "/credits/balance", { token: made.body.key, userId, headers });
        expect(await call("user_unasked", { "x-create-user": "false" })).toMatchObject({ status: 404 });
        expect(await call("user_1")).toMatchObject({ status: 200, body: { balance: 100 } });
        expect(await call("user_2")).toMatchObject({ status: 200 });
        expect(await call("user_3")).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
        expect(await call("user_1")).toMatchObject({ status: 200 });
        const text = await metricsOf(strict.server.api);
        expect(text).toContain("jifen_named_users_created_total 2");
        expect(text).toMatch(/jifen_refusals_total\{[^}]*code="RATE_LIMITED"[^}]*policy="new-users"[^}]*\} 1/);
      });

      const newStrictKey = async () =>
        (await strict.post("/keys", { name: "site", scopes }, { as: "admin" })).body.key as string;
      const createBy = (key: string, email: string) =>
        strict.server.call("POST", "/admin/users", { token: key, body: { email } });

      test("POST /admin/users of a service key uses up its limit, and is RATE_LIMITED above it without creating a user", async () => {
        const key = await newStrictKey();
        expect(await createBy(key, "made1@example.com")).toMatchObject({ status: 200 });
        expect(await createBy(key, "made1@example.com")).toMatchObject({ body: { code: "EMAIL_TAKEN" } });
        const named = { token: key, userId: "user_of_both" };
        expect(await strict.server.call("GET", "/credits/balance", named)).toMatchObject({ status: 200 });
        expect(await createBy(key, "made2@example.com")).toMatchObject({
          status: 429,
          body: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) },
        });
        expect((await strict.get("/admin/users/made2@example.com", "admin")).status).toBe(404);
        expect(await createBy(key, "made1@example.com")).toMatchObject({ body: { code: "EMAIL_TAKEN" } });
      });

      test("POST /admin/users of an admin is not limited", async () => {
        for (const at of [1, 2, 3, 4]) {
          const made = await strict.post("/admin/users", { email: `by-admin${at}@example.com` }, { as: "admin" });
          expect(made.status).toBe(200);
        }
      });

      test("requests and logs that name a deleted user are USER_NOT_FOUND, and do not use up the limit", async () => {
        const gone = "user_gone";
        const makes = await newStrictKey();
        const read = (token: string, userId: string) =>
          strict.server.call("GET", "/credits/balance", { token, userId });
        expect(await read(makes, gone)).toMatchObject({ status: 200 });
        await strict.post(`/admin/users/${gone}/delete`, { reason: "test" }, { as: "admin" });
        const key = await newStrictKey();
        for (let times = 0; times < 3; times++) {
          expect(await read(key, gone)).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
        }
        const log = { userId: gone, action: newKey(), details: {}, success: true, timestamp: inMs(0) };
        for (let times = 0; times < 3; times++) {
          const { body } = await strict.server.call("POST", "/logs/batch", { token: key, body: { logs: [log, log] } });
          expect(body.results).toMatchObject([{ code: "USER_NOT_FOUND" }, { code: "USER_NOT_FOUND" }]);
        }
        expect(await read(key, "user_after1")).toMatchObject({ status: 200 });
        expect(await read(key, "user_after2")).toMatchObject({ status: 200 });
        expect(await read(key, "user_after3")).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
      });
    });
  });
}
