import { auditActions } from "@jifen/contract";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the actions of the audit log on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      const suspend = `/admin/users/${encodeURIComponent(user.email)}/suspend`;
      expect(await api.post(suspend, { reason: "a test" }, { as: "admin" })).toMatchObject({ status: 200 });
      const grant = { amount: 3, reason: "a gift" };
      expect(await api.post(grantsOf(user.email), grant, { as: "admin", key: newKey() })).toMatchObject({
        status: 200,
      });
    });
    afterAll(() => api.server.stop());

    const actionsOf = async (action: string): Promise<readonly string[]> => {
      const { status, body } = await api.get(`/admin/audit?limit=100&action=${action}`, "admin");
      expect({ status, body }).toMatchObject({ status: 200 });
      return [...new Set<string>(body.items.map((item: { action: string }) => item.action))];
    };

    test("a noun with its dot finds all of its actions and no others", async () => {
      const found = await actionsOf("users.");
      expect(found).toContain("users.suspend");
      expect(found.every((action) => action.startsWith("users."))).toBe(true);
      expect(await actionsOf("credits.")).toEqual(["credits.grant"]);
    });

    test("an action without a dot at its end is the whole name, and a wildcard means nothing", async () => {
      expect(await actionsOf("users.suspend")).toEqual(["users.suspend"]);
      for (const none of ["users", "users.susp", "%25.", "_sers."]) expect(await actionsOf(none)).toEqual([]);
    });

    test("every recorded action is one of the contract's names", async () => {
      const { body } = await api.get("/admin/audit?limit=100", "admin");
      const recorded = body.items.map((item: { action: string }) => item.action);
      expect(recorded.filter((action: string) => !(auditActions as readonly string[]).includes(action))).toEqual([]);
    });
  });
}
