import { apiSurfaceKinds, callRest, describeOn, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { type ApiWithAdmin, admin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const secret = "secret-of-both-servers-".repeat(2);
const password = "tr0ub4dor-and-3";
let userCount = 0;
const newEmail = () => `user-${++userCount}@example.com`;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`users on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { JWT_SECRET: secret });
    });
    afterAll(() => api.server.stop());

    const call = (...parameters: Parameters<ApiWithAdmin["server"]["call"]>) => api.server.call(...parameters);
    const asAdmin = (path: string, body: object = {}) => api.post(path, { reason: "a test", ...body }, { as: "admin" });
    const changeUser = (email: string, action: string, body: object = {}) =>
      asAdmin(`/admin/users/${email}/${action}`, body);
    const login = (email: string, password: string) => call("POST", "/auth/login", { body: { email, password } });
    const tokenOf = (link: string) => link.slice(link.indexOf("#password.") + "#password.".length);
    const reset = (link: string, newPassword = password) =>
      call("POST", "/auth/password-reset", { body: { token: tokenOf(link), newPassword } });
    const me = (token: string) => call("GET", "/auth/me", { token });
    /** Creates a user with a password. */
    const createUser = async () => {
      const email = newEmail();
      await createTestUsers(api.server.database.url, `${email}:${password}`, 100);
      return { email, token: await api.server.token({ email, password }) };
    };
    const eventsAbout = async (subject: string) => {
      const { body } = await api.get(`/admin/audit?limit=100&subject=${encodeURIComponent(subject)}`, "admin");
      return body.items as { action: string; actor: string; reason: string | null; requestId: string | null }[];
    };

    test("an admin creates a user with initial credits and a password link that works once", async () => {
      const email = newEmail();
      const created = await api.post("/admin/users", { email, name: "安娜", role: "support" }, { as: "admin" });
      expect(created).toMatchObject({ status: 200 });
      const { link } = created.body.passwordLink;
      expect(await reset(link)).toMatchObject({ status: 200 });
      const { token } = (await login(email, password)).body;
      expect((await me(token)).body).toEqual({ userId: email, email, name: "安娜", role: "support" });
      expect((await call("GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 });
      expect(await reset(link)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
      const again = await api.post("/admin/users", { email: email.toUpperCase() }, { as: "admin" });
      expect(again).toMatchObject({ status: 409, body: { code: "EMAIL_TAKEN" } });
      const actions = (await eventsAbout(`user:${email}`)).map(({ action, actor }) => `${action} ${actor}`);
      expect(actions).toEqual(["users.setPassword link", `users.create user:${admin.email}`]);
    });

    test("of 5 concurrent requests with one password link, one sets the password", {
      timeout: timeLimit(90),
    }, async () => {
      const { email } = await createUser();
      const { body } = await changeUser(email, "password-link");
      const passwords = Array.from({ length: 5 }, (_, n) => `a-separate-password-${n}`);
      const answers = await Promise.all(passwords.map((password) => reset(body.link, password)));
      const set = passwords.filter((_, n) => answers[n]?.status === 200);
      expect(set).toHaveLength(1);
      for (const { status } of answers) expect([200, 410, 503]).toContain(status);
      expect((await login(email, `${set[0]}`)).status).toBe(200);
    });

    test.each([
      { newPassword: "short-one", says: /10/ },
      { newPassword: "1234567890", says: /常见/ },
      { newPassword: "积".repeat(25), says: /72/ },
    ])("the new password $newPassword is refused, and the link stays valid", async ({ newPassword, says }) => {
      const { email } = await createUser();
      const { link } = (await changeUser(email, "password-link")).body;
      const refused = await reset(link, newPassword);
      expect(refused).toMatchObject({
        status: 400,
        body: { issues: [{ path: "newPassword", message: expect.stringMatching(says) }] },
      });
      expect((await reset(link)).status).toBe(200);
    });

    test.each(["", "x", "x.y", `${Buffer.from(user.email).toString("base64url")}.${"A".repeat(43)}`])(
      "the malformed or unknown link token %j sets no password",
      async (token) => {
        const answer = await call("POST", "/auth/password-reset", { body: { token, newPassword: password } });
        expect([400, 410]).toContain(answer.status);
        expect((await login(user.email, user.password)).status).toBe(200);
      },
    );

    test("a password change needs the current password and ends every session but the new one", async () => {
      const { email, token } = await createUser();
      const elsewhere = (await login(email, password)).body.token;
      const change = (currentPassword: string, newPassword: string) =>
        call("POST", "/auth/password", { token, body: { currentPassword, newPassword } });
      expect(await change("wrong", "another-password")).toMatchObject({
        status: 401,
        body: { code: "INVALID_CREDENTIALS" },
      });
      expect(await change(password, "short")).toMatchObject({
        status: 400,
        body: { issues: [{ path: "newPassword" }] },
      });
      expect((await me(token)).status).toBe(200);
      const changed = await change(password, "another-password");
      expect(changed).toMatchObject({ status: 200, body: { success: true } });
      expect([(await me(token)).status, (await me(elsewhere)).status, (await me(changed.body.token)).status]).toEqual([
        401, 401, 200,
      ]);
      expect([(await login(email, password)).status, (await login(email, "another-password")).status]).toEqual([
        401, 200,
      ]);
    });

    test("logout ends one or all sessions, immediately in this process and within five seconds in others", async () => {
      const { email, token } = await createUser();
      const [second, third] = [(await login(email, password)).body.token, (await login(email, password)).body.token];
      await using elsewhere = await startApi({ databaseUrl: api.server.database.url, env: { JWT_SECRET: secret } });
      const verify = async (of: string, at = api.server.api.url) =>
        (await callRest(at, "POST", "/auth/verify", { body: { token: of } })).body.valid;
      const verifyElsewhere = () => Promise.all([token, second, third].map((of) => verify(of, elsewhere.url)));
      expect(await verifyElsewhere()).toEqual([true, true, true]);
      expect((await call("POST", "/auth/logout", { token, body: {} })).body).toEqual({ success: true });
      expect([await verify(token), await verify(second), await verify(third)]).toEqual([false, true, true]);
      expect((await call("POST", "/auth/logout-everywhere", { token: second, body: {} })).status).toBe(200);
      expect([await verify(token), await verify(second), await verify(third)]).toEqual([false, false, false]);
      await expect.poll(verifyElsewhere, { timeout: timeLimit(5.5), interval: 100 }).toEqual([false, false, false]);
      expect(await verify((await login(email, password)).body.token)).toBe(true);
    });

    test("a suspended user cannot log in or use sessions, gets the response of a wrong password, and can be resumed", async () => {
      const { email, token } = await createUser();
      expect(await changeUser(email, "suspend", { reason: "spam" })).toMatchObject({
        status: 200,
        body: { suspendedAt: expect.any(String) },
      });
      expect((await me(token)).status).toBe(401);
      const [suspended, wrong] = [await login(email, password), await login(email, "wrong")];
      expect({ ...suspended.body, requestId: "" }).toEqual({ ...wrong.body, requestId: "" });
      expect(await changeUser(email, "resume")).toMatchObject({ status: 200, body: { suspendedAt: null } });
      expect((await login(email, password)).status).toBe(200);
      expect((await me(token)).status).toBe(401);
      expect((await eventsAbout(`user:${email}`)).slice(0, 2)).toMatchObject([
        { action: "users.resume", actor: `user:${admin.email}`, reason: "a test" },
        { action: "users.suspend", reason: "spam", requestId: expect.stringMatching(/^req-/) },
      ]);
    });

    test("deleting a user ends sessions and keeps the address and the ledger account", async () => {
      const { email, token } = await createUser();
      const spent = (await call("POST", "/credits/consume", { token, body: { amount: 2, action: "video" } })).body;
      expect(await changeUser(email, "delete")).toMatchObject({ status: 200, body: { userId: email } });
      for (const action of ["grants", "revocations"]) {
        const answer = await changeUser(email, action, { amount: 5 });
        expect(answer).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
      }
      expect([(await me(token)).status, (await login(email, password)).status]).toEqual([401, 401]);
      for (const action of ["delete", "suspend", "role", "password-link"]) {
        const body = action === "role" ? { role: "admin" } : {};
        expect(await changeUser(email, action, body)).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
      }
      expect(await api.post("/admin/users", { email }, { as: "admin" })).toMatchObject({
        body: { code: "EMAIL_TAKEN" },
      });
      expect((await api.get(`/admin/users/${email}`, "admin")).status).toBe(404);
      // A charge of a deleted user can still be refunded by its id.
      const refund = await api.post("/credits/refunds", { transactionId: spent.transactionId }, { as: "admin" });
      expect(refund).toMatchObject({ status: 200, body: { refunded: 2, balance: 100 } });
    });

    test("a new role takes effect immediately, and an admin cannot change their own role", async () => {
      const { email, token } = await createUser();
      const list = () => call("GET", "/admin/users", { token });
      expect((await list()).status).toBe(403);
      expect((await changeUser(email, "role", { role: "admin" })).body).toMatchObject({ role: "admin" });
      expect((await list()).status).toBe(200);
      const self = await call("POST", `/admin/users/${email}/role`, { token, body: { role: "user", reason: "tired" } });
      expect(self).toMatchObject({ status: 409, body: { code: "SELF_ACTION_FORBIDDEN" } });
      expect((await changeUser(email, "role", { role: "root" })).status).toBe(400);
      expect((await changeUser(email, "role", { role: "user" })).status).toBe(200);
      expect((await list()).status).toBe(403);
    });

    test("admins that demote each other concurrently always leave one admin", {
      timeout: timeLimit(90),
    }, async () => {
      // This server has no ADMIN_EMAILS.
      const isolated = await startApiWithAdmin(kind, { ADMIN_EMAILS: "" });
      const { url } = isolated.server.database;
      const names = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}@admins.example.com`);
      await createTestUsers(url, names.map((email) => `${email}:${password}`).join(","), 100);
      expect((await jifen(url, "admin", "create", ...names.slice(0, 1))).exitCode).toBe(0);
      const tokens = await Promise.all(names.map((email) => isolated.server.token({ email, password })));
      for (const email of names.slice(1)) {
        const parameters = { token: `${tokens[0]}`, body: { reason: "a test", role: "admin" } };
        expect(await isolated.server.call("POST", `/admin/users/${email}/role`, parameters)).toMatchObject({
          status: 200,
        });
      }
      const actions = ["suspend", "delete", "role"];
      const answers = await Promise.all(
        tokens.map((token, n) => {
          const target = names[(n + 1) % names.length];
          const body = { reason: "a test", ...(n % 3 === 2 && { role: "user" }) };
          return isolated.server.call("POST", `/admin/users/${target}/${actions[n % 3]}`, { token, body });
        }),
      );
      expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
      const statuses = await Promise.all(tokens.map((token) => isolated.server.call("GET", "/admin/users", { token })));
      const remaining = names.filter((_, n) => statuses[n]?.status === 200);
      expect(remaining.length).toBeGreaterThan(0);
      const [remainingAdmin = ""] = remaining;
      const token = tokens[names.indexOf(remainingAdmin)] ?? "";
      for (const email of names.filter((each) => each !== remainingAdmin)) {
        const body = { reason: "a test", role: "user" };
        expect([200, 404]).toContain(
          (await isolated.server.call("POST", `/admin/users/${email}/role`, { token, body })).status,
        );
      }
      await isolated.server.stop();
    });

    test("an admin cannot suspend, delete or resume themselves", async () => {
      for (const action of ["suspend", "delete", "resume"]) {
        expect(await changeUser(admin.email, action)).toMatchObject({
          status: 409,
          body: { code: "SELF_ACTION_FORBIDDEN" },
        });
      }
    });

    test("a service key cannot change staff or create staff", async () => {
      const scopes = ["users:write", "users:read", "admin", "act-as"];
      const { key } = (await api.post("/keys", { name: "user-admin", scopes }, { as: "admin" })).body;
      const { email } = await createUser();
      expect((await changeUser(email, "role", { role: "finance" })).status).toBe(200);
      for (const action of ["suspend", "delete", "password-link", "sessions/revoke", "role"]) {
        const body = { reason: "a test", ...(action === "role" && { role: "admin" }) };
        const answer = await call("POST", `/admin/users/${email}/${action}`, { token: key, body });
        expect(answer).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      }
      const staff = await call("POST", "/admin/users", { token: key, body: { email: newEmail(), role: "admin" } });
      expect(staff).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect((await call("POST", "/admin/users", { token: key, body: { email: newEmail() } })).status).toBe(200);
    });

    test("users are listed in pages and filtered by prefix and role", async () => {
      const prefix = `list-${Date.now()}`;
      const emails = ["a", "b", "c"].map((name) => `${prefix}-${name}@example.com`);
      for (const email of emails) await api.post("/admin/users", { email, role: "support" }, { as: "admin" });
      const first = (await api.get(`/admin/users?prefix=${prefix.toUpperCase()}&limit=2`, "admin")).body;
      expect(first.items.map((each: { userId: string }) => each.userId)).toEqual(emails.slice(0, 2));
      const rest = (await api.get(`/admin/users?prefix=${prefix}&limit=2&cursor=${first.nextCursor}`, "admin")).body;
      expect(rest).toMatchObject({ items: [{ userId: emails[2], role: "support" }], nextCursor: null });
      expect((await api.get(`/admin/users?prefix=${prefix}&role=admin`, "admin")).body.items).toEqual([]);
      expect(JSON.stringify(first)).not.toMatch(/hash|\$2b/);
    });

    test("a repeated admin grant is recorded once in the audit log", async () => {
      const key = newKey();
      const grant = () => api.post(grantsOf(other.email), { amount: 7, reason: "sorry" }, { as: "admin", key });
      const { transactionId } = (await grant()).body;
      await grant();
      const events = await eventsAbout(`user:${other.email}`);
      const matching = events.filter((event) => JSON.stringify(event).includes(transactionId));
      expect(matching).toMatchObject([
        {
          action: "credits.grant",
          actor: `user:${admin.email}`,
          reason: "sorry",
          details: { transactionId, amount: 7 },
        },
      ]);
    });
  });
}
