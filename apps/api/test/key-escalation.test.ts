import { operations, type Scope, scopes } from "@jifen/contract";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, grantsOf, revocationsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

/** An admin who does not own the keys. */
const secondAdmin = { email: "second-admin@example.com", password: "password000" };

type Attack = { readonly path: string; readonly body?: object; readonly method?: "GET" };

const reason = "an attack";
const userRequest = (email: string, action: string, more: object = {}): Attack => ({
  path: `/admin/users/${email}/${action}`,
  body: { reason, ...more },
});
/** Requests that would give a caller more permissions than a key without the scope `admin` has. */
const attacks = (strongKeyId: string, ownKeyId: string): readonly Attack[] => [
  ...[undefined, admin.email, secondAdmin.email, user.email].flatMap((userId): Attack[] => [
    { path: "/keys", body: { name: "child", scopes: ["admin"], ...(userId && { userId }) } },
    { path: "/keys", body: { name: "child", scopes: ["credits:read"], ...(userId && { userId }) } },
    { method: "GET", path: `/keys${userId ? `?userId=${userId}` : ""}` },
  ]),
  ...[strongKeyId, ownKeyId].flatMap((id): Attack[] => [
    { path: `/keys/${id}/rotate`, body: {} },
    { path: `/keys/${id}/change`, body: { name: "child" } },
    { path: `/keys/${id}/revoke`, body: { reason } },
  ]),
  ...[user.email, other.email, admin.email, secondAdmin.email].map((email) =>
    userRequest(email, "role", { role: "admin" }),
  ),
  ...["suspend", "delete", "password-link", "sessions/revoke", "resume"].flatMap((action) =>
    [admin.email, secondAdmin.email].map((email) => userRequest(email, action)),
  ),
  { path: "/admin/users", body: { email: "accomplice@example.com", role: "admin" } },
  { path: "/admin/users", body: { email: "accomplice@example.com", role: "finance" } },
  { method: "GET", path: "/admin/audit" },
  ...[user.email, admin.email].flatMap((email): Attack[] => [
    { path: grantsOf(email), body: { amount: 1_000, source: "bonus", reason } },
    { path: revocationsOf(email), body: { amount: 1, reason } },
  ]),
  { path: operations.auth.logoutEverywhere.rest.path, body: {} },
  {
    path: operations.auth.changePassword.rest.path,
    body: { currentPassword: admin.password, newPassword: "long-enough-1" },
  },
];

const unprivilegedScopes = scopes.filter((scope) => scope !== "admin" && scope !== "act-as");
const weakScopeSets: readonly (readonly Scope[])[] = [
  [...unprivilegedScopes, "act-as"],
  unprivilegedScopes,
  ...unprivilegedScopes.flatMap((scope): Scope[][] => [[scope], [scope, "act-as"]]),
  ["act-as"],
];

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`privilege escalation with service keys on ${kind}`, () => {
    let api: ApiWithAdmin;
    let secondAdminToken: string;
    beforeAll(async () => {
      const users = [user, other, admin, secondAdmin].map(({ email, password }) => `${email}:${password}`);
      api = await startApiWithAdmin(kind, {
        USER_KEYS: "on",
        USER_WHITELIST: users.join(","),
        ADMIN_EMAILS: `${admin.email},${secondAdmin.email}`,
      });
      secondAdminToken = await api.server.token(secondAdmin);
    });
    afterAll(() => api?.server.stop());

    const call: ApiWithAdmin["server"]["call"] = (...parameters) => api.server.call(...parameters);
    const make = async (requestedScopes: readonly Scope[]): Promise<{ keyId: string; key: string }> => {
      // A key that grants has a limit, which is below what the attacks ask for.
      const limit = requestedScopes.includes("credits:grant") && { grantLimitPerDay: 1 };
      const answer = await api.post("/keys", { name: "worker", scopes: requestedScopes, ...limit }, { as: "admin" });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };
    /** The state that an attack could change, without the times of last use. */
    const readState = async () => {
      const read = async (path: string) => (await call("GET", path, { token: secondAdminToken })).body;
      const keys = await Promise.all(
        [admin, secondAdmin, user].map(({ email }) => read(`/keys?limit=100&userId=${email}`)),
      );
      const balances = await Promise.all((["user", "other", "admin"] as const).map((who) => api.balance(who)));
      return JSON.parse(
        JSON.stringify(
          [await read("/admin/users"), await read("/admin/audit?limit=1"), keys, balances],
          (name, each) => (name === "lastUsedAt" ? undefined : each),
        ),
      );
    };

    // Permissions are checked before any query, so on the other databases one key with nearly every scope is enough.
    const scopeSets = kind === "sqlite" ? weakScopeSets : weakScopeSets.slice(0, 1);
    test.each(scopeSets.map((allowed) => ({ allowed })))(
      "a service key with $allowed gains no permission",
      async ({ allowed }) => {
        // The scope `admin` includes what `credits:grant` allows, so no key has both.
        const strong = await make(scopes.filter((scope) => scope !== "credits:grant"));
        const { key, keyId } = await make(allowed);
        const before = await readState();
        const failed: unknown[] = [];
        const names = allowed.includes("act-as")
          ? [undefined, admin.email, secondAdmin.email, user.email]
          : [undefined];
        for (const userId of names) {
          for (const { path, body, method = "POST" } of attacks(strong.keyId, keyId)) {
            const sent = { token: key, ...(userId && { userId }), ...(body && { body }) };
            const { status, body: responseBody } = await call(method, path, sent);
            if (![403, 404, 409].includes(status) && responseBody.code !== "GRANT_LIMIT_REACHED") {
              failed.push({ method, path, body, userId, status, responseBody });
            }
          }
        }
        expect(failed).toEqual([]);
        expect(await readState()).toEqual(before);
        for (const { keyId: id } of [strong, { keyId }]) await api.post(`/keys/${id}/revoke`, {}, { as: "admin" });
      },
    );
  });
}
