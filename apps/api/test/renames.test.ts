import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`names of users on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api?.server.stop());

    const nameOf = async (email: string) => (await api.get(`/admin/users/${email}`, "admin")).body.name;
    const pathOf = (email: string) => `/admin/users/${email}/name`;
    const lastRename = async (email: string) => {
      const { body } = await api.get(`/admin/audit?action=users.rename&subject=user:${email}&limit=1`, "admin");
      return body.items[0];
    };

    test("a user changes the own name, which is shown immediately and recorded, and stays logged in", async () => {
      const renamed = await api.post("/auth/name", { name: "王 小明" });
      expect(renamed).toMatchObject({ status: 200 });
      expect(renamed.body).toEqual({ userId: user.email, email: user.email, name: "王 小明" });
      expect((await api.get("/auth/me")).body).toMatchObject({ userId: user.email, name: "王 小明" });
      expect(await nameOf(user.email)).toBe("王 小明");
      expect(await lastRename(user.email)).toMatchObject({
        ...{ actor: `user:${user.email}`, reason: null, details: { name: "王 小明" } },
      });
    });

    test("an admin changes the name of a user and the own, with a reason that is recorded", async () => {
      for (const email of [other.email, admin.email]) {
        const body = { name: `Renamed ${email}`, reason: "a typing error" };
        expect(await api.post(pathOf(email), body, { as: "admin" })).toMatchObject({
          ...{ status: 200, body: { userId: email, name: `Renamed ${email}` } },
        });
        expect(await nameOf(email)).toBe(`Renamed ${email}`);
        expect(await lastRename(email)).toMatchObject({
          ...{ actor: `user:${admin.email}`, reason: "a typing error", details: { name: `Renamed ${email}` } },
        });
      }
      expect((await api.get("/auth/me", "other")).body.name).toBe(`Renamed ${other.email}`);
    });

    test("a service key with users:write renames users but no admin, and no key renames its own user", async () => {
      const request = { name: "site", scopes: ["users:write", "credits:read"] };
      const token = (await api.post("/keys", request, { as: "admin" })).body.key as string;
      const rename = (path: string, body: object) => api.server.call("POST", path, { token, body });
      const before = await nameOf(admin.email);
      expect(await rename(pathOf(user.email), { name: "Ann", reason: "of the site" })).toMatchObject({ status: 200 });
      for (const refused of [
        await rename(pathOf(admin.email), { name: "Ann", reason: "of the site" }),
        await rename("/auth/name", { name: "Ann" }),
      ]) {
        expect(refused).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      }
      expect([await nameOf(user.email), await nameOf(admin.email)]).toEqual(["Ann", before]);
    });

    test.each([
      { says: "an empty name", body: { name: "" } },
      { says: "a name of two lines", body: { name: "two\nlines" } },
      { says: "a name of 101 characters", body: { name: "x".repeat(101) } },
      { says: "a missing name", body: {} },
    ])("$says is refused and changes nothing", async ({ body }) => {
      const before = await nameOf(user.email);
      for (const refused of [
        await api.post("/auth/name", body),
        await api.post(pathOf(user.email), { ...body, reason: "a test" }, { as: "admin" }),
      ]) {
        expect(refused).toMatchObject({ status: 400, body: { issues: [{ path: "name" }] } });
      }
      expect(await nameOf(user.email)).toBe(before);
    });

    test("renaming an unknown user is refused, and a user renames no other user", async () => {
      const body = { name: "Ann", reason: "a test" };
      expect(await api.post(pathOf("stranger@example.com"), body, { as: "admin" })).toMatchObject({
        ...{ status: 404, body: { code: "USER_NOT_FOUND" } },
      });
      expect(await api.post(pathOf(other.email), body)).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
    });
  });
}
