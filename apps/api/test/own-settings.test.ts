import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVisitor } from "./browser-visitor.ts";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`log-ins and preferences of a user on ${kind}`, () => {
    let api: ApiWithAdmin;
    let mailbox: Mailbox;
    beforeAll(async () => {
      mailbox = await startMailbox();
      const mail = { SMTP_URL: mailbox.url, MAIL_FROM: "jifen@example.com", REGISTRATION: "open" };
      api = await startApiWithAdmin(kind, { ...mail, TRUST_PROXY: "loopback", RATE_LIMIT_LOGIN: "off" });
    });
    afterAll(async () => {
      await api.server.stop();
      await mailbox.close();
    });

    const choose = (body: object) => api.post("/auth/preferences", body);
    const chosen = async () => (await api.get("/auth/preferences")).body;
    const signIns = async (as: "user" | "other" = "other") => (await api.get("/auth/sign-ins", as)).body.items;
    const mailsTo = (email: string) => mailbox.received.filter(({ to }) => to.includes(email)).map(textOf);

    test("a log-in of a client, of a browser and by a link is listed with its time and address, newest first", async () => {
      const before = await signIns();
      const from = (address: string) => ({ "x-forwarded-for": address });
      const startedAt = Date.now();
      await api.server.call("POST", "/auth/login", { body: other, headers: from("203.0.113.7") });
      await createVisitor(api.server.api.url).submit("/login", other, from("2001:db8:1:2:3::4"));
      const made = await api.post(`/admin/users/${other.email}/password-link`, { reason: "a test" }, { as: "admin" });
      const token = new URL(made.body.link).hash.replace("#password.", "");
      const fields = { purpose: "password", token, newPassword: other.password };
      expect((await createVisitor(api.server.api.url).submit("/link", fields, from("203.0.113.9"))).status).toBe(200);
      const again = await api.server.call("POST", "/auth/login", { body: other, headers: from("203.0.113.7") });
      const { items } = (await api.server.call("GET", "/auth/sign-ins", { token: again.body.token })).body;
      expect(items.slice(0, 4)).toMatchObject([
        { address: "203.0.113.7", by: "password" },
        { address: "203.0.113.9", by: "link" },
        { address: "2001:db8:1:2::/64", by: "browser" },
        { address: "203.0.113.7", by: "password" },
      ]);
      expect(items.slice(4)).toEqual(before);
      for (const { at } of items.slice(0, 4)) expect(Date.parse(at)).toBeGreaterThanOrEqual(startedAt - 1_000);
    });

    test("a wrong password is no log-in, and a user sees only the own ones", async () => {
      const before = await signIns("user");
      const body = { email: user.email, password: "wrong-password" };
      expect((await api.server.call("POST", "/auth/login", { body })).status).toBe(401);
      expect(await signIns("user")).toEqual(before);
      expect(before.every(({ by }: { by: string }) => by === "password")).toBe(true);
    });

    test("language and time zone are stored one by one, and null takes them back", async () => {
      expect(await chosen()).toEqual({ language: null, timeZone: null });
      expect((await choose({ language: "en" })).body).toEqual({ language: "en", timeZone: null });
      expect((await choose({ timeZone: "Asia/Shanghai" })).body).toEqual({ language: "en", timeZone: "Asia/Shanghai" });
      expect((await choose({})).body).toEqual({ language: "en", timeZone: "Asia/Shanghai" });
      expect((await choose({ language: null })).body).toEqual({ language: null, timeZone: "Asia/Shanghai" });
      expect(await chosen()).toEqual({ language: null, timeZone: "Asia/Shanghai" });
      const visitor = createVisitor(api.server.api.url);
      await visitor.submit("/login", user);
      expect((await visitor.session()).session).toMatchObject({ language: null, timeZone: "Asia/Shanghai" });
      expect((await choose({ timeZone: null })).body).toEqual({ language: null, timeZone: null });
      expect((await visitor.session()).session).toMatchObject({ language: null, timeZone: null });
    });

    test.each([
      { body: { language: "fr" }, path: "language" },
      { body: { language: "" }, path: "language" },
      { body: { timeZone: "Mars/Olympus" }, path: "timeZone" },
      { body: { timeZone: "" }, path: "timeZone" },
      { body: { timeZone: "x".repeat(65) }, path: "timeZone" },
      { body: { language: "en", timeZone: "+08:00 or so" }, path: "timeZone" },
      { body: { zone: "UTC" }, path: "zone" },
    ])("$body is refused at $path and changes nothing", async ({ body, path }) => {
      const before = await chosen();
      expect(await choose(body)).toMatchObject({
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path }] },
      });
      expect(await chosen()).toEqual(before);
    });

    test("e-mails to a user are in the chosen language, whatever the language of the request", async () => {
      await choose({ language: "en" });
      const ask = (path: string, email: string) =>
        api.server.call("POST", path, { body: { email }, headers: { "accept-language": "zh-CN" } });
      await ask("/auth/forgotten-password", user.email);
      await ask("/auth/register", user.email);
      await ask("/auth/forgotten-password", admin.email);
      await expect.poll(() => mailsTo(user.email).length, { timeout: timeLimit(20) }).toBe(2);
      await expect.poll(() => mailsTo(admin.email).length, { timeout: timeLimit(20) }).toBe(1);
      for (const text of mailsTo(user.email)) expect(text).toContain("Hello,");
      expect(mailsTo(admin.email)[0]).toContain("您好");
      await choose({ language: null });
    });

    test("a service key cannot read or choose them", async () => {
      const scopes = ["users:read", "admin"];
      const { key } = (await api.post("/keys", { name: "k", scopes }, { as: "admin" })).body;
      for (const path of ["/auth/preferences", "/auth/sign-ins"]) {
        expect(await api.server.call("GET", path, { token: key })).toMatchObject({ status: 403 });
      }
      expect(await api.server.call("POST", "/auth/preferences", { token: key, body: {} })).toMatchObject({
        status: 403,
      });
    });
  });
}
