import { databaseKinds, describeOn, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { other, type Server, startServer } from "./start-server.ts";

// The bodies of the public documentation, word for word.
for (const kind of databaseKinds) {
  describeOn(kind)(`the documented endpoints on ${kind}`, () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer(kind);
      token = await server.token();
    });
    afterAll(() => server.stop());

    test("GET /health returns the status and a timestamp", async () => {
      const before = Date.now();
      const { status, body } = await server.call("GET", "/health");
      expect(status).toBe(200);
      expect(body).toEqual({ status: "ok", timestamp: expect.any(Number) });
      expect(body.timestamp).toBeGreaterThanOrEqual(before);
      expect(body.timestamp).toBeLessThanOrEqual(Date.now());
    });

    test("POST /auth/login returns the user and a token", async () => {
      const { status, body, headers } = await server.call("POST", "/auth/login", {
        body: { email: "user@example.com", password: "password123" },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        success: true,
        userId: "user@example.com",
        email: "user@example.com",
        name: "user",
      });
      expect(body.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(headers.get("cache-control")).toBe("no-store");
    });

    test("POST /auth/login normalises the e-mail address", async () => {
      const { body } = await server.call("POST", "/auth/login", {
        body: { email: " User＠EXAMPLE.com ", password: "password123" },
      });
      expect(body.userId).toBe("user@example.com");
    });

    test("POST /auth/verify returns the user of a valid token", async () => {
      const { status, body } = await server.call("POST", "/auth/verify", { body: { token } });
      expect(status).toBe(200);
      expect(body).toMatchObject({ valid: true, userId: "user@example.com", email: "user@example.com" });
    });

    test("POST /auth/verify returns only valid: false for an invalid token", async () => {
      const { status, body } = await server.call("POST", "/auth/verify", {
        body: { token: `${token.slice(0, -4)}AAAA` },
      });
      expect(status).toBe(200);
      expect(body).toEqual({ valid: false });
    });

    test("POST /credits/consume decreases the balance, and more than the balance is refused with 402", async () => {
      const credential = { token, userId: "user@example.com" };
      const balance = await server.call("GET", "/credits/balance", credential);
      expect(balance).toMatchObject({ status: 200, body: { balance: 100 } });

      const consumed = await server.call("POST", "/credits/consume", {
        ...credential,
        body: { amount: 5, action: "jimeng_video_generation" },
      });
      expect(consumed.status).toBe(200);
      expect(consumed.body).toEqual({
        success: true,
        balance: 95,
        transactionId: expect.stringMatching(/^txn-[\w-]+$/),
      });

      const refused = await server.call("POST", "/credits/consume", {
        ...credential,
        body: { amount: 96, action: "jimeng_video_generation" },
      });
      expect(refused.status).toBe(402);
      expect(refused.body).toEqual({
        message: "积分不足",
        code: "INSUFFICIENT_CREDITS",
        balance: 95,
        required: 96,
        requestId: expect.any(String),
      });
      expect((await server.call("GET", "/credits/balance", credential)).body).toEqual({
        balance: 95,
        held: 0,
        expiring: null,
      });
    });

    test("POST /logs/create returns a log id", async () => {
      const { status, body } = await server.call("POST", "/logs/create", {
        token,
        userId: "user@example.com",
        body: {
          userId: "user@example.com",
          action: "jimeng_video_generation",
          details: { prompt: "...", resolution: "1080p", creditCost: 5 },
          success: true,
          timestamp: "2025-01-01T00:00:00.000Z",
        },
      });
      expect(status).toBe(200);
      expect(body).toEqual({ logId: expect.stringMatching(/^log-[\w-]+$/), redacted: 0 });
    });

    test("a restart with another INITIAL_CREDITS does not grant initial credits again", async () => {
      const again = await startApi({
        databaseUrl: server.database.url,
        env: { USER_WHITELIST: `${other.email}:${other.password}`, INITIAL_CREDITS: "77" },
      });
      await again.stop();
      const { body } = await server.call("GET", "/credits/balance", { token: await server.token(other) });
      expect(body).toMatchObject({ balance: 100 });
    });
  });
}
