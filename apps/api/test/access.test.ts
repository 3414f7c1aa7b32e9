import { type Operation, operations, type Role, roles } from "@jifen/contract";
import { callRest } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin } from "./start-api-with-admin.ts";
import { type Server, startServer } from "./start-server.ts";

const everybody = "user support finance admin";

/** Who may what. A new operation does not pass without a row; "key" is a service key of an admin with the scope. */
const table: Readonly<Record<string, string>> = {
  "admin.grant": "finance admin key:admin",
  "admin.revoke": "finance admin key:admin",
  "auditLog.list": "admin key:admin",
  "auth.changePassword": everybody,
  "auth.confirmRegistration": `anyone ${everybody}`,
  "auth.firstAdmin": `anyone ${everybody}`,
  "auth.forgotPassword": `anyone ${everybody}`,
  "auth.login": `anyone ${everybody}`,
  "auth.logout": everybody,
  "auth.logoutEverywhere": everybody,
  "auth.me": `${everybody} key:users:read`,
  "auth.register": `anyone ${everybody}`,
  "auth.resetPassword": `anyone ${everybody}`,
  "auth.verify": `anyone ${everybody}`,
  "credits.balance": `${everybody} key:credits:read`,
  "credits.consume": `${everybody} key:credits:spend`,
  "grants.list": `${everybody} key:credits:read`,
  "health.check": `anyone ${everybody}`,
  "holds.capture": `${everybody} key:credits:spend`,
  "holds.create": `${everybody} key:credits:spend`,
  "holds.extend": `${everybody} key:credits:spend`,
  "holds.find": `${everybody} key:credits:read`,
  "holds.release": `${everybody} key:credits:spend`,
  "keys.create": `${everybody} key:admin`,
  "keys.list": `${everybody} key:admin`,
  "keys.revoke": `${everybody} key:admin`,
  "keys.rotate": `${everybody} key:admin`,
  "logs.create": `${everybody} key:logs:write`,
  "refunds.create": "finance admin key:credits:refund",
  "transactions.find": `${everybody} key:credits:read`,
  "transactions.list": `${everybody} key:credits:read`,
  "users.create": "admin key:users:write",
  "users.endSessions": "admin key:users:write",
  "users.find": "support finance admin key:users:read",
  "users.list": "support finance admin key:users:read",
  "users.passwordLink": "admin key:users:write",
  "users.remove": "admin key:users:write",
  "users.resume": "admin key:users:write",
  "users.setRole": "admin",
  "users.suspend": "admin key:users:write",
};

const all = Object.entries(operations).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, operation]): [string, Operation] => [`${noun}.${verb}`, operation]),
);
const keyScopes = [
  "credits:read",
  "credits:spend",
  "credits:refund",
  "logs:write",
  "users:read",
  "users:write",
  "admin",
];
const callers = ["anyone", ...roles, ...keyScopes.map((scope) => `key:${scope}`)];
const emailOf = (role: Role) => `${role}-role@example.com`;

describe("who may what", () => {
  test("is written down for every operation", () => {
    expect(Object.keys(table).toSorted()).toEqual(all.map(([name]) => name).toSorted());
  });

  describe("over HTTP", () => {
    let server: Server;
    const credentials = new Map<string, string>();
    beforeAll(async () => {
      const people = [admin, ...roles.map((role) => ({ email: emailOf(role), password: "password123" }))];
      const list = people.map(({ email, password }) => `${email}:${password}`).join(",");
      server = await startServer("sqlite", { USER_WHITELIST: list, ADMIN_EMAILS: admin.email });
      const token = await server.token(admin);
      for (const role of roles) {
        const path = `/admin/users/${emailOf(role)}/role`;
        const answer = await server.call("POST", path, { token, body: { role, reason: "a test" } });
        expect(answer).toMatchObject({ status: 200, body: { role } });
      }
      for (const scope of keyScopes) {
        const answer = await server.call("POST", "/keys", { token, body: { name: scope, scopes: [scope] } });
        credentials.set(`key:${scope}`, answer.body.key);
      }
    });
    afterAll(() => server.stop());

    /** Logged in anew: some of what is asked ends sessions. */
    const credentialOf = async (caller: string): Promise<string | undefined> =>
      caller === "anyone" || caller.startsWith("key:")
        ? credentials.get(caller)
        : server.token({ email: emailOf(caller as Role), password: "password123" });
    const isLetIn = ({ status, code }: { status: number; code: unknown }) =>
      status !== 403 && !(status === 401 && code === "UNAUTHENTICATED");

    test.each(all)("%s, by its address", async (name, { rest }) => {
      const letIn: string[] = [];
      for (const caller of callers) {
        const token = await credentialOf(caller);
        const path = rest.path.replaceAll(/\{\w+\}/g, "nothing-1");
        const sent = { ...(token === undefined ? {} : { token }), ...(rest.method === "POST" ? { body: {} } : {}) };
        const { status, body } = await callRest(server.api.url, rest.method, path, sent);
        expect(status).toBeLessThan(500);
        if (isLetIn({ status, code: body.code })) letIn.push(caller);
      }
      const expected = table[name]?.startsWith("anyone") ? callers : table[name]?.split(" ");
      expect(letIn.toSorted()).toEqual(expected?.toSorted());
    });

    test.each(all)("%s, by tRPC", async (name, { kind }) => {
      const letIn: string[] = [];
      for (const caller of callers) {
        const token = await credentialOf(caller);
        const sent = { ...(token === undefined ? {} : { token }), ...(kind === "mutation" ? { body: {} } : {}) };
        const { status, body } = await callRest(
          server.api.url,
          kind === "query" ? "GET" : "POST",
          `/trpc/${name}`,
          sent,
        );
        expect(status).toBeLessThan(500);
        if (isLetIn({ status, code: body.error?.json?.data?.app?.code })) letIn.push(caller);
      }
      const expected = table[name]?.startsWith("anyone") ? callers : table[name]?.split(" ");
      expect(letIn.toSorted()).toEqual(expected?.toSorted());
    });

    test("is over for somebody suspended, whatever they were", async () => {
      const token = await server.token({ email: emailOf("finance"), password: "password123" });
      const by = await server.token(admin);
      const suspended = await server.call("POST", `/admin/users/${emailOf("finance")}/suspend`, {
        token: by,
        body: { reason: "a test" },
      });
      expect(suspended.status).toBe(200);
      for (const [name, { caller, rest }] of all) {
        if (caller === "anyone") continue;
        const path = rest.path.replaceAll(/\{\w+\}/g, "nothing-1");
        const answer = await callRest(server.api.url, rest.method, path, {
          token,
          ...(rest.method === "POST" ? { body: {} } : {}),
        });
        expect([401, 403], name).toContain(answer.status);
      }
    });
  });
});
