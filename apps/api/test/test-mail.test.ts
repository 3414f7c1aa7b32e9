import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMailer } from "../src/modules/identity/mail/mailer.ts";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";

const path = "/admin/system/test-mail";

// The tests share a server, whose limit counts all of their e-mails: they run in this order.
describe("system.testMail", () => {
  let mailbox: Mailbox;
  let api: ApiWithAdmin;
  beforeAll(async () => {
    mailbox = await startMailbox();
    api = await startApiWithAdmin("sqlite", { MAIL_FROM: "Jifen <jifen@example.com>", SMTP_URL: mailbox.url });
  });
  afterAll(() => api?.server.stop());
  const send = () => api.post(path, {}, { as: "admin" });

  test("the e-mail goes to the admin who asks, once, and the answer of the mail server is returned", async () => {
    const { status, body } = await send();
    const server = new URL(mailbox.url).host;
    expect({ status, body }).toMatchObject({ status: 200, body: { to: admin.email, server, isAccepted: true } });
    expect(body.message).toMatch(/^250 /);
    expect(mailbox.received).toHaveLength(1);
    const [received] = mailbox.received;
    expect(received).toMatchObject({ from: "jifen@example.com", to: [admin.email] });
    expect(received && textOf(received)).toContain("测试邮件");
  });

  test("an e-mail that the mail server refuses is not sent again, and its words are returned", async () => {
    mailbox.refuseNext(1);
    const { status, body } = await send();
    expect({ status, body }).toMatchObject({ status: 200, body: { isAccepted: false } });
    expect(body.message).toContain("try again later");
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(mailbox.received).toHaveLength(1);
  });

  test("a mail server that cannot be reached is an answer as well, and the sixth e-mail in ten minutes is refused", async () => {
    await mailbox.close();
    const answers = await Promise.all(Array.from({ length: 5 }, send));
    const sent = answers.filter(({ status }) => status === 200);
    expect(sent.map(({ body }) => body.isAccepted)).toEqual([false, false, false]);
    for (const { status, body } of answers.filter((answer) => !sent.includes(answer))) {
      expect({ status, body }).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
      expect(body.retryAfterSeconds).toBeGreaterThan(0);
    }
  });

  test("a user is refused", async () => {
    expect(await api.post(path, {})).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  });

  test("without SMTP_URL it is refused with the reason", async () => {
    const without = await startApiWithAdmin("sqlite");
    expect(await without.post(path, {}, { as: "admin" })).toMatchObject({
      status: 409,
      body: { code: "MAIL_NOT_CONFIGURED" },
    });
    await without.server.stop();
  });

  test("the error of a mail server that cannot be reached does not show the password in SMTP_URL", async () => {
    const settings = { url: "smtp://name:a-secret-password@127.0.0.1:1", from: "jifen@example.com" };
    const mailer = createMailer(settings, pino({ level: "silent" }));
    expect(mailer.server).toBe("127.0.0.1:1");
    const error = await mailer.sendNow({ to: admin.email, subject: "s", text: "t" }).catch((thrown: Error) => thrown);
    expect(String(error)).toContain("ECONNREFUSED");
    expect(String(error)).not.toContain("a-secret-password");
    await mailer.close();
  });
});
