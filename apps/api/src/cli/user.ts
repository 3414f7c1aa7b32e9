import { operations } from "@jifen/contract";
import { type UserId, userId } from "@jifen/core";
import { defineCommand } from "citty";
import { changeUser } from "../modules/identity/use-cases/change-user.ts";
import { createUser } from "../modules/identity/use-cases/create-user.ts";
import { makePasswordLink } from "../modules/identity/use-cases/one-time-links.ts";
import { t } from "./language.ts";
import { createOperator, type Operator } from "./operator.ts";
import { passwordLinkWords } from "./password-link-words.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

const emailArgument = {
  type: "positional",
  description: t({ en: "E-mail address.", zh: "邮箱。" }),
  required: true,
} as const;
const reasonArgument = {
  type: "string",
  description: t({ en: "Why; it is written down.", zh: "原因，写入审计日志。" }),
} as const;

const create = defineCommand({
  meta: {
    name: "create",
    description: t({
      en: "Makes a user, who sets a password by the link it prints.",
      zh: "创建用户并打印设置密码的链接。",
    }),
  },
  args: {
    email: emailArgument,
    name: { type: "string", description: t({ en: "Name.", zh: "姓名。" }) },
    role: {
      type: "string",
      description: t({ en: "user, support, finance or admin.", zh: "角色：user、support、finance 或 admin。" }),
      default: "user",
    },
    json: jsonArgument,
  },
  run: ({ args: { email, name, role, json } }) =>
    withDatabase(async (database, settings) => {
      const input = parseInput(operations.users.create.input, { email, role, ...(name !== undefined && { name }) });
      if (!input) return;
      const operator = createOperator(database, settings);
      const person = { ...input, passwordHash: null, initialCredits: settings.initialCredits };
      if (!(await createUser(operator, person, { by: operator.by, action: "users.create" }))) {
        return printRefusal({ code: "EMAIL_TAKEN" });
      }
      const id = userId(input.email);
      const passwordLink = await makePasswordLink(operator, id);
      print(
        json,
        { userId: id, role: input.role, passwordLink },
        `${t({ en: `Made ${id} (${input.role}).`, zh: `已创建 ${id}（${input.role}）。` })}\n${passwordLinkWords(passwordLink)}`,
      );
    }),
});

/** A command about a user: what it changes, and what it says then. */
const changing = (is: {
  readonly name: string;
  readonly description: string;
  readonly action: string;
  readonly set: (nowMs: number) => Parameters<typeof changeUser>[1]["set"];
  readonly endsSessions: boolean;
  readonly told?: (operator: Operator, id: UserId) => Promise<{ readonly result: object; readonly words: string }>;
}) =>
  defineCommand({
    meta: { name: is.name, description: is.description },
    args: { email: emailArgument, reason: reasonArgument, json: jsonArgument },
    run: ({ args: { email, reason, json } }) =>
      withDatabase(async (database, settings) => {
        const input = parseInput(operations.users.find.input, { userId: email });
        if (!input) return;
        const operator = createOperator(database, settings);
        const { action, endsSessions } = is;
        const id = userId(input.userId);
        const change = { id, set: is.set(operator.nowMs()), endsSessions, action, reason, by: operator.by };
        if (!(await changeUser(operator, change))) return printRefusal({ code: "USER_NOT_FOUND" });
        const done = {
          result: { action },
          words: t({ en: `Done: ${action} ${id}`, zh: `已完成：${action} ${id}` }),
        };
        const { result, words } = (await is.told?.(operator, id)) ?? done;
        print(json, { userId: id, ...result }, words);
      }),
  });

const sessions = defineCommand({
  meta: { name: "sessions", description: t({ en: "Sessions of a user.", zh: "用户的登录会话。" }) },
  subCommands: {
    end: changing({
      name: "end",
      description: t({ en: "Logs a user out everywhere.", zh: "结束用户的所有登录。" }),
      action: "users.endSessions",
      set: () => ({}),
      endsSessions: true,
    }),
  },
});

/** `jifen user …` */
export const user = defineCommand({
  meta: { name: "user", description: t({ en: "Users of this server.", zh: "用户管理。" }) },
  subCommands: {
    create,
    suspend: changing({
      name: "suspend",
      description: t({ en: "Suspends a user; sessions end.", zh: "停用用户并结束其登录。" }),
      action: "users.suspend",
      set: (nowMs) => ({ suspendedAtMs: nowMs }),
      endsSessions: true,
    }),
    resume: changing({
      name: "resume",
      description: t({ en: "Ends a suspension.", zh: "恢复用户。" }),
      action: "users.resume",
      set: () => ({ suspendedAtMs: null }),
      endsSessions: false,
    }),
    "password-link": changing({
      name: "password-link",
      description: t({
        en: "Prints a one-time link by which a user sets a password.",
        zh: "打印设置密码的一次性链接。",
      }),
      action: "users.passwordLink",
      set: () => ({}),
      endsSessions: false,
      told: async (operator, id) => {
        const made = await makePasswordLink(operator, id);
        return { result: made, words: passwordLinkWords(made) };
      },
    }),
    sessions,
  },
});
