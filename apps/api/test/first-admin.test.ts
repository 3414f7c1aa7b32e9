import {
  type Api,
  apiSurfaceKinds,
  callRest,
  databaseKinds,
  describeOn,
  freshDatabase,
  startApi,
} from "@jifen/testkit";
import { expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { admin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const newPassword = "tr0ub4dor-and-3";
const setupLink = (api: Api) => api.logs().find((line) => "setupLink" in line)?.["setupLink"];
const createFirstAdmin = (api: Api, link: unknown, body: object = {}) =>
  callRest(api.url, "POST", "/auth/first-admin", {
    body: { token: String(link).split("#first-admin.")[1], email: "first@example.com", newPassword, ...body },
  });

for (const kind of databaseKinds) {
  describeOn(kind)(`the first admin on ${kind}`, () => {
    test("of 12 concurrent requests with the setup link, one creates the first admin, and no new link follows", async () => {
      const database = await freshDatabase(kind);
      const api = await startApi({ databaseUrl: database.url, env: { PUBLIC_URL: "https://credits.example.com/" } });
      const link = setupLink(api);
      expect(link).toMatch(/^https:\/\/credits\.example\.com\/link#first-admin\.[\w-]+\.[\w-]{43}$/);
      expect(await createFirstAdmin(api, link, { newPassword: "short" })).toMatchObject({
        status: 400,
        body: { issues: [{ path: "newPassword" }] },
      });
      const emails = Array.from({ length: 12 }, (_, n) => `first-${n}@example.com`);
      const answers = await Promise.all(emails.map((email) => createFirstAdmin(api, link, { email })));
      const created = answers.filter(({ status }) => status === 200);
      expect(created).toHaveLength(1);
      for (const { status, body } of answers)
        expect([200, 410, 503]).toContain(body.code === "OVERLOADED" ? 503 : status);
      const users = await callRest(api.url, "GET", "/admin/users?role=admin", { token: created[0]?.body.token });
      expect(users.body.items).toMatchObject([{ userId: created[0]?.body.userId, role: "admin" }]);
      expect(await createFirstAdmin(api, link)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
      await api.stop();
      await using again = await startApi({ databaseUrl: database.url });
      expect(setupLink(again)).toBeUndefined();
      await again.stop();
      await database.drop();
    }, 60_000);
  });
}

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the setup link on ${kind}`, () => {
    test("only the setup link of the last start is valid", async () => {
      const database = await freshDatabase(kind);
      const first = await startApi({ databaseUrl: database.url });
      await createTestUsers(database.url, `${user.email}:${user.password}`, 0);
      await using second = await startApi({ databaseUrl: database.url });
      expect(await createFirstAdmin(second, setupLink(first))).toMatchObject({ status: 410 });
      expect(await createFirstAdmin(second, setupLink(second), { email: user.email })).toMatchObject({
        status: 409,
        body: { code: "EMAIL_TAKEN" },
      });
      expect((await createFirstAdmin(second, setupLink(second))).status).toBe(200);
      await first.stop();
      await second.stop();
      await database.drop();
    });
  });
}

test("the setup link ends when the command line creates an admin", async () => {
  const database = await freshDatabase("sqlite");
  await using api = await startApi({ databaseUrl: database.url });
  const made = await jifen(database.url, "admin", "create", admin.email);
  expect(made.exitCode).toBe(0);
  // Even when that admin is gone: the link was for a server that never had one.
  await jifen(database.url, "user", "suspend", admin.email);
  expect(await createFirstAdmin(api, setupLink(api))).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
});

test("the setup link of an earlier start creates no admin on a server with ADMIN_EMAILS", async () => {
  const database = await freshDatabase("sqlite");
  const first = await startApi({ databaseUrl: database.url });
  const link = setupLink(first);
  await first.stop();
  await using api = await startApi({ databaseUrl: database.url, env: { ADMIN_EMAILS: admin.email } });
  expect(await createFirstAdmin(api, link)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
});

test("a server with ADMIN_EMAILS logs no setup link", async () => {
  await using api = await startApi({ env: { ADMIN_EMAILS: admin.email } });
  expect(setupLink(api)).toBeUndefined();
});
