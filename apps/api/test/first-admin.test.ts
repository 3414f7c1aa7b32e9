import {
  type Api,
  apiSurfaceKinds,
  callRest,
  databaseKinds,
  describeOn,
  freshDatabase,
  startApi,
} from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { jifen, jifenWith } from "./jifen-command.ts";
import { admin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

/** An admin by ADMIN_EMAILS who exists. */
const named = { ADMIN_EMAILS: admin.email, USER_WHITELIST: `${admin.email}:${admin.password}` };
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
    });
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
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path: "newPassword" }] },
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

test("the setup link of an earlier start creates no admin where ADMIN_EMAILS names a user", async () => {
  const database = await freshDatabase("sqlite");
  const first = await startApi({ databaseUrl: database.url });
  const link = setupLink(first);
  await first.stop();
  await using api = await startApi({ databaseUrl: database.url, env: named });
  expect(setupLink(api)).toBeUndefined();
  expect(await createFirstAdmin(api, link)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
});

test("ADMIN_EMAILS that names no user counts as no admin: the setup link is logged, and doctor warns", async () => {
  const database = await freshDatabase("sqlite");
  await using api = await startApi({ databaseUrl: database.url, env: { ADMIN_EMAILS: "typo@example.com" } });
  expect(api.logs()).toContainEqual(
    expect.objectContaining({ level: "warn", msg: expect.stringMatching(/ADMIN_EMAILS/) }),
  );
  const { stdout } = await jifenWith(
    { DATABASE_URL: database.url, ADMIN_EMAILS: "typo@example.com" },
    "doctor",
    "--lang=en",
  );
  expect(stdout).toMatch(/! admin: there is no admin: ADMIN_EMAILS names no user/);
  expect(await createFirstAdmin(api, setupLink(api))).toMatchObject({ status: 200 });
  await using again = await startApi({ databaseUrl: database.url, env: { ADMIN_EMAILS: "typo@example.com" } });
  expect(setupLink(again)).toBeUndefined();
});

describe("the setup link with the address of a user of the whitelist", () => {
  const whitelist = { USER_WHITELIST: `${user.email}:${user.password}` };
  const asUser = { email: user.email, newPassword: user.password };

  test("makes that user the admin when the password is right, ends the user's sessions, and is then used up", async () => {
    await using api = await startApi({ env: whitelist });
    const login = await callRest(api.url, "POST", "/auth/login", { body: user });
    const promoted = await createFirstAdmin(api, setupLink(api), asUser);
    expect(promoted).toMatchObject({ status: 200, body: { success: true, userId: user.email } });
    const admins = await callRest(api.url, "GET", "/admin/users?role=admin", { token: promoted.body.token });
    expect(admins.body.items).toMatchObject([{ userId: user.email, role: "admin" }]);
    expect(await callRest(api.url, "GET", "/credits/balance", { token: login.body.token })).toMatchObject({
      status: 401,
    });
    expect(await createFirstAdmin(api, setupLink(api), asUser)).toMatchObject({ status: 410 });
  });

  test("refuses a wrong password at its field, changes nothing, and limits guessing as the log-in does", async () => {
    await using api = await startApi({ env: { ...whitelist, RATE_LIMIT_LOGIN: "3/1m" } });
    const link = setupLink(api);
    const wrong = { ...asUser, newPassword: "a-wrong-password-1" };
    expect(await createFirstAdmin(api, link, wrong)).toMatchObject({
      status: 400,
      body: { code: "VALIDATION_FAILED", issues: [{ path: "newPassword" }] },
    });
    for (const n of [2, 3, 4]) await createFirstAdmin(api, link, { ...asUser, newPassword: `a-wrong-password-${n}` });
    expect(await createFirstAdmin(api, link, wrong)).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect(await createFirstAdmin(api, link)).toMatchObject({ status: 200 });
  });

  test("does not compare a password without a valid link", async () => {
    await using api = await startApi({ env: whitelist });
    const link = String(setupLink(api)).slice(0, -1);
    for (const body of [asUser, { ...asUser, newPassword: "a-wrong-password-1" }]) {
      expect(await createFirstAdmin(api, `${link}_`, body)).toMatchObject({
        status: 410,
        body: { code: "LINK_EXPIRED" },
      });
    }
  });

  test("of the address and concurrent other addresses, one becomes admin", async () => {
    const database = await freshDatabase("sqlite");
    await using api = await startApi({ databaseUrl: database.url, env: whitelist });
    const link = setupLink(api);
    const bodies = [asUser, ...[1, 2, 3].map((n) => ({ email: `first-${n}@example.com` }))];
    const answers = await Promise.all(bodies.map((body) => createFirstAdmin(api, link, body)));
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    const admins = await callRest(api.url, "GET", "/admin/users?role=admin", { token: made[0]?.body.token });
    expect(admins.body.items).toMatchObject([{ userId: made[0]?.body.userId }]);
  });
});
