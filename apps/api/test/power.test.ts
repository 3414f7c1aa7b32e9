import { encode as encodeV5 } from "@auth/core/jwt";
import { callRest, describeOn, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { createTestUsers } from "./test-users.ts";

const password = "tr0ub4dor-and-3";
const future = "future-admin@example.com";
const secrets = {
  JWT_SECRET: "secret-of-both-servers-".repeat(2),
  AUTH_SECRET: "the-secret-of-the-site-0123456789abcdef",
};
const signInBySite = (email: string) =>
  encodeV5({ token: { sub: "1", email }, secret: secrets.AUTH_SECRET, salt: "authjs.session-token" });

let count = 0;
const newEmail = () => `person-${++count}@example.com`;

for (const kind of ["sqlite", "postgresql"] as const) {
  describeOn(kind)(`the power of authors of users and links on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      const settings = { ...secrets, AUTHJS_AUTO_CREATE: "on", RATE_LIMIT_LOGIN: "off" };
      api = await startApiWithAdmin(kind, { ...settings, ADMIN_EMAILS: `${admin.email},${future}` });
    });
    afterAll(() => api?.server.stop());

    const call = (...parameters: Parameters<ApiWithAdmin["server"]["call"]>) => api.server.call(...parameters);
    const post = (path: string, token: string, body: object = {}) =>
      call("POST", path, { token, body: { reason: "a test", ...body } });
    const asAdmin = (email: string, action: string, body: object = {}) =>
      post(`/admin/users/${email}/${action}`, api.tokens.admin, body);
    const ok = async (answer: Promise<Awaited<ReturnType<typeof call>>>) => {
      const { status, body } = await answer;
      expect({ status, body }).toMatchObject({ status: 200 });
      return body;
    };
    const tokenOf = (link: string) => link.slice(link.indexOf("#password.") + "#password.".length);
    const useLink = (link: string, newPassword = password) =>
      call("POST", "/auth/password-reset", { body: { token: tokenOf(link), newPassword } });
    const login = (email: string) => call("POST", "/auth/login", { body: { email, password } });
    const statusOfLogin = async (email: string) => (await login(email)).status;
    const keyOf = async (token = api.tokens.admin) => {
      const made = call("POST", "/keys", {
        token,
        body: { name: "shop", scopes: ["users:write", "users:read", "act-as"] },
      });
      return (await ok(made)) as { key: string; keyId: string };
    };
    /** Another admin by role, with a session. */
    const newAdmin = async () => {
      const email = newEmail();
      await createTestUsers(api.server.database.url, `${email}:${password}`, 0);
      await ok(asAdmin(email, "role", { role: "admin" }));
      return { email, token: (await ok(login(email))).token as string };
    };
    const createdBy = async (token: string, of: { email?: string; role?: string } = {}) => {
      const body = { email: newEmail(), ...of };
      const { passwordLink } = await ok(call("POST", "/admin/users", { token, body }));
      return { email: body.email, link: passwordLink.link as string };
    };

    test.each([future, future.toUpperCase(), future.replace("@", "＠"), ` ${future}`])(
      "a service key cannot create the user of the address %j of ADMIN_EMAILS",
      async (email) => {
        const { key } = await keyOf();
        for (const userId of [undefined, admin.email]) {
          const answer = await call("POST", "/admin/users", { token: key, body: { email }, ...(userId && { userId }) });
          expect(answer).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
        }
        expect((await api.get(`/admin/users/${future}`, "admin")).status).toBe(404);
      },
    );

    test("a site's session of an address of ADMIN_EMAILS creates a user who is no admin and whom no key can link", async () => {
      const token = await signInBySite(future);
      expect((await ok(call("GET", "/auth/me", { token }))).role).toBe("user");
      expect((await call("GET", "/admin/users", { token })).status).toBe(403);
      const { key } = await keyOf();
      const path = `/admin/users/${future}/password-link`;
      expect(await post(path, key)).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect(await post(path, token)).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect((await asAdmin(future, "password-link")).status).toBe(200);
    });

    describe("a service key makes a password link", () => {
      const linkBy = async (key: string, email: string) => post(`/admin/users/${email}/password-link`, key);
      const hasCredentials = { status: 403, body: { code: "USER_HAS_CREDENTIALS" } };

      test("for a user without a way to sign in, who can then log in", async () => {
        const { key } = await keyOf();
        const { email } = await createdBy(key);
        const { link } = await ok(linkBy(key, email));
        expect((await useLink(link)).status).toBe(200);
        expect(await statusOfLogin(email)).toBe(200);
        expect(await linkBy(key, email)).toMatchObject(hasCredentials);
        // An admin in person can.
        expect((await asAdmin(email, "password-link")).status).toBe(200);
      });

      test("not for a user who signed in through a site, before or after the user was created here", async () => {
        const { key } = await keyOf();
        const provisioned = newEmail();
        await ok(call("GET", "/auth/me", { token: await signInBySite(provisioned) }));
        expect(await linkBy(key, provisioned)).toMatchObject(hasCredentials);
        const { email, link } = await createdBy(key);
        const before = await ok(linkBy(key, email));
        await ok(call("GET", "/auth/me", { token: await signInBySite(email) }));
        expect(await linkBy(key, email)).toMatchObject(hasCredentials);
        for (const each of [link, before.link]) expect((await useLink(each)).status).toBe(410);
      });

      test("not for a user who owns a service key, nor for one whose password was taken away", async () => {
        const { key } = await keyOf();
        const { email } = await createdBy(api.tokens.admin);
        await ok(
          call("POST", "/keys", {
            token: api.tokens.admin,
            body: { name: "k", scopes: ["credits:read"], userId: email },
          }),
        );
        expect(await linkBy(key, email)).toMatchObject(hasCredentials);
        const whitelisted = newEmail();
        await createTestUsers(api.server.database.url, `${whitelisted}:${password}`, 0);
        expect(await linkBy(key, whitelisted)).toMatchObject(hasCredentials);
      });
    });

    describe("a link that a service key made opens nothing after", () => {
      const cases: {
        says: string;
        after: (made: { email: string; keyId: string; owner: string }) => Promise<unknown>;
      }[] = [
        { says: "the user became staff", after: ({ email }) => ok(asAdmin(email, "role", { role: "support" })) },
        {
          says: "the user became staff and a plain user again",
          after: async ({ email }) => {
            for (const role of ["finance", "user"]) await ok(asAdmin(email, "role", { role }));
          },
        },
        { says: "the key was revoked", after: ({ keyId }) => ok(post(`/keys/${keyId}/revoke`, api.tokens.admin)) },
        { says: "its owner was demoted", after: ({ owner }) => ok(asAdmin(owner, "role", { role: "finance" })) },
        { says: "its owner was suspended", after: ({ owner }) => ok(asAdmin(owner, "suspend")) },
        { says: "its owner was deleted", after: ({ owner }) => ok(asAdmin(owner, "delete")) },
      ];
      test.each(cases)("$says", async ({ after }) => {
        const { email: owner, token } = await newAdmin();
        const { key, keyId } = await keyOf(token);
        const { email, link } = await createdBy(key);
        await after({ email, keyId, owner });
        expect(await useLink(link)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
        expect(await statusOfLogin(email)).toBe(401);
      });

      test("the address was added to ADMIN_EMAILS; and a password set with it before makes no admin", async () => {
        const { key } = await keyOf();
        const [linked, used] = [await createdBy(key), await createdBy(key)];
        expect((await useLink(used.link)).status).toBe(200);
        const env = { ...secrets, ADMIN_EMAILS: [admin.email, linked.email, used.email].join(",") };
        await using later = await startApi({ databaseUrl: api.server.database.url, env });
        const body = { token: tokenOf(linked.link), newPassword: password };
        expect((await callRest(later.url, "POST", "/auth/password-reset", { body })).status).toBe(410);
        const { token } = (await login(used.email)).body;
        const me = async () => (await callRest(later.url, "GET", "/auth/me", { token })).body.role;
        expect(await me()).toBe("user");
        // An admin in person proves the user again.
        const { link } = await ok(asAdmin(used.email, "password-link"));
        expect((await useLink(link)).status).toBe(200);
        const again = (await login(used.email)).body.token;
        const role = async () => (await callRest(later.url, "GET", "/auth/me", { token: again })).body.role;
        await expect.poll(role, { timeout: timeLimit(6) }).toBe("admin");
      });
    });

    test("a user who becomes staff loses a password and sessions that the owner of a service key could open", async () => {
      const { key } = await keyOf();
      const { email, link } = await createdBy(key);
      expect((await useLink(link)).status).toBe(200);
      const { token } = (await login(email)).body;
      await ok(asAdmin(email, "role", { role: "admin" }));
      expect([(await call("GET", "/auth/me", { token })).status, await statusOfLogin(email)]).toEqual([401, 401]);
      const fresh = await ok(asAdmin(email, "password-link"));
      expect((await useLink(fresh.link)).status).toBe(200);
      expect((await ok(login(email))).success).toBe(true);
    });

    describe("a link of an admin opens nothing after", () => {
      const cases: { says: string; after: (issuer: { email: string; token: string }) => Promise<unknown> }[] = [
        { says: "the admin was demoted", after: ({ email }) => ok(asAdmin(email, "role", { role: "support" })) },
        { says: "the admin was deleted", after: ({ email }) => ok(asAdmin(email, "delete")) },
        {
          says: "the admin was suspended, and resumed",
          after: async ({ email }) => {
            for (const action of ["suspend", "resume"]) await ok(asAdmin(email, action));
          },
        },
        { says: "the admin logged out everywhere", after: ({ token }) => ok(post("/auth/logout-everywhere", token)) },
      ];
      test.each(cases)("$says", async ({ after }) => {
        const issuer = await newAdmin();
        const { email, link } = await createdBy(issuer.token, { role: "finance" });
        await after(issuer);
        expect(await useLink(link)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
        expect(await statusOfLogin(email)).toBe(401);
      });
    });

    describe("an open link of any issuer ends with", () => {
      const cases: { says: string; by: (user: { email: string; token: string }) => Promise<unknown> }[] = [
        {
          says: "a password change of the user",
          by: ({ token }) =>
            ok(
              call("POST", "/auth/password", {
                token,
                body: { currentPassword: password, newPassword: "another-password" },
              }),
            ),
        },
        {
          says: "a logout everywhere",
          by: ({ token }) => ok(call("POST", "/auth/logout-everywhere", { token, body: {} })),
        },
        { says: "sessions that an admin revoked", by: ({ email }) => ok(asAdmin(email, "sessions/revoke")) },
        { says: "a new role", by: ({ email }) => ok(asAdmin(email, "role", { role: "support" })) },
        { says: "a suspension", by: ({ email }) => ok(asAdmin(email, "suspend")) },
      ];
      test.each(cases)("$says", async ({ by }) => {
        const email = newEmail();
        await createTestUsers(api.server.database.url, `${email}:${password}`, 0);
        const { token } = (await login(email)).body;
        const { link } = await ok(asAdmin(email, "password-link"));
        await by({ email, token });
        expect(await useLink(link, "a-third-password")).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
      });
    });

    test("a link of the command line sets the password of an admin, and the event names its issuer", async () => {
      const email = newEmail();
      const made = await jifen(api.server.database.url, "user", "create", email, "--role", "admin", "--json");
      const { passwordLink } = JSON.parse(made.stdout);
      expect((await useLink(passwordLink.link)).status).toBe(200);
      expect(await statusOfLogin(email)).toBe(200);
      const events = (await api.get(`/admin/audit?action=users.setPassword&subject=user:${email}`, "admin")).body.items;
      expect(events).toMatchObject([{ actor: "link", details: { issuer: "operator" } }]);
    });
  });
}
