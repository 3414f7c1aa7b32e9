import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { other, type Server, startServer } from "./start-server.ts";

const log = {
  userId: "user@example.com",
  action: "a",
  details: { b: 1, a: [2] },
  success: true,
  timestamp: "2025-01-01T00:00:00Z",
};

for (const kind of databaseKinds) {
  describeOn(kind)(`idempotency keys on ${kind}`, () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer(kind);
      token = await server.token();
    });
    afterAll(() => server.stop());

    const consume = (body: object, key?: string, as = token) =>
      server.call("POST", "/credits/consume", {
        token: as,
        body,
        ...(key ? { headers: { "idempotency-key": key } } : {}),
      });
    const balance = async () => (await server.call("GET", "/credits/balance", { token })).body.balance;

    test("a repeated consume takes effect once and returns the first response marked as replayed", async () => {
      const before = await balance();
      const first = await consume({ amount: 5, action: "a", metadata: { x: 1, y: 2 } }, "k1");
      expect(first.headers.get("idempotency-replayed")).toBeNull();
      await consume({ amount: 1, action: "in between" });
      const again = await consume({ amount: 5, action: "a", metadata: { y: 2, x: 1 } }, "k1");
      expect(again).toMatchObject({ status: 200, body: first.body });
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(await balance()).toBe(before - 6);
    });

    test("an idempotency key is the same in the header and in the body", async () => {
      const before = await balance();
      const { body } = await consume({ amount: 2, action: "a" }, "k2");
      expect((await consume({ amount: 2, action: "a", idempotencyKey: "k2" })).body).toEqual(body);
      expect((await consume({ amount: 2, action: "a", idempotencyKey: "k2" }, "k2")).body).toEqual(body);
      expect(await balance()).toBe(before - 2);
    });

    test("different idempotency keys in header and body are refused", async () => {
      const answer = await consume({ amount: 2, action: "a", idempotencyKey: "k3" }, "k4");
      expect(answer).toMatchObject({ status: 400, body: { issues: [{ path: "idempotencyKey" }] } });
    });

    test.each(["", "ü", "x".repeat(256)])(
      "the idempotency key %j is refused, and the issue names the header",
      async (key) => {
        const answer = await server.call("POST", "/credits/consume", {
          token,
          body: { amount: 1, action: "a" },
          headers: { "idempotency-key": key },
        });
        expect(answer).toMatchObject({
          status: 400,
          body: { code: "VALIDATION_FAILED", issues: [{ path: "Idempotency-Key" }] },
        });
      },
    );

    test.each([
      { says: "amount", body: { amount: 6, action: "a" } },
      { says: "action", body: { amount: 5, action: "b" } },
      { says: "metadata", body: { amount: 5, action: "a", metadata: { x: 1 } } },
    ])("an idempotency key with another $says is refused with 422 and changes nothing", async ({ body }) => {
      await consume({ amount: 5, action: "a" }, "k5");
      const before = await balance();
      expect(await consume(body, "k5")).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
      expect(await balance()).toBe(before);
    });

    test("idempotency keys are separate for each user and case-sensitive", async () => {
      await consume({ amount: 1, action: "a" }, "Shared");
      const ofOther = await consume({ amount: 3, action: "other" }, "Shared", await server.token(other));
      expect(ofOther).toMatchObject({ status: 200 });
      expect(await consume({ amount: 2, action: "b" }, "shared")).toMatchObject({ status: 200 });
    });

    test.each(["initial", "system:initial"])(
      "the idempotency key %j of a caller does not collide with a system key",
      async (key) => {
        expect(await consume({ amount: 1, action: "a" }, key)).toMatchObject({ status: 200 });
      },
    );

    test("an idempotency key of a refused request can be used again", async () => {
      const before = await balance();
      expect(await consume({ amount: before + 1, action: "a" }, "k6")).toMatchObject({ status: 402 });
      expect(await consume({ amount: 1, action: "a" }, "k6")).toMatchObject({
        status: 200,
        body: { balance: before - 1 },
      });
    });

    test("200 concurrent requests with one idempotency key take effect once", async () => {
      const before = await balance();
      const answers = await Promise.all(Array.from({ length: 200 }, () => consume({ amount: 7, action: "a" }, "k7")));
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === null)).toHaveLength(1);
      expect(await balance()).toBe(before - 7);
    });

    test("a repeated log creation with one idempotency key creates one log", async () => {
      const write = (body: object, key: string) =>
        server.call("POST", "/logs/create", { token, body, headers: { "idempotency-key": key } });
      const first = await write(log, "l1");
      const again = await write({ ...log, details: { a: [2], b: 1 }, timestamp: "2025-01-01T01:00:00+01:00" }, "l1");
      expect(again).toMatchObject({ status: 200, body: first.body });
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(await write({ ...log, success: false }, "l1")).toMatchObject({
        status: 422,
        body: { code: "IDEMPOTENCY_KEY_REUSED" },
      });
      expect((await write(log, "l2")).body.logId).not.toBe(first.body.logId);
    });
  });
}
