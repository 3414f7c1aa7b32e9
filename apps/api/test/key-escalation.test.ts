import { operations, type Scope, scopes } from "@jifen/contract";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, grantsOf, revocationsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

/** Another admin than the one who owns the keys. */
const chief = { email: "chief@example.com", password: "password000" };

type Deed = { readonly path: string; readonly body?: object; readonly method?: "GET" };

const reason = "an attack";
const aboutUser = (email: string, deed: string, more: object = {}): Deed => ({
  path: `/admin/users/${email}/${deed}`,
  body: { reason, ...more },
});
/** Whatever would make somebody stronger than a key without the scope `admin` is. */
const attacks = (strongKeyId: string, ownKeyId: string): readonly Deed[] => [
  ...[undefined, admin.email, chief.email, user.email].flatMap((userId): Deed[] => [
    { path: "/keys", body: { name: "child", scopes: ["admin"], ...(userId && { userId }) } },
    { path: "/keys", body: { name: "child", scopes: ["credits:read"], ...(userId && { userId }) } },
    { method: "GET", path: `/keys${userId ? `?userId=${userId}` : ""}` },
  ]),
  ...[strongKeyId, ownKeyId].flatMap((id): Deed[] => [
    { path: `/keys/${id}/rotate`, body: {} },
    { path: `/keys/${id}/revoke`, body: { reason } },
  ]),
  ...[user.email, other.email, admin.email, chief.email].map((email) => aboutUser(email, "role", { role: "admin" })),
  ...["suspend", "delete", "password-link", "sessions/revoke", "resume"].flatMap((deed) =>
    [admin.email, chief.email].map((email) => aboutUser(email, deed)),
  ),
  { path: "/admin/users", body: { email: "accomplice@example.com", role: "admin" } },
  { path: "/admin/users", body: { email: "accomplice@example.com", role: "finance" } },
  { method: "GET", path: "/admin/audit" },
  ...[user.email, admin.email].flatMap((email): Deed[] => [
    { path: grantsOf(email), body: { amount: 1_000, reason } },
    { path: revocationsOf(email), body: { amount: 1, reason } },
  ]),
  { path: operations.auth.logoutEverywhere.rest.path, body: {} },
  {
    path: operations.auth.changePassword.rest.path,
    body: { currentPassword: admin.password, newPassword: "long-enough-1" },
  },
];

const others = scopes.filter((scope) => scope !== "admin" && scope !== "act-as");
const weak: readonly (readonly Scope[])[] = [
  [...others, "act-as"],
  others,
  ...others.flatMap((scope): Scope[][] => [[scope], [scope, "act-as"]]),
  ["act-as"],
];

for (const kind of databaseKinds) {
  describeOn(kind)(`a service key that may little, on ${kind}`, () => {
    let api: ApiWithAdmin;
    let chiefToken: string;
    beforeAll(async () => {
      const people = [user, other, admin, chief].map(({ email, password }) => `${email}:${password}`);
      api = await startApiWithAdmin(kind, {
        USER_WHITELIST: people.join(","),
        ADMIN_EMAILS: `${admin.email},${chief.email}`,
      });
      chiefToken = await api.server.token(chief);
    });
    afterAll(() => api?.server.stop());

    const call: ApiWithAdmin["server"]["call"] = (...asked) => api.server.call(...asked);
    const make = async (wanted: readonly Scope[]): Promise<{ keyId: string; key: string }> => {
      const answer = await api.post("/keys", { name: "worker", scopes: wanted }, { as: "admin" });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };
    /** All that an attack could have changed, but for when keys were used. */
    const everything = async () => {
      const see = async (path: string) => (await call("GET", path, { token: chiefToken })).body;
      const keys = await Promise.all([admin, chief, user].map(({ email }) => see(`/keys?limit=100&userId=${email}`)));
      const balances = await Promise.all((["user", "other", "admin"] as const).map((who) => api.balance(who)));
      return JSON.parse(
        JSON.stringify([await see("/admin/users"), await see("/admin/audit?limit=1"), keys, balances], (name, each) =>
          name === "lastUsedAt" ? undefined : each,
        ),
      );
    };

    // What a key may is decided before any database is asked: one that may nearly everything is enough on the others.
    const tried = kind === "sqlite" ? weak : weak.slice(0, 1);
    test.each(tried.map((allowed) => ({ allowed })))("does not become stronger with $allowed", async ({ allowed }) => {
      const strong = await make(scopes);
      const { key, keyId } = await make(allowed);
      const before = await everything();
      const failed: unknown[] = [];
      const names = allowed.includes("act-as") ? [undefined, admin.email, chief.email, user.email] : [undefined];
      for (const userId of names) {
        for (const { path, body, method = "POST" } of attacks(strong.keyId, keyId)) {
          const sent = { token: key, ...(userId && { userId }), ...(body && { body }) };
          const { status, body: said } = await call(method, path, sent);
          if (![403, 404, 409].includes(status)) failed.push({ method, path, body, userId, status, said });
        }
      }
      expect(failed).toEqual([]);
      expect(await everything()).toEqual(before);
      for (const { keyId: id } of [strong, { keyId }]) await api.post(`/keys/${id}/revoke`, {}, { as: "admin" });
    });
  });
}
