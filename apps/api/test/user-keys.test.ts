import { describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jifenWith } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

const key = { name: "worker", scopes: ["credits:spend", "credits:read"] };

describeOn("sqlite")("service keys of users without USER_KEYS", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite");
  });
  afterAll(() => api.server.stop());

  const off = { status: 403, body: { code: "USER_KEYS_OFF", message: expect.stringContaining("管理员") } };
  /** A key of the user that an admin created. */
  const keyOfUser = async () => (await api.post("/keys", { ...key, userId: user.email }, { as: "admin" })).body;

  test("a user creates no key, and the refusal says what to do", async () => {
    expect(await api.post("/keys", key)).toMatchObject(off);
    const english = { token: api.tokens.user, body: key, headers: { "accept-language": "en" } };
    expect((await api.server.call("POST", "/keys", english)).body.message).toContain("ask an admin");
    expect((await api.get("/keys")).body.items).toEqual([]);
  });

  test("a user's key is accepted, listed and revoked, and neither the user nor the key itself rotates it", async () => {
    const { keyId, key: token } = await keyOfUser();
    expect((await api.server.call("GET", "/credits/balance", { token })).status).toBe(200);
    expect(await api.post(`/keys/${keyId}/rotate`, {})).toMatchObject(off);
    expect(await api.post("/keys/3fKq9ZtB0xYw/rotate", {})).toMatchObject(off);
    expect((await api.get("/keys")).body.items.map((each: { keyId: string }) => each.keyId)).toContain(keyId);
    expect((await api.server.call("GET", "/credits/balance", { token })).status).toBe(200);
    expect(await api.post(`/keys/${keyId}/rotate`, {}, { as: "admin" })).toMatchObject({ status: 200 });
    expect(await api.post(`/keys/${keyId}/revoke`, {})).toMatchObject({ status: 200 });
  });

  test("staff create and rotate keys, and a user who leaves staff no longer does", async () => {
    const role = (name: string) =>
      api.post("/admin/users/other@example.com/role", { role: name, reason: "a test" }, { as: "admin" });
    for (const name of ["support", "finance"]) {
      expect(await role(name)).toMatchObject({ status: 200 });
      const { status, body } = await api.post("/keys", key, { as: "other" });
      expect(status).toBe(200);
      expect(await api.post(`/keys/${body.keyId}/rotate`, {}, { as: "other" })).toMatchObject({ status: 200 });
    }
    await role("user");
    expect(await api.post("/keys", key, { as: "other" })).toMatchObject(off);
  });

  test("the command line creates and rotates keys of users", async () => {
    const jifen = async (...words: string[]) =>
      JSON.parse((await jifenWith({ DATABASE_URL: api.server.database.url }, ...words, "--json")).stdout);
    const { keyId } = await jifen("key", "create", "--owner", user.email, "--name", "job", "--scopes", "credits:read");
    expect(await jifen("key", "rotate", keyId)).toMatchObject({ keyId });
  });
});
