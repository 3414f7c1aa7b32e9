import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, admin, grantsOf, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const NO_HOLD = "hold-01a204b4-52c2-765e-9ff6-3a127379f980";

describe("the search of staff", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite");
  });
  afterAll(() => api?.server.stop());

  const search = async (q: string) =>
    (await api.get(`/admin/search?q=${encodeURIComponent(q)}`, "admin")).body["items"] as Record<string, unknown>[];

  test("a transaction is found by its id, with its user", async () => {
    const { transactionId } = (await api.post("/credits/consume", { amount: 1, action: "image" })).body;
    expect(await search(String(transactionId))).toEqual([
      { kind: "transaction", id: transactionId, userId: user.email, label: "consume" },
    ]);
  });

  test("a hold is found by its id, with its user and action, while it is open and after its capture", async () => {
    const { holdId } = (await api.post("/credits/holds", { amount: 2, action: "render" })).body;
    const found = [{ kind: "hold", id: holdId, userId: user.email, label: "render" }];
    expect(await search(String(holdId))).toEqual(found);
    expect(await api.post(`/credits/holds/${holdId}/capture`, { amount: 1 })).toMatchObject({ status: 200 });
    expect(await search(` ${holdId} `)).toEqual(found);
  });

  test("a grant by an admin and the first grant of a user are found by their ids, with user and source", async () => {
    const given = { amount: 3, source: "bonus", reason: "a present" };
    const { grantId } = (await api.post(grantsOf(other.email), given, { as: "admin" })).body;
    expect(await search(String(grantId))).toEqual([
      { kind: "grant", id: grantId, userId: other.email, label: "bonus" },
    ]);
    const grants = (await api.get("/credits/grants", "other")).body["items"] as Record<string, unknown>[];
    const first = grants.find(({ source }) => source === "initial")?.["grantId"];
    expect(await search(String(first))).toEqual([{ kind: "grant", id: first, userId: other.email, label: "initial" }]);
  });

  test("a log is found by its id, with its action", async () => {
    const log = {
      userId: user.email,
      action: "image",
      success: true,
      timestamp: new Date().toISOString(),
      details: {},
    };
    const { logId } = (await api.post("/logs/create", log)).body;
    expect(await search(String(logId))).toEqual([{ kind: "log", id: logId, userId: user.email, label: "image" }]);
  });

  test("a service key is found by its id and by its first characters", async () => {
    const key = (await api.post("/keys", { name: "backend", scopes: ["credits:read"] }, { as: "admin" })).body;
    const found = [{ kind: "key", id: key["keyId"], userId: admin.email, label: "backend" }];
    expect(await search(`key:${key["keyId"]}`)).toEqual(found);
    expect(await search(String(key["key"]).slice(0, 24))).toEqual(found);
    expect(JSON.stringify(await search(String(key["key"])))).not.toContain(String(key["key"]).slice(24));
  });

  test("users are found by the start of the address, whatever its case", async () => {
    expect(await search(user.email.slice(0, 4).toUpperCase())).toContainEqual(
      expect.objectContaining({ kind: "user", id: user.email }),
    );
  });

  test.each([
    "txn-0",
    "hold-0",
    NO_HOLD,
    NO_HOLD.replace("hold", "grant"),
    "log-01a204b4-52c2-765e-9ff6-3a127379f980",
    "0".repeat(32),
    "%",
    "nothing-has-this-name@",
  ])("%s finds nothing", async (q) => expect(await search(q)).toEqual([]));

  test("a user is refused", async () => {
    expect(await api.get("/admin/search?q=a", "user")).toMatchObject({ status: 403 });
  });
});
