import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jifenWith } from "./jifen-command.ts";
import { type ApiWithAdmin, admin, inMs, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const encoded = encodeURIComponent;

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`the command line applies the rules of the HTTP API on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { USER_KEYS: "on" });
    });
    afterAll(() => api.server.stop());

    const jifen = (...words: string[]) => jifenWith({ DATABASE_URL: api.server.database.url }, ...words);
    const jifenWithAdminEmails = (...words: string[]) =>
      jifenWith({ DATABASE_URL: api.server.database.url, ADMIN_EMAILS: admin.email }, ...words);
    const asJson = async (...words: string[]) => {
      const { exitCode, stdout, stderr } = await jifen(...words, "--json");
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    const refusalOf = async (...words: string[]) => {
      const { exitCode, stdout, stderr } = await jifen(...words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      return stderr;
    };
    const key = (owner: string, scopes: string) => ["--owner", owner, "--name", "worker", "--scopes", scopes];
    const eventsOf = async (subject: string) =>
      (await api.get(`/admin/audit?subject=${encoded(subject)}`, "admin")).body.items;

    test("the operator can suspend a user while no admin exists", async () => {
      const userId = "first@example.com";
      await asJson("user", "create", userId);
      expect(await asJson("user", "suspend", userId)).toEqual({ userId, action: "users.suspend" });
      expect(await asJson("user", "resume", userId)).toEqual({ userId, action: "users.resume" });
    });

    test("the operator cannot create a key that has expired", async () => {
      const create = (expiresAt: string) =>
        refusalOf("key", "create", ...key(user.email, "credits:read"), "--expires-at", expiresAt);
      expect(await create("2020-01-01T00:00:00Z")).toContain("expiresAt: must be in the future");
      expect(
        (await api.post("/keys", { name: "worker", scopes: ["credits:read"], expiresAt: inMs(-1) })).body,
      ).toMatchObject({
        code: "VALIDATION_FAILED",
        issues: [{ path: "expiresAt", message: "必须晚于现在" }],
      });
      expect((await api.get("/keys")).body.items).toEqual([]);
    });

    test("a key can have the scopes of an admin when ADMIN_EMAILS names its owner", async () => {
      const create = ["key", "create", ...key(admin.email, "users:write")];
      const created = await jifenWithAdminEmails(...create, "--json");
      expect(created).toMatchObject({ exitCode: 0, stderr: "" });
      const { key: token } = JSON.parse(created.stdout);
      expect((await api.server.call("POST", "/admin/users", { token, body: {} })).status).toBe(400);
      expect(await refusalOf(...create)).toContain("SCOPE_NOT_GRANTABLE");
    });

    test("a revoked key can be neither rotated nor revoked again, and the refusal names the reason", async () => {
      const { keyId } = await asJson("key", "create", ...key(user.email, "credits:read"));
      await asJson("key", "revoke", keyId);
      for (const verb of ["rotate", "revoke"]) {
        expect(await refusalOf("key", verb, keyId)).toContain("KEY_REVOKED");
        expect((await api.post(`/keys/${keyId}/${verb}`, {}, { as: "admin" })).body.code).toBe("KEY_REVOKED");
        expect(await refusalOf("key", verb, "unknown")).toContain("KEY_NOT_FOUND");
      }
    });

    test("jifen key list shows every key as GET /keys does, and refuses an unknown owner", {
      timeout: timeLimit(60),
    }, async () => {
      for (const as of ["user", "other", "admin"] as const) {
        for (let count = 0; count < 40; count += 1) {
          const { status } = await api.post("/keys", { name: `worker ${count}`, scopes: ["credits:read"] }, { as });
          expect(status).toBe(200);
        }
      }
      const ofOther = (await api.get("/keys?limit=100", "other")).body.items;
      expect(ofOther).toHaveLength(40);
      expect((await asJson("key", "list", "--owner", other.email)).items).toEqual(ofOther);
      const all = (await asJson("key", "list")).items as { keyId: string }[];
      expect(all.length).toBeGreaterThanOrEqual(120);
      expect(new Set(all.map(({ keyId }) => keyId)).size).toBe(all.length);
      expect(await refusalOf("key", "list", "--owner", "unknown@example.com")).toContain("USER_NOT_FOUND");
    });

    test("the operator cannot suspend the last admin", async () => {
      const email = "only-admin@example.com";
      await asJson("admin", "create", email);
      expect(await refusalOf("user", "suspend", email)).toContain("LAST_ADMIN");
      const event = expect.objectContaining({ action: "users.suspend" });
      expect(await eventsOf(`user:${email}`)).not.toContainEqual(event);
      expect(await jifenWithAdminEmails("user", "suspend", email)).toMatchObject({ exitCode: 0 });
      expect(await eventsOf(`user:${email}`)).toContainEqual(event);
    });

    test("promoting a user to admin records the role and the password link in the audit log", async () => {
      const email = "promoted@example.com";
      await asJson("user", "create", email);
      expect(await asJson("admin", "create", email)).toMatchObject({ isNew: false });
      expect(await eventsOf(`user:${email}`)).toMatchObject([
        { action: "users.passwordLink", actor: "operator" },
        { action: "users.setRole", actor: "operator", details: { role: "admin" } },
        { action: "users.create", actor: "operator", details: { role: "user" } },
      ]);
    });

    test("the e-mail address of a deleted user cannot be used again", async () => {
      const email = "deleted@example.com";
      await asJson("user", "create", email);
      const path = `/admin/users/${encoded(email)}/delete`;
      expect((await api.post(path, { reason: "test" }, { as: "admin" })).status).toBe(200);
      expect((await api.post("/admin/users", { email }, { as: "admin" })).body.code).toBe("EMAIL_TAKEN");
      expect(await refusalOf("user", "create", email)).toContain("EMAIL_TAKEN");
      expect(await refusalOf("admin", "create", email)).toContain("EMAIL_TAKEN");
    });

    // The reason is checked before the database is asked: one kind is enough.
    test.runIf(kind === "sqlite").each(["suspend", "resume", "sessions end", "password-link"])(
      "jifen user %s refuses a reason that the API refuses",
      async (verb) => {
        for (const reason of ["a\tb", "x".repeat(101)]) {
          const refused = await refusalOf("user", ...verb.split(" "), user.email, `--reason=${reason}`);
          expect(refused).toMatch(/reason: must be .*1 to 100 characters/);
        }
      },
    );
  });
}
