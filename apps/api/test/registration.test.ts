import { DatabaseSync } from "node:sqlite";
import { aboveDatabaseKinds, callRest, describeOn, runApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";
import { admin } from "./start-api-with-admin.ts";
import { type Server, startServer, user } from "./start-server.ts";

const newPassword = "tr0ub4dor-and-3";
const proxied = { TRUST_PROXY: "loopback", MAIL_FROM: "积分 Jifen <jifen@example.com>" };

/** Waits for this many e-mails and parses the last. */
async function lastMail(mailbox: Mailbox, count: number) {
  await expect.poll(() => mailbox.received.length, { timeout: timeLimit(20) }).toBe(count);
  const mail = mailbox.received.at(-1);
  if (!mail) throw new Error("no e-mail was received");
  const text = textOf(mail);
  const link = /https?:\/\/\S+\/link#([a-z-]+)\.(\S+)/.exec(text);
  return { ...mail, text, purpose: link?.[1], token: link?.[2] };
}

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`registration and password e-mails on ${kind}`, () => {
    let mailbox: Mailbox;
    let server: Server;
    let receivedBefore = 0;
    beforeAll(async () => {
      mailbox = await startMailbox();
      const users = [user, admin].map(({ email, password }) => `${email}:${password}`).join(",");
      const staff = { USER_WHITELIST: users, ADMIN_EMAILS: admin.email };
      server = await startServer(kind, { ...proxied, ...staff, REGISTRATION: "open", SMTP_URL: mailbox.url });
    });
    afterEach(() => {
      receivedBefore = mailbox.received.length;
    });
    afterAll(async () => {
      await server.stop();
      await mailbox.close();
    });
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      callRest(server.api.url, "POST", path, { body, headers: { "accept-language": "en", ...headers } });
    const confirm = (token: unknown, password = newPassword) =>
      post("/auth/register/confirm", { token, newPassword: password });
    const login = (email: string, password = newPassword) => post("/auth/login", { email, password });

    test("a registration link creates the user with the password that is sent with it", async () => {
      const email = "newcomer@example.com";
      expect(await post("/auth/register", { email: "  NewComer＠example.com", name: "新人" })).toMatchObject({
        status: 200,
        body: { success: true },
      });
      expect((await login(email)).status).toBe(401);
      const mail = await lastMail(mailbox, receivedBefore + 1);
      expect(mail).toMatchObject({ from: "jifen@example.com", to: [email], purpose: "registration" });
      expect(await confirm(mail.token, "short")).toMatchObject({ body: { issues: [{ path: "newPassword" }] } });
      const answers = await Promise.all(Array.from({ length: 4 }, () => confirm(mail.token)));
      const created = answers.filter(({ status }) => status === 200);
      expect(created).toHaveLength(1);
      for (const { status } of answers) expect([200, 410, 503]).toContain(status);
      expect(created[0]?.body).toMatchObject({ success: true, userId: email });
      const { token } = created[0]?.body ?? {};
      expect((await server.call("GET", "/auth/me", { token })).body).toMatchObject({ name: "新人", role: "user" });
      expect((await server.call("GET", "/credits/balance", { token })).body.balance).toBe(100);
      expect((await login(email)).status).toBe(200);
      expect(await confirm(mail.token)).toMatchObject({ status: 410, body: { code: "LINK_EXPIRED" } });
    });

    test("an internationalised address registers by e-mail and logs in in every form", async () => {
      const stored = "用户@xn--fsqu00a.xn--fiqs8s";
      expect((await post("/auth/register", { email: "用户@例子.中国" })).status).toBe(200);
      const { to, token } = await lastMail(mailbox, receivedBefore + 1);
      // With SMTPUTF8 the mailer writes the domain in Unicode: it is the same one.
      expect(to).toEqual(["用户@例子.中国"]);
      expect(await confirm(token)).toMatchObject({ status: 200, body: { userId: stored } });
      for (const email of ["用户@例子。中国", stored]) {
        expect(await login(email)).toMatchObject({ status: 200, body: { userId: stored, email: stored } });
      }
    });

    test("registering a taken address returns the same response and informs the owner by e-mail", async () => {
      const answer = await post("/auth/register", { email: user.email }, { "accept-language": "zh-CN" });
      expect(answer).toMatchObject({ status: 200, body: { success: true } });
      const mail = await lastMail(mailbox, receivedBefore + 1);
      expect(mail).toMatchObject({ to: [user.email], purpose: "password" });
      expect(mail.text).toContain("您已经有账户了");
      expect((await login(user.email, user.password)).status).toBe(200);
    });

    test("a password reset e-mail is sent to users only, and the response is the same for unknown addresses", async () => {
      const [forKnown, forUnknown] = [
        await post("/auth/forgotten-password", { email: user.email }),
        await post("/auth/forgotten-password", { email: "unknown@example.com" }),
      ];
      expect(forUnknown.body).toEqual(forKnown.body);
      expect([...forUnknown.headers.keys()]).toEqual([...forKnown.headers.keys()]);
      const mail = await lastMail(mailbox, receivedBefore + 1);
      expect(mail).toMatchObject({ to: [user.email], purpose: "password" });
      const set = () => post("/auth/password-reset", { token: mail.token, newPassword });
      expect((await set()).status).toBe(200);
      expect((await login(user.email)).status).toBe(200);
      expect((await set()).status).toBe(410);
      expect(JSON.stringify(server.api.logs())).not.toContain(mail.token);
    });

    test("a deleted user gets no e-mail, and the address cannot be registered again", async () => {
      const email = "deleted@example.com";
      const token = await server.token(admin);
      await post("/auth/register", { email });
      const { token: link } = await lastMail(mailbox, receivedBefore + 1);
      expect((await confirm(link)).status).toBe(200);
      const deleted = await server.call("POST", `/admin/users/${email}/delete`, {
        token,
        body: { reason: "requested" },
      });
      expect(deleted.status).toBe(200);
      expect((await post("/auth/register", { email })).status).toBe(200);
      expect((await post("/auth/forgotten-password", { email })).status).toBe(200);
      await post("/auth/register", { email: "after@example.com" });
      expect((await lastMail(mailbox, receivedBefore + 2)).to).toEqual(["after@example.com"]);
    });

    test("only the last registration link of an address is valid", async () => {
      const email = "twice@example.com";
      await post("/auth/register", { email });
      const first = await lastMail(mailbox, receivedBefore + 1);
      await post("/auth/register", { email });
      const second = await lastMail(mailbox, receivedBefore + 2);
      expect((await confirm(first.token)).status).toBe(410);
      expect((await confirm(second.token)).status).toBe(200);
    });

    test("an e-mail is sent again after a temporary failure of the mail server", async () => {
      mailbox.refuseNext(1);
      await post("/auth/register", { email: "patient@example.com" });
      expect((await lastMail(mailbox, receivedBefore + 1)).to).toEqual(["patient@example.com"]);
    });

    test("one recipient gets at most five e-mails an hour, from whatever client", async () => {
      for (let n = 0; n < 9; n += 1) {
        const from = { "x-forwarded-for": `198.51.100.${n}` };
        expect((await post("/auth/register", { email: "flooded@example.com" }, from)).status).toBe(200);
      }
      await post("/auth/register", { email: "another@example.com" });
      await lastMail(mailbox, receivedBefore + 6);
      const flooded = mailbox.received.slice(receivedBefore).filter(({ to }) => to.includes("flooded@example.com"));
      expect(flooded).toHaveLength(5);
    });

    test.each(["not-an-address", "two@example.com,three@example.com", "a@b.co\r\nBcc: c@d.co", "<a@b.co>"])(
      "the e-mail address %j is refused",
      async (email) => {
        for (const path of ["/auth/register", "/auth/forgotten-password"]) {
          expect(await post(path, { email })).toMatchObject({ status: 400, body: { issues: [{ path: "email" }] } });
        }
      },
    );
  });
}

describe("requests for e-mail", () => {
  test("a client that requests too many e-mails is refused with 429", async () => {
    const mailbox = await startMailbox();
    const mail = { ...proxied, REGISTRATION: "open", SMTP_URL: mailbox.url, RATE_LIMIT_MAIL: "2/1h" };
    const server = await startServer("sqlite", mail);
    const post = (email: string) => server.call("POST", "/auth/register", { body: { email } });
    await post("one@example.com");
    await post("two@example.com");
    expect(await post("three@example.com")).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    await server.stop();
    await mailbox.close();
  });

  test("requests for e-mail are refused while registration is closed and no mail server is set", async () => {
    const server = await startServer("sqlite");
    const post = (path: string, body: object) => server.call("POST", path, { body: { email: user.email, ...body } });
    expect(await post("/auth/register", {})).toMatchObject({ status: 403, body: { code: "REGISTRATION_CLOSED" } });
    expect(await post("/auth/forgotten-password", {})).toMatchObject({
      status: 409,
      body: { code: "MAIL_NOT_CONFIGURED" },
    });
    await server.stop();
  });

  test.each(["/auth/forgotten-password", "/auth/register"])(
    "%s causes the same writes for known and unknown addresses, and none before the response",
    async (path) => {
      const mailbox = await startMailbox();
      const server = await startServer("sqlite", { ...proxied, REGISTRATION: "open", SMTP_URL: mailbox.url });
      const database = new DatabaseSync(server.database.url.slice("file:".length));
      const count = database.prepare("SELECT count(*) AS links FROM one_time_links WHERE user_id = ?");
      const linksOf = (email: string) => count.get(email)?.["links"];
      const emails = [user.email, "unknown@example.com"];
      for (const email of emails) expect((await server.call("POST", path, { body: { email } })).status).toBe(200);
      expect(emails.map(linksOf)).toEqual([0, 0]);
      await expect.poll(() => emails.map(linksOf), { timeout: timeLimit(15) }).toEqual([1, 1]);
      database.close();
      await server.stop();
      await mailbox.close();
      expect(mailbox.received).toHaveLength(path === "/auth/register" ? 2 : 1);
    },
  );

  test("e-mails that were requested just before a stop are still sent", async () => {
    const mailbox = await startMailbox();
    const server = await startServer("sqlite", { ...proxied, REGISTRATION: "open", SMTP_URL: mailbox.url });
    const emails = ["one@example.com", "two@example.com", "three@example.com"];
    for (const email of emails) await server.call("POST", "/auth/register", { body: { email } });
    expect(await server.api.stop()).toBe(0);
    expect(mailbox.received.flatMap(({ to }) => to).toSorted()).toEqual(emails.toSorted());
    await server.stop();
    await mailbox.close();
  });

  test("an unreachable mail server delays neither the response nor the shutdown", async () => {
    const server = await startServer("sqlite", { ...proxied, REGISTRATION: "open", SMTP_URL: "smtp://127.0.0.1:1" });
    const answer = await server.call("POST", "/auth/register", { body: { email: "new@example.com" } });
    expect(answer.status).toBe(200);
    expect(await server.api.stop()).toBe(0);
    await server.stop();
  });
});

test.each<{ env: Record<string, string>; says: string }>([
  { env: { REGISTRATION: "open" }, says: "REGISTRATION is open, but no e-mail can be sent" },
  { env: { SMTP_URL: "smtp://localhost" }, says: "MAIL_FROM is missing" },
  { env: { SMTP_URL: "http://localhost", MAIL_FROM: "a@b.co" }, says: "SMTP_URL must be a URL such as smtps://" },
  { env: { SMTP_URL: "smtp://localhost", MAIL_FROM: "Jifen" }, says: "MAIL_FROM must be an address" },
  { env: { REGISTRATION: "yes" }, says: "REGISTRATION must be open or closed" },
])("a start with $env reports: $says", async ({ env, says }) => {
  expect(await runApi({ env })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(says) });
});
