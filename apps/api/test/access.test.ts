import { type Operation, operations, type Role, roles, type StreamOperation, streams } from "@jifen/contract";
import { callRest } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin } from "./start-api-with-admin.ts";
import { type Server, startServer } from "./start-server.ts";

const everyRole = "user support finance admin";

/** The callers of each operation. A new operation needs a row; "key" is a service key of an admin with this scope. */
const expectedCallers: Readonly<Record<string, string>> = {
  "accounts.explain": "support finance admin key:accounts:read",
  "accounts.find": "support finance admin key:accounts:read",
  "accounts.grants": "support finance admin key:accounts:read",
  "accounts.holds": "support finance admin key:accounts:read",
  "accounts.transactions": "support finance admin key:accounts:read",
  "adminCatalogues.create": "admin key:admin",
  "adminCatalogues.diff": "finance admin key:admin",
  "adminCatalogues.find": "finance admin key:admin",
  "adminCatalogues.list": "finance admin key:admin",
  "adminCatalogues.publish": "admin key:admin",
  "adminCatalogues.withdraw": "admin key:admin",
  "adminChannels.list": "support finance admin key:orders:read",
  "adminLogs.export": "support finance admin key:logs:read",
  "adminLogs.find": "support finance admin key:logs:read",
  "adminLogs.list": "support finance admin key:logs:read",
  "adminLogs.stats": "support finance admin key:logs:read",
  "adminOrders.check": "support finance admin key:orders:read",
  "adminOrders.find": "support finance admin key:orders:read",
  "adminOrders.list": "support finance admin key:orders:read",
  "adminReversals.refund": "finance admin key:admin",
  "adminReversals.refundable": "support finance admin key:orders:read",
  "adminReversals.retry": "finance admin key:admin",
  "adminReversals.settle": "finance admin key:admin",
  "adminPayments.accept": "finance admin key:admin",
  "adminPayments.dismiss": "finance admin key:admin",
  "adminReviews.list": "finance admin key:orders:read",
  "adminStatements.find": "support finance admin key:credits:read",
  "adminStrays.resolve": "finance admin key:admin",
  "admin.grant": "finance admin key:admin key:credits:grant",
  "admin.grantMany": "finance admin key:admin",
  "admin.releaseHold": "finance admin key:admin",
  "admin.revoke": "finance admin key:admin",
  "auditLog.list": "admin key:admin",
  "auth.changePassword": everyRole,
  "auth.changePreferences": everyRole,
  "auth.confirmRegistration": `anyone ${everyRole}`,
  "auth.firstAdmin": `anyone ${everyRole}`,
  "auth.forgotPassword": `anyone ${everyRole}`,
  "auth.login": `anyone ${everyRole}`,
  "auth.logout": everyRole,
  "auth.logoutEverywhere": everyRole,
  "auth.me": `${everyRole} key:users:read`,
  "auth.preferences": everyRole,
  "auth.register": `anyone ${everyRole}`,
  "auth.rename": everyRole,
  "auth.resetPassword": `anyone ${everyRole}`,
  "auth.signIns": everyRole,
  "auth.verify": `anyone ${everyRole}`,
  "balanceAlerts.find": `${everyRole} key:orders:read`,
  "balanceAlerts.set": `${everyRole} key:orders:write`,
  "codeBatches.end": "finance admin key:admin",
  "codeBatches.list": "finance admin key:admin",
  "codeBatches.make": "finance admin key:admin",
  "codes.redeem": `${everyRole} key:credits:spend`,
  "catalogue.find": `anyone ${everyRole}`,
  "credits.balance": `${everyRole} key:credits:read`,
  "credits.consume": `${everyRole} key:credits:spend`,
  "credits.usage": `${everyRole} key:credits:read`,
  "exports.create": everyRole,
  "grants.list": `${everyRole} key:credits:read`,
  "health.check": `anyone ${everyRole}`,
  "holds.capture": `${everyRole} key:credits:spend`,
  "holds.create": `${everyRole} key:credits:spend`,
  "holds.extend": `${everyRole} key:credits:spend`,
  "holds.find": `${everyRole} key:credits:read`,
  "holds.listOpen": "support finance admin key:accounts:read",
  "holds.list": `${everyRole} key:credits:read`,
  "holds.release": `${everyRole} key:credits:spend`,
  "keys.change": `${everyRole} key:admin`,
  "keys.create": `${everyRole} key:admin`,
  "keys.list": `${everyRole} key:admin`,
  "keys.revoke": `${everyRole} key:admin`,
  "keys.rotate": `${everyRole} key:admin`,
  "live.events": `${everyRole} key:logs:read key:credits:read`,
  "logs.batch": `${everyRole} key:logs:write`,
  "logs.create": `${everyRole} key:logs:write`,
  "logs.export": `${everyRole} key:logs:read`,
  "logs.find": `${everyRole} key:logs:read`,
  "logs.list": `${everyRole} key:logs:read`,
  "logs.stats": `${everyRole} key:logs:read`,
  "orders.cancel": `${everyRole} key:orders:write`,
  "orders.check": `${everyRole} key:orders:read`,
  "orders.create": `${everyRole} key:orders:write`,
  "orders.find": `${everyRole} key:orders:read`,
  "orders.list": `${everyRole} key:orders:read`,
  "quotes.create": `${everyRole} key:credits:read`,
  "refunds.create": "finance admin key:credits:refund",
  "stats.overview": "support finance admin key:stats:read",
  "stats.series": "support finance admin key:stats:read",
  "stats.top": "support finance admin key:stats:read",
  "statements.find": `${everyRole} key:credits:read`,
  "transactions.export": `${everyRole} key:credits:read`,
  "search.find": "support finance admin key:accounts:read",
  "system.audits": "admin key:admin",
  "system.doctor": "admin key:admin",
  "system.settings": "admin key:admin",
  "system.startAudit": "admin key:admin",
  "system.status": "admin key:admin",
  "system.testMail": "admin key:admin",
  "transactions.find": `${everyRole} key:credits:read`,
  "transactions.list": `${everyRole} key:credits:read`,
  "session.changePassword": everyRole,
  "session.confirm": everyRole,
  "session.current": `anyone ${everyRole}`,
  "users.create": "admin key:users:write",
  "users.endSessions": "admin key:users:write",
  "users.find": "support finance admin key:users:read",
  "users.list": "support finance admin key:users:read",
  "users.passwordLink": "admin key:users:write",
  "users.rename": "admin key:users:write",
  "users.remove": "admin key:users:write",
  "users.resume": "admin key:users:write",
  "users.setPriceGroup": "admin key:users:write",
  "users.setRole": "admin",
  "users.suspend": "admin key:users:write",
  "webhooks.create": `${everyRole} key:admin`,
  "webhooks.deliveries": `${everyRole} key:admin`,
  "webhooks.end": `${everyRole} key:admin`,
  "webhooks.list": `${everyRole} key:admin`,
  "webhooks.replay": `${everyRole} key:admin`,
  "webhooks.replaySince": `${everyRole} key:admin`,
  "webhooks.rotate": `${everyRole} key:admin`,
  "webhooks.test": `${everyRole} key:admin`,
};

const allOperations = Object.entries(operations).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, operation]): [string, Operation] => [`${noun}.${verb}`, operation]),
);
const allStreams = Object.entries(streams).flatMap(([noun, verbs]) =>
  Object.entries(verbs as Readonly<Record<string, StreamOperation>>).map(
    ([verb, operation]): [string, StreamOperation] => [`${noun}.${verb}`, operation],
  ),
);
const overRest = [...allOperations, ...allStreams];
const keyScopes = [
  "accounts:read",
  "credits:read",
  "credits:spend",
  "credits:refund",
  "credits:grant",
  "logs:write",
  "logs:read",
  "orders:read",
  "orders:write",
  "stats:read",
  "users:read",
  "users:write",
  "admin",
];
const callers = ["anyone", ...roles, ...keyScopes.map((scope) => `key:${scope}`)];
const emailOf = (role: Role) => `${role}-role@example.com`;

describe("access control", () => {
  test("the table of allowed callers has a row for every operation", () => {
    expect(Object.keys(expectedCallers).toSorted()).toEqual(overRest.map(([name]) => name).toSorted());
  });

  describe("the server", () => {
    let server: Server;
    const credentials = new Map<string, string>();
    beforeAll(async () => {
      const users = [admin, ...roles.map((role) => ({ email: emailOf(role), password: "password123" }))];
      const list = users.map(({ email, password }) => `${email}:${password}`).join(",");
      server = await startServer("sqlite", { USER_WHITELIST: list, ADMIN_EMAILS: admin.email, USER_KEYS: "on" });
      const token = await server.token(admin);
      for (const role of roles) {
        const path = `/admin/users/${emailOf(role)}/role`;
        const answer = await server.call("POST", path, { token, body: { role, reason: "a test" } });
        expect(answer).toMatchObject({ status: 200, body: { role } });
      }
      for (const scope of keyScopes) {
        const limit = scope === "credits:grant" && { grantLimitPerDay: 1 };
        const answer = await server.call("POST", "/keys", { token, body: { name: scope, scopes: [scope], ...limit } });
        credentials.set(`key:${scope}`, answer.body.key);
      }
    });
    afterAll(() => server.stop());

    /** Logs in again each time, because some operations end sessions. */
    const credentialOf = async (caller: string): Promise<string | undefined> =>
      caller === "anyone" || caller.startsWith("key:")
        ? credentials.get(caller)
        : server.token({ email: emailOf(caller as Role), password: "password123" });
    const isAllowed = ({ status, code }: { status: number; code: unknown }) =>
      status !== 403 && !(status === 401 && code === "UNAUTHENTICATED");

    test.each(overRest)("%s admits exactly the allowed callers over REST", async (name, { kind, rest }) => {
      const allowed: string[] = [];
      for (const caller of callers) {
        const token = await credentialOf(caller);
        // Input is checked after access: a stream that refuses its input does not begin.
        const path = `${rest.path.replaceAll(/\{\w+\}/g, "unknown-1")}${kind === "stream" ? "?unknown=1" : ""}`;
        const sent = { ...(token === undefined ? {} : { token }), ...(rest.method === "POST" ? { body: {} } : {}) };
        const { status, body } = await callRest(server.api.url, rest.method, path, sent);
        expect(status).toBeLessThan(500);
        if (isAllowed({ status, code: body.code })) allowed.push(caller);
      }
      const expected = expectedCallers[name]?.startsWith("anyone") ? callers : expectedCallers[name]?.split(" ");
      expect(allowed.toSorted()).toEqual(expected?.toSorted());
    });

    test.each(allOperations)("%s admits exactly the allowed callers over tRPC", async (name, { kind }) => {
      const allowed: string[] = [];
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
        if (isAllowed({ status, code: body.error?.json?.data?.app?.code })) allowed.push(caller);
      }
      const expected = expectedCallers[name]?.startsWith("anyone") ? callers : expectedCallers[name]?.split(" ");
      expect(allowed.toSorted()).toEqual(expected?.toSorted());
    });

    test("a suspended user is refused by every operation that needs a caller", async () => {
      const token = await server.token({ email: emailOf("finance"), password: "password123" });
      const by = await server.token(admin);
      const suspended = await server.call("POST", `/admin/users/${emailOf("finance")}/suspend`, {
        token: by,
        body: { reason: "a test" },
      });
      expect(suspended.status).toBe(200);
      for (const [name, { caller, rest }] of overRest) {
        if (caller === "anyone") continue;
        const path = rest.path.replaceAll(/\{\w+\}/g, "unknown-1");
        const answer = await callRest(server.api.url, rest.method, path, {
          token,
          ...(rest.method === "POST" ? { body: {} } : {}),
        });
        expect([401, 403], name).toContain(answer.status);
      }
    });
  });
});
