import { eventually } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { makeBatch } from "./redemption.ts";
import { admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other } from "./start-server.ts";
import { startReceiver } from "./webhook-receiver.ts";

const env = { RATE_LIMIT_WEBHOOKS: "off", WEBHOOK_ALLOW: "127.0.0.1" };

describe("limits and hosts of webhook endpoints", () => {
  test("endpoints that are created or tested are limited for each owner, before their hosts are looked up", async () => {
    const api = await startApiWithAdmin("sqlite", { ...env, RATE_LIMIT_WEBHOOKS: "3/1m" });
    const receiver = await startReceiver();
    const create = (as: "admin" | "other") =>
      api.post("/webhooks/endpoints", { url: as === "admin" ? receiver.url : "https://93.184.216.34/" }, { as });
    const testIt = ({ body }: Awaited<ReturnType<typeof create>>) =>
      api.post(`/webhooks/endpoints/${body.endpoint.endpointId}/test`, {}, { as: "admin" });
    const [first] = [await create("admin"), await create("admin")];
    expect((await testIt(first)).body).toMatchObject({ delivered: true });
    for (const refused of [await testIt(first), await create("admin")])
      expect(refused).toMatchObject({
        status: 429,
        body: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) },
      });
    expect(receiver.received).toHaveLength(1);
    expect((await create("other")).status).toBe(200);
    await receiver.close();
    await api.server.stop();
  });

  test("only endpoints of admins reach the networks of WEBHOOK_ALLOW, when they are created, tested and sent to", async () => {
    const api = await startApiWithAdmin("sqlite", env);
    const receiver = await startReceiver();
    const create = () => api.post("/webhooks/endpoints", { url: receiver.url }, { as: "other" });
    const setRole = async (role: string) => {
      const path = `/admin/users/${encodeURIComponent(other.email)}/role`;
      expect(await api.post(path, { role, reason: "test" }, { as: "admin" })).toMatchObject({ status: 200 });
    };
    expect(await create()).toMatchObject({ status: 422, body: { code: "ADDRESS_NOT_ALLOWED" } });
    await setRole("admin");
    let endpointId = "";
    await eventually(async () => {
      const created = await create();
      expect(created).toMatchObject({ status: 200 });
      endpointId = created.body.endpoint.endpointId;
    });
    const testIt = async () => (await api.post(`/webhooks/endpoints/${endpointId}/test`, {}, { as: "other" })).body;
    expect(await testIt()).toMatchObject({ delivered: true });
    await setRole("user");
    const notAllowed = "the address is not allowed";
    await eventually(async () => expect(await testIt()).toEqual({ delivered: false, status: null, error: notAllowed }));
    const { length } = receiver.received;
    const { codes } = await makeBatch(api, { codes: 1, maxPerUser: 1 });
    expect((await api.post("/codes/redeem", { code: codes[0] }, { as: "other" })).status).toBe(200);
    await eventually(async () => {
      const { items } = (await api.get(`/webhooks/deliveries?endpointId=${endpointId}`, "other")).body;
      expect(items).toMatchObject([{ tries: 1, lastError: notAllowed }]);
    });
    expect(receiver.received).toHaveLength(length);
    await receiver.close();
    await api.server.stop();
  });

  test("users cannot get the events of others, and have at most ten endpoints", async () => {
    const api = await startApiWithAdmin("sqlite", { RATE_LIMIT_WEBHOOKS: "off" });
    const url = "https://93.184.216.34/hook";
    const refused = await api.post("/webhooks/endpoints", { url, allUsers: true }, { as: "other" });
    expect(refused).toMatchObject({ status: 403, body: { code: "FORBIDDEN", roles: ["admin"] } });
    for (let n = 0; n < 10; n += 1)
      expect((await api.post("/webhooks/endpoints", { url }, { as: "other" })).status).toBe(200);
    const full = await api.post("/webhooks/endpoints", { url }, { as: "other" });
    expect(full).toMatchObject({ status: 409, body: { code: "ENDPOINT_LIMIT", limit: 10 } });
    const notLookedUp = await api.post("/webhooks/endpoints", { url: "https://10.0.0.1/" }, { as: "other" });
    expect(notLookedUp).toMatchObject({ status: 409, body: { code: "ENDPOINT_LIMIT" } });
    await api.server.stop();
  });

  test("an admin ends the endpoint of any user, and those of a service key end when it is revoked", async () => {
    const api = await startApiWithAdmin("sqlite");
    const url = "https://93.184.216.34/hook";
    const { endpointId } = (await api.post("/webhooks/endpoints", { url }, { as: "other" })).body.endpoint;
    const path = `/webhooks/endpoints/${endpointId}/end`;
    expect(await api.post(path, {})).toMatchObject({ status: 404, body: { code: "ENDPOINT_NOT_FOUND" } });
    expect(await api.post(path, {}, { as: "admin" })).toMatchObject({
      status: 200,
      body: { endpoint: { state: "ended" } },
    });
    expect((await api.get("/webhooks/endpoints", "other")).body.items).toEqual([]);
    const { items: events } = (await api.get("/admin/audit?action=webhooks.end", "admin")).body;
    expect(events).toMatchObject([{ actor: `user:${admin.email}`, details: { owner: other.email } }]);
    const { key, keyId } = (await api.post("/keys", { name: "k", scopes: ["admin"] }, { as: "admin" })).body;
    expect(await api.server.call("POST", "/webhooks/endpoints", { token: key, body: { url } })).toMatchObject({
      status: 200,
    });
    expect((await api.get("/webhooks/endpoints", "admin")).body.items).toMatchObject([{ state: "active" }]);
    expect((await api.post(`/keys/${keyId}/revoke`, {}, { as: "admin" })).status).toBe(200);
    expect((await api.get("/webhooks/endpoints", "admin")).body.items).toEqual([]);
    await api.server.stop();
  });

  test("private, loopback and link-local addresses are refused in every form, and so are other protocols", async () => {
    const api = await startApiWithAdmin("sqlite", { RATE_LIMIT_WEBHOOKS: "off" });
    const create = async (url: string) => (await api.post("/webhooks/endpoints", { url })).body;
    for (const host of [
      ...[
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
      ],
      ...["[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[64:ff9b::7f00:1]"],
      ...["2130706433", "0x7f.1", "0177.0.0.1", "127.1"],
    ]) {
      expect([host, (await create(`https://${host}/hook`)).code]).toEqual([host, "ADDRESS_NOT_ALLOWED"]);
    }
    expect((await create("http://93.184.216.34/hook")).code).toBe("ADDRESS_NOT_ALLOWED");
    for (const url of [
      "ftp://example.com",
      "example.com",
      "https://u:p@example.com",
      "https://example.com/#a",
      "",
    ].concat(["\u0000", "\u001b[2J", "\u007f", "\u009b31m", "\ud800"].map((text) => `https://example.com/${text}`))) {
      expect(await create(url)).toMatchObject({ code: "VALIDATION_FAILED", issues: [{ path: "url" }] });
    }
    await api.server.stop();
  });
});
