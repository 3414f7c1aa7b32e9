import type { Language } from "@jifen/contract";
import type { Mail } from "./mailer.ts";

/** The values of a template: a link, and how long it is valid. */
type TemplateValues = { readonly link: string; readonly hours: number };

/** Renders one e-mail. */
type EmailTemplate = (values: TemplateValues) => Pick<Mail, "subject" | "text">;

const paragraphs = (...texts: readonly string[]) => `${texts.join("\n\n")}\n`;

/** The templates of all e-mails, in both languages. */
export const emailTemplates = {
  /** To a person who registers. */
  registration: {
    zh: ({ link, hours }) => ({
      subject: "请确认您的邮箱",
      text: paragraphs(
        "您好：",
        `请打开以下链接设置密码，完成注册。链接只能使用一次，${hours} 小时内有效：`,
        link,
        "如果不是您本人操作，请忽略这封邮件，不会创建任何账户。",
      ),
    }),
    en: ({ link, hours }) => ({
      subject: "Confirm your e-mail address",
      text: paragraphs(
        "Hello,",
        `open this link to set a password and complete your registration. The link works once, within ${hours} hours:`,
        link,
        "If you did not request this e-mail, ignore it: no account is created.",
      ),
    }),
  },
  /** To a user who registers again. */
  alreadyRegistered: {
    zh: ({ link, hours }) => ({
      subject: "您已有账户",
      text: paragraphs(
        "您好：",
        `有人用这个邮箱注册，但您已经有账户了，可以直接登录。如果忘记密码，请打开以下链接重新设置。链接只能使用一次，${hours} 小时内有效：`,
        link,
        "如果不是您本人操作，请忽略这封邮件，密码不会改变。",
      ),
    }),
    en: ({ link, hours }) => ({
      subject: "You already have an account",
      text: paragraphs(
        "Hello,",
        `this address was used to register, but you already have an account and can log in. If you forgot your password, open this link to set a new one. The link works once, within ${hours} hours:`,
        link,
        "If you did not request this e-mail, ignore it: your password does not change.",
      ),
    }),
  },
  /** To a user who forgot the password. */
  passwordReset: {
    zh: ({ link, hours }) => ({
      subject: "重新设置密码",
      text: paragraphs(
        "您好：",
        `请打开以下链接重新设置密码。链接只能使用一次，${hours} 小时内有效：`,
        link,
        "如果不是您本人操作，请忽略这封邮件，密码不会改变。",
      ),
    }),
    en: ({ link, hours }) => ({
      subject: "Set a new password",
      text: paragraphs(
        "Hello,",
        `open this link to set a new password. The link works once, within ${hours} hours:`,
        link,
        "If you did not request this e-mail, ignore it: your password does not change.",
      ),
    }),
  },
} as const satisfies Record<string, Record<Language, EmailTemplate>>;
