import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";

let api: ApiWithAdmin;
beforeAll(async () => {
  api = await startApiWithAdmin("sqlite");
});
afterAll(() => api.server.stop());

const aboutProxy = async () => {
  const { body } = await api.post("/admin/system/doctor", {}, { as: "admin" });
  return body.findings.filter(({ about }: { about: string }) => about === "proxy");
};
const warnings = () => api.server.api.logs().filter(({ proxy }) => proxy !== undefined);

test("a forwarded address from a peer that TRUST_PROXY does not name is warned about once, and found by the doctor", async () => {
  await api.server.call("GET", "/health");
  expect(await aboutProxy()).toEqual([]);
  expect(warnings()).toEqual([]);
  const headers = { "x-forwarded-for": "203.0.113.7" };
  for (let turn = 0; turn < 5; turn += 1) await api.server.call("GET", "/health", { headers });
  await expect.poll(warnings).toEqual([expect.objectContaining({ level: "warn", proxy: "127.0.0.1" })]);
  expect(await aboutProxy()).toEqual([
    expect.objectContaining({ state: "warning", remedy: expect.stringContaining("TRUST_PROXY") }),
  ]);
});

test("the address of a client that is named by a trusted proxy is no warning", async () => {
  const behind = await startApiWithAdmin("sqlite", { TRUST_PROXY: "loopback" });
  try {
    await behind.server.call("GET", "/health", { headers: { "x-forwarded-for": "203.0.113.7" } });
    const { body } = await behind.post("/admin/system/doctor", {}, { as: "admin" });
    expect(body.findings.filter(({ about }: { about: string }) => about === "proxy")).toEqual([]);
    expect(behind.server.api.logs().filter(({ proxy }) => proxy !== undefined)).toEqual([]);
  } finally {
    await behind.server.stop();
  }
});
