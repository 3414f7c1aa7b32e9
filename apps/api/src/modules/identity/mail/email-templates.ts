import type { Language } from "@jifen/contract";
import type { Mail } from "./mailer.ts";

/** What a letter is about: a link, and how long it works. */
type Facts = { readonly link: string; readonly hours: number };

/** What one letter says. */
type Letter = (facts: Facts) => Pick<Mail, "subject" | "text">;

const lines = (...said: readonly string[]) => `${said.join("\n\n")}\n`;

/** Every letter that is mailed, in both languages. */
export const emailTemplates = {
  /** To somebody who wants to become a user. */
  registration: {
    zh: ({ link, hours }) => ({
      subject: "请确认您的邮箱",
      text: lines(
        "您好：",
        `请打开以下链接设置密码，完成注册。链接只能使用一次，${hours} 小时内有效：`,
        link,
        "如果不是您本人操作，请忽略这封邮件，不会创建任何账户。",
      ),
    }),
    en: ({ link, hours }) => ({
      subject: "Confirm your e-mail address",
      text: lines(
        "Hello,",
        `open this link to choose a password; then you have an account. It works once, within ${hours} hours:`,
        link,
        "If it was not you who asked, leave this mail alone: no account is made.",
      ),
    }),
  },
  /** To a user who wants to become one. */
  knownAlready: {
    zh: ({ link, hours }) => ({
      subject: "您已有账户",
      text: lines(
        "您好：",
        `有人用这个邮箱注册，但您已经有账户了，可以直接登录。如果忘记密码，请打开以下链接重新设置。链接只能使用一次，${hours} 小时内有效：`,
        link,
        "如果不是您本人操作，请忽略这封邮件，密码不会改变。",
      ),
    }),
    en: ({ link, hours }) => ({
      subject: "You have an account already",
      text: lines(
        "Hello,",
        `somebody registered with this address, but you have an account: just log in. If you forgot the password, this link sets another. It works once, within ${hours} hours:`,
        link,
        "If it was not you who asked, leave this mail alone: your password stays.",
      ),
    }),
  },
  /** To a user who forgot the password. */
  forgottenPassword: {
    zh: ({ link, hours }) => ({
      subject: "重新设置密码",
      text: lines(
        "您好：",
        `请打开以下链接重新设置密码。链接只能使用一次，${hours} 小时内有效：`,
        link,
        "如果不是您本人操作，请忽略这封邮件，密码不会改变。",
      ),
    }),
    en: ({ link, hours }) => ({
      subject: "Set a new password",
      text: lines(
        "Hello,",
        `this link sets a new password. It works once, within ${hours} hours:`,
        link,
        "If it was not you who asked, leave this mail alone: your password stays.",
      ),
    }),
  },
} as const satisfies Record<string, Record<Language, Letter>>;
