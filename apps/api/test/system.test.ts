import { eventually } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";

const SECRET = "a-secret-of-the-server-that-nothing-may-show";

describe("the operations on the system", () => {
  let api: ApiWithAdmin;
  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite", {
      JWT_SECRET: SECRET,
      BRAND_NAME: "Studio",
      METRICS_TOKEN: "a-token-of-the-metrics",
    });
  });
  afterAll(() => api?.server.stop());

  test("system.status names the version, the database and every background job", async () => {
    const { body } = await api.get("/admin/system", "admin");
    expect(body).toMatchObject({ version: expect.any(String), database: "sqlite", mail: false, redis: false });
    expect(body["jobs"]).toContainEqual(
      expect.objectContaining({ name: "expirations", hasLease: expect.any(Boolean) }),
    );
  });

  test("system.settings says where each value comes from, and never shows a secret", async () => {
    const { body } = await api.get("/admin/system/settings", "admin");
    const items = body["items"] as { name: string }[];
    const find = (name: string) => items.find((item) => item.name === name);
    expect(find("BRAND_NAME")).toMatchObject({ source: "environment", value: "Studio", isSecret: false });
    expect(find("RATE_LIMIT_MAIL")).toMatchObject({ source: "default", value: "60/1h" });
    expect(find("JWT_SECRET")).toMatchObject({ source: "environment", value: null, isSecret: true });
    expect(find("USER_WHITELIST")).toMatchObject({ source: "environment", value: null, isSecret: true });
    for (const secret of [SECRET, "a-token-of-the-metrics", admin.password])
      expect(JSON.stringify(body)).not.toContain(secret);
  });

  test("system.doctor returns findings in the language of the caller, each error with a remedy", async () => {
    const { status, body } = await api.post("/admin/system/doctor", {}, { as: "admin" });
    expect(status).toBe(200);
    const findings = body["findings"] as { about: string; state: string; remedy: string | null }[];
    expect(findings).toContainEqual(expect.objectContaining({ about: "database", state: "ok" }));
    expect(findings.filter(({ state, remedy }) => state !== "ok" && remedy === null)).toEqual([]);
  });

  test("system.startAudit audits in the background, once at a time, and the audit log names the admin", async () => {
    const started = await Promise.all([1, 2].map(() => api.post("/admin/system/audits", {}, { as: "admin" })));
    const runIds = new Set(started.map(({ body }) => body["runId"]));
    type Audit = { readonly runId: string; readonly differences: number };
    let audits: readonly Audit[] = [];
    await eventually(async () => {
      const { body } = await api.get("/admin/system/audits", "admin");
      expect(body).toMatchObject({ running: null, failedAt: null });
      audits = body["items"] as readonly Audit[];
    });
    expect(audits.map(({ runId }) => runId).filter((id) => runIds.has(id))).toHaveLength(runIds.size);
    expect(audits[0]).toMatchObject({ differences: 0 });
    const { body } = await api.get("/admin/audit?action=system.audit", "admin");
    expect(body["items"]).toContainEqual(expect.objectContaining({ actor: `user:${admin.email}` }));
  });

  test.each(["/admin/system", "/admin/system/settings", "/admin/system/audits"])(
    "GET %s is refused to a user",
    async (path) => {
      expect(await api.get(path, "user")).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
    },
  );
});
