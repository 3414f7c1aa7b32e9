import { startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVisitor, ownPage } from "./browser-visitor.ts";
import { createMovableClock, type MovableClock } from "./movable-clock.ts";
import { admin, grantsOf, revocationsOf } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe("the life of a browser session", () => {
  let clock: MovableClock;
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    clock = createMovableClock();
    const list = [user, admin].map(({ email, password }) => `${email}:${password}`).join(",");
    api = await startApi({
      env: { ...clock.env, USER_WHITELIST: list, ADMIN_EMAILS: admin.email, INITIAL_CREDITS: "100" },
    });
  });
  afterAll(async () => {
    await api.stop();
    clock[Symbol.dispose]();
  });
  const loggedIn = async (as: { email: string; password: string }) => {
    const visitor = createVisitor(api.url);
    expect((await visitor.submit("/login", as)).status).toBe(303);
    return visitor;
  };

  test("staff who do nothing for twelve hours are logged out", async () => {
    const visitor = await loggedIn(admin);
    await clock.move(12 * HOUR_MS + 2 * MINUTE_MS);
    expect((await visitor.session()).session).toBeNull();
  });

  test("use renews the session of staff with the same id, and it ends seven days after the log-in all the same", async () => {
    const visitor = await loggedIn(admin);
    const idOf = () => JSON.parse(Buffer.from(visitor.cookie().split(".")[1] ?? "", "base64url").toString()).jti;
    const [id, first] = [idOf(), visitor.cookie()];
    await clock.move(HOUR_MS);
    await visitor.session();
    expect(visitor.cookie()).toBe(first);
    for (let hours = 1; hours < 7 * 24; hours += 10) {
      expect((await visitor.session()).session).not.toBeNull();
      await clock.move(10 * HOUR_MS);
    }
    expect(idOf()).toBe(id);
    expect((await visitor.session()).session).toBeNull();
  });

  test("the log-out of a renewed session ends the cookies of before its renewals as well", async () => {
    const visitor = await loggedIn(admin);
    const before = visitor.cookie();
    await clock.move(2 * HOUR_MS);
    await visitor.session();
    expect(visitor.cookie()).not.toBe(before);
    await visitor.submit("/logout", {});
    const headers = { cookie: before, ...ownPage };
    expect((await fetch(`${api.url}/trpc/auth.me`, { headers })).status).toBe(401);
  });

  test("a page stores when its user was seen, at most once an hour", async () => {
    const [visitor, staff] = [await loggedIn(user), await loggedIn(admin)];
    const seenAt = async () => {
      const input = encodeURIComponent(JSON.stringify({ json: { userId: user.email } }));
      const answer = await staff.get(`/trpc/users.find?input=${input}`, ownPage);
      const { result } = (await answer.json()) as { result: { data: { json: { lastSeenAt: string } } } };
      return Date.parse(result.data.json.lastSeenAt);
    };
    await visitor.session();
    const atLogin = await seenAt();
    await clock.move(50 * MINUTE_MS);
    await visitor.session();
    expect(await seenAt()).toBe(atLogin);
    await clock.move(20 * MINUTE_MS);
    await visitor.session();
    expect(await seenAt()).toBeGreaterThanOrEqual(atLogin + 70 * MINUTE_MS);
    expect(await seenAt()).toBeLessThanOrEqual(clock.now());
  });

  test("an end user stays logged in for JWT_EXPIRES_IN, without a renewal", async () => {
    const visitor = await loggedIn(user);
    const first = visitor.cookie();
    await clock.move(6 * DAY_MS);
    expect((await visitor.session()).session).toMatchObject({ userId: user.email });
    expect(visitor.cookie()).toBe(first);
    await clock.move(DAY_MS + 2 * MINUTE_MS);
    expect((await visitor.session()).session).toBeNull();
  });

  test.each([
    { act: "users.setRole", input: { userId: user.email, role: "support", reason: "test" } },
    { act: "keys.create", input: { name: "a key", scopes: ["credits:read", "act-as"] } },
    { act: "keys.create", input: { name: "a key", scopes: ["admin"] } },
    { act: "users.passwordLink", input: { userId: user.email, reason: "test" } },
    { act: "users.create", input: { email: "staff@example.com", role: "support" } },
    {
      act: "admin.grantMany",
      input: { entries: [{ userId: user.email }], amount: 1, reason: "test", idempotencyKey: "many-1" },
    },
    { act: "admin.revoke", input: { userId: user.email, amount: 1, reason: "test", idempotencyKey: "revoke-1" } },
  ])("$act of $input needs the password again fifteen minutes after the log-in", async ({ act, input }) => {
    const visitor = await loggedIn(admin);
    await clock.move(15 * MINUTE_MS);
    expect(await visitor.mutate(act, input)).toMatchObject({ status: 403, body: { code: "CONFIRMATION_REQUIRED" } });
    expect(await visitor.mutate("session.confirm", { password: "wrong" })).toMatchObject({
      status: 401,
      body: { code: "INVALID_CREDENTIALS" },
    });
    expect((await visitor.mutate(act, input)).status).toBe(403);
    const { status, body } = await visitor.mutate("session.confirm", { password: admin.password });
    expect(status).toBe(200);
    expect((await visitor.session()).session).toMatchObject(body as object);
    expect((await visitor.mutate(act, input)).status).toBe(200);
  });

  test.each(
    ["admin", "act-as"].flatMap((scope) => [
      { act: "keys.rotate", scope, wanted: {} },
      { act: "keys.change", scope, wanted: { name: "another name" } },
    ]),
  )(
    "$act of a key with $scope needs the password again fifteen minutes after the log-in",
    async ({ act, scope, wanted }) => {
      const visitor = await loggedIn(admin);
      const created = await visitor.mutate("keys.create", { name: "a key", scopes: ["credits:read", scope] });
      const { keyId } = created.body as { keyId: string };
      await clock.move(15 * MINUTE_MS);
      expect(await visitor.mutate(act, { keyId, ...wanted })).toMatchObject({
        status: 403,
        body: { code: "CONFIRMATION_REQUIRED" },
      });
      expect((await visitor.mutate("session.confirm", { password: admin.password })).status).toBe(200);
      expect((await visitor.mutate(act, { keyId, ...wanted })).status).toBe(200);
    },
  );

  test("an admin cannot make a password link for the own account, which needs no current password", async () => {
    const visitor = await loggedIn(admin);
    expect(await visitor.mutate("users.passwordLink", { userId: admin.email, reason: "test" })).toMatchObject({
      status: 409,
      body: { code: "SELF_ACTION_FORBIDDEN" },
    });
  });

  test("other acts need no confirmation, and bearer tokens need it for none and cannot give it", async () => {
    const visitor = await loggedIn(admin);
    const login = await fetch(`${api.url}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(admin),
    });
    const { token } = (await login.json()) as { token: string };
    await clock.move(HOUR_MS);
    const input = { userId: user.email, amount: 1, reason: "test", idempotencyKey: "grant-1" };
    expect((await visitor.mutate("admin.grant", input)).status).toBe(200);
    const { status, body } = await visitor.mutate("keys.create", { name: "a key", scopes: ["credits:read"] });
    expect(status).toBe(200);
    const { keyId } = body as { keyId: string };
    expect((await visitor.mutate("keys.rotate", { keyId })).status).toBe(200);
    expect((await visitor.mutate("users.create", { email: "plain@example.com" })).status).toBe(200);
    const post = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(`${api.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
    };
    expect(await post(revocationsOf(user.email), { amount: 1, reason: "test" })).toMatchObject({ status: 200 });
    expect(await post(grantsOf(user.email), { amount: 1, reason: "test" })).toMatchObject({ status: 200 });
    expect(await post("/session/confirmation", { password: admin.password })).toEqual({
      status: 403,
      code: "SESSION_COOKIE_REQUIRED",
    });
  });

  test("wrong passwords of session.confirm are throttled, and the right one is refused then as well", async () => {
    const visitor = await loggedIn(user);
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await visitor.mutate("session.confirm", { password: `wrong-${guess}` })).status).toBe(401);
    }
    expect((await visitor.mutate("session.confirm", { password: user.password })).status).toBe(401);
    await clock.move(2 * MINUTE_MS);
    expect((await (await loggedIn(user)).mutate("session.confirm", { password: user.password })).status).toBe(200);
  });

  test("auth.changePassword gives no token to a session of a browser, and changes nothing", async () => {
    const visitor = await loggedIn(user);
    const input = { currentPassword: user.password, newPassword: "tr0ub4dor-and-3" };
    expect(await visitor.mutate("auth.changePassword", input)).toMatchObject({
      status: 403,
      body: { code: "BEARER_TOKEN_REQUIRED", message: expect.stringContaining("session.changePassword") },
    });
    expect((await loggedIn(user)).cookie()).not.toBe("");
  });

  test("a password that is changed in a browser ends its other sessions, and the new session is in the cookie alone", async () => {
    const [visitor, other] = [await loggedIn(user), await loggedIn(user)];
    const before = visitor.cookie();
    const change = (currentPassword: string, newPassword: string) =>
      visitor.mutate("session.changePassword", { currentPassword, newPassword });
    expect(await change("wrong", "tr0ub4dor-and-3")).toMatchObject({
      status: 401,
      body: { code: "INVALID_CREDENTIALS" },
    });
    expect(await change(user.password, "short")).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
    const { status, body } = await change(user.password, "tr0ub4dor-and-3");
    expect({ status, body }).toEqual({ status: 200, body: { expiresAt: expect.any(String) } });
    expect(visitor.cookie()).not.toBe(before);
    expect((await visitor.session()).session).toMatchObject({ userId: user.email });
    expect((await other.session()).session).toBeNull();
    const headers = { cookie: before, ...ownPage };
    expect((await fetch(`${api.url}/trpc/auth.me`, { headers })).status).toBe(401);
  });
});
