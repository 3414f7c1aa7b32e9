import { type Language, operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import type { Mail } from "../identity/mail/mailer.ts";
import { chosenLanguageOf } from "../identity/users/stored-language.ts";
import type { Deps } from "./deps.ts";

/** The longest text of a mail server that is returned. */
const MAX_MESSAGE = 1_000;

/** Sends an e-mail to the address of the caller, in one attempt, and returns what the mail server answered. */
export const testMail = ({ mailer, mailLimits, userCache }: Deps) =>
  implement(operations.system.testMail, async ({ caller, language }) => {
    if (!mailer) return refuse({ code: "MAIL_NOT_CONFIGURED" });
    const id = caller.key?.ownerId ?? caller.userId;
    const user = await userCache.find(id);
    if (!user) return refuse({ code: "USER_NOT_FOUND" });
    const retryAfterSeconds = await mailLimits.takeTest(id);
    if (retryAfterSeconds !== undefined) return refuse({ code: "RATE_LIMITED", retryAfterSeconds });
    const { email: to } = user;
    const { server } = mailer;
    const sent = await mailer.sendNow({ to, ...texts[chosenLanguageOf(user) ?? language()] }).then(
      (message) => ({ isAccepted: true, message }),
      (error: unknown) => ({ isAccepted: false, message: error instanceof Error ? error.message : String(error) }),
    );
    return ok({ to, server, ...sent, message: printable(sent.message) });
  });

/** What another server has written: on one line and not longer than the contract says. */
const printable = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_MESSAGE);

const texts: Readonly<Record<Language, Omit<Mail, "to">>> = {
  zh: {
    subject: "测试邮件",
    text: "您好：\n\n这是管理员在系统页面发送的测试邮件。收到它说明本服务可以发送邮件。\n",
  },
  en: {
    subject: "Test e-mail",
    text: "Hello,\n\nan admin sent this test e-mail on the page of the system. That it arrived shows that this server can send e-mail.\n",
  },
};
