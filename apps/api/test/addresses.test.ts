import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";

let api: ApiWithAdmin;
let holdId: string;
beforeAll(async () => {
  api = await startApiWithAdmin("sqlite");
  holdId = (await api.post("/credits/holds", { amount: 10, action: "video" })).body.holdId;
});
afterAll(() => api.server.stop());

describe("REST paths with a parameter", () => {
  test.each(["/credits/holds/a/b", "/credits/transactions/a/b", "/admin/users//grants"])(
    "GET %s is answered with 404",
    async (path) => {
      expect(await api.get(path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    },
  );

  test.each([
    { method: "DELETE", path: "/credits/holds/hold-1", allow: "GET, HEAD" },
    { method: "GET", path: "/credits/holds/hold-1/capture", allow: "POST" },
    { method: "GET", path: "/admin/users/user@example.com/revocations", allow: "POST" },
    { method: "POST", path: "/credits/transactions", allow: "GET, HEAD" },
  ])("$method $path is answered with 405 and an Allow header", async ({ method, path, allow }) => {
    const answer = await api.server.call(method, path, { token: api.tokens.user });
    expect(answer).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
    expect(answer.headers.get("allow")).toBe(allow);
  });

  test.each(["a%2Fb", "a%20b", "%E7%94%BB", "..%2F..%2Fhealth", "x".repeat(101)])(
    "the id %s is refused, and the issue names the parameter",
    async (id) => {
      expect(await api.get(`/credits/holds/${id}`)).toMatchObject({
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path: "holdId" }] },
      });
    },
  );

  test("a path that is not valid UTF-8 is answered with 404", async () => {
    expect(await api.get("/credits/holds/%E0%A4%A")).toMatchObject({ status: 404 });
  });

  test("the body can repeat a path parameter, and a different value is refused", async () => {
    const path = `/credits/holds/${holdId}/extend`;
    expect(await api.post(path, { ttlSeconds: 1_000, holdId })).toMatchObject({ status: 200, body: { holdId } });
    expect(await api.post(path, { ttlSeconds: 1_000, holdId: "hold-2" })).toMatchObject({
      status: 400,
      body: { issues: [{ path: "holdId" }] },
    });
  });

  test("a repeated query field is refused", async () => {
    expect(await api.get("/credits/transactions?limit=1&limit=2")).toMatchObject({
      status: 400,
      body: { issues: [{ path: "limit" }] },
    });
  });

  test("a POST without a body is accepted when every field is optional", async () => {
    const call = { token: api.tokens.user };
    expect(await api.server.call("POST", `/credits/holds/${holdId}/release`, call)).toMatchObject({
      status: 200,
      body: { released: 10 },
    });
  });
});

describe("holds, refunds and grants over tRPC", () => {
  const json = (value: unknown) => ({ json: value });
  const mutate = async (path: string, input: object, as: keyof ApiWithAdmin["tokens"] = "user") => {
    const answer = await api.server.call("POST", `/trpc/${path}`, { token: api.tokens[as], body: json(input) });
    return { status: answer.status, data: answer.body.result?.data.json, app: answer.body.error?.json.data.app };
  };
  const query = async (path: string, input: object) => {
    const sent = encodeURIComponent(JSON.stringify(json(input)));
    const answer = await api.get(`/trpc/${path}?input=${sent}`);
    return { status: answer.status, data: answer.body.result?.data.json, app: answer.body.error?.json.data.app };
  };

  test("tRPC procedures return the same results and refusals as REST", async () => {
    const placed = await mutate("holds.create", { amount: 5, action: "song", metadata: { a: 1 } });
    const { holdId: id } = placed.data;
    expect(placed).toMatchObject({ status: 200, data: { amount: 5, held: 5 } });
    expect(await mutate("holds.capture", { holdId: id, amount: 2 })).toMatchObject({
      data: { captured: 2, released: 3 },
    });
    expect(await mutate("holds.release", { holdId: id })).toMatchObject({
      status: 409,
      app: { code: "HOLD_ALREADY_RESOLVED", state: "captured", resolvedAt: expect.any(String) },
    });
    expect(await query("holds.find", { holdId: id })).toMatchObject({
      data: { state: "captured", metadata: { a: 1 } },
    });
    const page = await query("transactions.list", { kind: "capture", limit: 1 });
    expect(page).toMatchObject({ data: { items: [{ holdId: id, amount: 2 }], nextCursor: null } });
    const { transactionId } = page.data.items[0];
    expect(await query("transactions.find", { transactionId })).toMatchObject({ data: { refundable: 2 } });
    expect(await mutate("refunds.create", { transactionId })).toMatchObject({
      status: 403,
      app: { code: "FORBIDDEN" },
    });
    expect(await mutate("refunds.create", { transactionId }, "admin")).toMatchObject({ data: { refunded: 2 } });
    const grant = { userId: "USER@example.com", amount: 3, reason: "thanks" };
    expect(await mutate("admin.grant", grant)).toMatchObject({ status: 403, app: { code: "FORBIDDEN" } });
    expect(await mutate("admin.grant", grant, "admin")).toMatchObject({ data: { balance: 103 } });
    expect(await mutate("admin.revoke", grant, "admin")).toMatchObject({ data: { revoked: 3, balance: 100 } });
    expect(await query("grants.list", { limit: 1 })).toMatchObject({
      data: { items: [{ source: "admin", amount: 3 }] },
    });
  });

  test("a tRPC refusal carries its details", async () => {
    const { data } = await mutate("holds.create", { amount: 5, action: "song" });
    expect(await mutate("holds.capture", { holdId: data.holdId, amount: 6 })).toMatchObject({
      status: 422,
      app: { code: "CAPTURE_EXCEEDS_HOLD", amount: 6, held: 5 },
    });
    expect(await query("transactions.list", { limit: 0 })).toMatchObject({
      status: 400,
      app: { code: "VALIDATION_FAILED", issues: [{ path: "limit" }] },
    });
  });
});
