import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

type Listed = { readonly userId: string };

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`lists of users on ${kind}`, () => {
    let api: ApiWithAdmin;
    const emails = ["a", "b", "c"].map((name) => `listed-${name}@example.com`);
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      for (const email of emails) await api.post("/admin/users", { email }, { as: "admin" });
      const suspended = await api.post(of(`${emails[1]}/suspend`), { reason: "spam" }, { as: "admin" });
      expect(suspended.status).toBe(200);
    });
    afterAll(() => api.server.stop());

    const of = (path: string) => `/admin/users/${path}`;
    const listed = async (query: string) => {
      const { status, body } = await api.get(`/admin/users?${query}`, "admin");
      expect({ status, body }).toMatchObject({ status: 200 });
      return body as { items: Listed[]; nextCursor: string | null };
    };
    const idsIn = (page: { items: Listed[] }) => page.items.map(({ userId }) => userId);
    const makeKey = async (scopes: readonly string[]) =>
      (await api.post("/keys", { name: "reads-users", scopes }, { as: "admin" })).body.key as string;

    test("users are listed newest first, in pages that leave none out", async () => {
      const newest = emails.toReversed();
      const first = await listed("prefix=listed-&order=newest&limit=2");
      expect(idsIn(first)).toEqual(newest.slice(0, 2));
      const second = await listed(`prefix=listed-&order=newest&limit=2&cursor=${first.nextCursor}`);
      expect(second).toMatchObject({ items: [{ userId: newest[2] }], nextCursor: null });
    });

    test.each(["id", "newest"])("users with ids of the greatest length are paged by %s", async (order) => {
      const ids = ["a", "b"].map((first) => `longest-${order}-${first.repeat(233 - order.length)}@example.com`);
      for (const email of ids) {
        expect(new TextEncoder().encode(email)).toHaveLength(254);
        expect((await api.post("/admin/users", { email }, { as: "admin" })).status).toBe(200);
      }
      const query = `prefix=longest-${order}-&order=${order}&limit=1`;
      const first = await listed(query);
      const second = await listed(`${query}&cursor=${first.nextCursor}`);
      expect([...idsIn(first), ...idsIn(second)].toSorted()).toEqual(ids);
      expect(second.nextCursor).toBeNull();
    });

    test("suspended and active users are listed apart", async () => {
      expect(idsIn(await listed("prefix=listed-&state=suspended"))).toEqual([emails[1]]);
      expect(idsIn(await listed("prefix=listed-&state=active&order=newest"))).toEqual([emails[2], emails[0]]);
      const { status, body } = await api.get("/admin/users?state=deleted", "admin");
      expect({ status, body }).toMatchObject({ status: 400, body: { issues: [{ path: "state" }] } });
    });

    test("an admin by ADMIN_EMAILS is listed as an admin and not by the stored role", async () => {
      const admins = await listed("role=admin");
      expect(admins.items).toMatchObject([{ userId: admin.email, role: "admin", roleFrom: "ADMIN_EMAILS" }]);
      const users = await listed("role=user&limit=4");
      expect(idsIn(users)).not.toContain(admin.email);
      expect(users.items).toHaveLength(4);
      expect(users.items).toMatchObject(users.items.map(() => ({ role: "user", roleFrom: "stored" })));
      const rest = await listed(`role=user&cursor=${users.nextCursor}`);
      expect([...idsIn(users), ...idsIn(rest)].toSorted()).toEqual(
        idsIn(await listed("limit=100")).filter((id) => id !== admin.email),
      );
    });

    test("balances are those that the users see, and only with the scope for accounts", async () => {
      expect((await listed("limit=1")).items[0]).not.toHaveProperty("balance");
      await api.post("/credits/consume", { amount: 7, action: "video" });
      const { balance } = await api.balance();
      expect(await listed(`prefix=${user.email}&with=balance`)).toMatchObject({ items: [{ balance }] });
      expect((await api.get(of(`${user.email}?with=balance`), "admin")).body).toMatchObject({ balance });
      const token = await makeKey(["users:read"]);
      for (const path of ["/admin/users?with=balance", of(`${user.email}?with=balance`)]) {
        const { status, body } = await api.server.call("GET", path, { token });
        expect({ status, body }).toMatchObject({ status: 403, body: { code: "FORBIDDEN", scope: "accounts:read" } });
      }
      const both = await makeKey(["users:read", "accounts:read"]);
      const { status } = await api.server.call("GET", "/admin/users?with=balance", { token: both });
      expect(status).toBe(200);
    });

    test("a log-in stores when the user was seen, which is unknown before", async () => {
      const before = Date.now();
      expect((await api.get(of(`${emails[0]}`), "admin")).body).toMatchObject({ lastSeenAt: null });
      const { lastSeenAt } = (await api.get(of(user.email), "admin")).body;
      expect(Math.abs(Date.parse(lastSeenAt) - before)).toBeLessThan(120_000);
    });

    test("a user is shown with the ways to sign in, and who suspended the user and why", async () => {
      const withPassword = (await api.get(of(user.email), "admin")).body;
      expect(withPassword).toMatchObject({ hasPassword: true, signsInBy: "password", suspension: null });
      const invited = (await api.get(of(`${emails[1]}`), "admin")).body;
      expect(invited).toMatchObject({
        ...{ hasPassword: false, signsInBy: "link" },
        suspension: { at: invited.suspendedAt, by: `user:${admin.email}`, reason: "spam" },
      });
      await api.post(of(`${emails[1]}/resume`), { reason: "a mistake" }, { as: "admin" });
      expect((await api.get(of(`${emails[1]}`), "admin")).body).toMatchObject({ suspension: null });
    });
  });
}
