import { availableParallelism } from "node:os";
import { type Api, callRest, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { other, user } from "./start-server.ts";

const secret = "a-secret-that-outlives-the-process-0123456789";
const login = (api: Api, body: object) => callRest(api.url, "POST", "/auth/login", { body });
const toWhitelist = (...users: readonly (typeof user)[]) =>
  users.map((each) => `${each.email}:${each.password}`).join(",");

// The servers create these users themselves, so that the password hashes have the cost of production.
describe("login", () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi({ env: { USER_WHITELIST: toWhitelist(user, other) } });
  });
  afterAll(() => api.stop());

  test.each([
    { says: "a wrong password", body: { email: user.email, password: "wrong" } },
    { says: "the password of another user", body: { email: user.email, password: other.password } },
    { says: "an unknown address", body: { email: "ghost@example.com", password: "password123" } },
    {
      says: "a password longer than the 72 bytes that bcrypt reads",
      body: { email: user.email, password: `password123${"x".repeat(100)}` },
    },
    { says: "another case", body: { email: user.email, password: "Password123" } },
    { says: "a space at the end", body: { email: user.email, password: "password123 " } },
  ])("a login with $says is refused with the same 401", async ({ body }) => {
    const answer = await login(api, body);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      message: "邮箱或密码错误",
      code: "INVALID_CREDENTIALS",
      requestId: expect.any(String),
    });
  });

  test("logins above the queue limit are refused with 503, and all others succeed", async () => {
    const burst = Array.from({ length: 20 * availableParallelism() + 20 }, () => login(api, other));
    const health = await callRest(api.url, "GET", "/health");
    const answers = await Promise.all(burst);
    const refused = answers.filter(({ status }) => status === 503);
    expect(health.status).toBe(200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ body, headers }) => body.code === "OVERLOADED" && headers.get("retry-after") === "1")).toBe(
      true,
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(answers.length - refused.length);
  });
});

describe("USER_WHITELIST", () => {
  test("a changed password in USER_WHITELIST replaces the old one and ends its sessions", async () => {
    const database = await freshDatabase("sqlite");
    const start = (list: string) =>
      startApi({ databaseUrl: database.url, env: { JWT_SECRET: secret, USER_WHITELIST: list } });
    const before = await start(toWhitelist(user, other));
    const { status, body } = await login(before, user);
    expect(status).toBe(200);
    await before.stop();

    const changed = { ...user, password: "another-password" };
    const api = await start(toWhitelist(changed));
    expect(await login(api, user)).toMatchObject({ status: 401 });
    expect(await login(api, changed)).toMatchObject({ status: 200 });
    expect(await callRest(api.url, "GET", "/credits/balance", { token: body.token })).toMatchObject({ status: 401 });
    expect(await login(api, other)).toMatchObject({ status: 200 });
    await api.stop();
    await database.drop();
  });

  test("an unchanged entry of USER_WHITELIST changes nothing, also when its owner or JWT_SECRET has changed", {
    timeout: timeLimit(120),
  }, async () => {
    const database = await freshDatabase("sqlite");
    const start = (list: string, env: Record<string, string> = {}) =>
      startApi({ databaseUrl: database.url, env: { JWT_SECRET: secret, USER_WHITELIST: list, ...env } });
    const whitelistOf = (api: Api) => api.logs().find(({ msg }) => msg === "ready")?.["whitelist"];
    const first = await start(toWhitelist(user, other));
    expect(whitelistOf(first)).toMatchObject({ made: 2, changed: 0 });
    const { token } = (await login(first, user)).body;
    const own = { ...user, password: "my-own-password-1" };
    const body = { currentPassword: user.password, newPassword: own.password };
    expect((await callRest(first.url, "POST", "/auth/password", { token, body })).status).toBe(200);
    await first.stop();
    const secrets: Record<string, string>[] = [
      {},
      { JWT_SECRET: `other-${secret}`, JWT_SECRET_1: secret },
      { JWT_SECRET: `third-${secret}` },
    ];
    for (const env of secrets) {
      await using again = await start(toWhitelist(user, other), env);
      expect(whitelistOf(again)).toMatchObject({ made: 0, changed: 0 });
      expect([(await login(again, own)).status, (await login(again, user)).status]).toEqual([200, 401]);
    }
    await database.drop();
  });
});
