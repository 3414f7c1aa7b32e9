import { availableParallelism } from "node:os";
import { callRest, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { other, type Server, serve, user } from "./signed-in.ts";

describe("logging in", () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve("sqlite");
  });
  afterAll(() => server.stop());

  test.each([
    { says: "a wrong password", body: { email: user.email, password: "wrong" } },
    { says: "somebody else's password", body: { email: user.email, password: other.password } },
    { says: "an unknown address", body: { email: "ghost@example.com", password: "password123" } },
    {
      says: "a password longer than bcrypt looks at",
      body: { email: user.email, password: `password123${"x".repeat(100)}` },
    },
    { says: "another case", body: { email: user.email, password: "Password123" } },
    { says: "a space at the end", body: { email: user.email, password: "password123 " } },
  ])("with $says is refused by the same 401", async ({ body }) => {
    const answer = await server.call("POST", "/auth/login", { body });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      message: "邮箱或密码错误",
      code: "INVALID_CREDENTIALS",
      requestId: expect.any(String),
    });
  });

  test("by more people than can wait is refused by 503 before anything is done, and the rest goes on", async () => {
    const burst = Array.from({ length: 20 * availableParallelism() + 20 }, () =>
      server.call("POST", "/auth/login", { body: other }),
    );
    const health = await server.call("GET", "/health");
    const answers = await Promise.all(burst);
    const refused = answers.filter(({ status }) => status === 503);
    expect(health.status).toBe(200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ body, headers }) => body.code === "OVERLOADED" && headers.get("retry-after") === "1")).toBe(
      true,
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(answers.length - refused.length);
  }, 60_000);
});

describe("USER_WHITELIST", () => {
  test("changes a password that has changed, and ends the sessions opened with the old one", async () => {
    const server = await serve("sqlite", { JWT_SECRET: "a-secret-that-outlives-the-process-0123456789" });
    const token = await server.token();
    await server.api.stop();

    const api = await startApi({
      databaseUrl: server.database.url,
      env: {
        USER_WHITELIST: `${user.email}:another-password`,
        JWT_SECRET: "a-secret-that-outlives-the-process-0123456789",
      },
    });
    const again: Server["call"] = (method, path, call) => callRest(api.url, method, path, call);
    expect(await again("POST", "/auth/login", { body: user })).toMatchObject({ status: 401 });
    expect(await again("POST", "/auth/login", { body: { ...user, password: "another-password" } })).toMatchObject({
      status: 200,
    });
    expect(await again("GET", "/credits/balance", { token })).toMatchObject({ status: 401 });
    expect(await again("POST", "/auth/login", { body: other })).toMatchObject({ status: 200 });
    await api.stop();
    await server.database.drop();
  });
});
