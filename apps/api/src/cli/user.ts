import { operations, type Refusal } from "@jifen/contract";
import type { Outcome } from "@jifen/core";
import { defineCommand } from "citty";
import { createUser } from "../modules/identity/use-cases/create-user.ts";
import { endUserSessions } from "../modules/identity/use-cases/end-user-sessions.ts";
import { issuePasswordLink } from "../modules/identity/use-cases/issue-password-link.ts";
import { resumeUser } from "../modules/identity/use-cases/resume-user.ts";
import { suspendUser } from "../modules/identity/use-cases/suspend-user.ts";
import type { UserTarget } from "../modules/identity/use-cases/update-user.ts";
import { t } from "./language.ts";
import { createOperator, type Operator } from "./operator.ts";
import { passwordLinkText } from "./password-link-text.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

const emailArgument = {
  type: "positional",
  description: t({ en: "E-mail address.", zh: "邮箱。" }),
  required: true,
} as const;
const reasonArgument = {
  type: "string",
  description: t({ en: "The reason, for the audit log.", zh: "原因，写入审计日志。" }),
} as const;

const create = defineCommand({
  meta: {
    name: "create",
    description: t({
      en: "Creates a user and prints a link to set the password.",
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
  run: ({ args: { email, name, role, json } }) => {
    const input = parseInput(operations.users.create.input, { email, role, ...(name !== undefined && { name }) });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const created = await createUser(operator, input, operator.by);
      if (!created.ok) return printRefusal(created.refusal);
      const {
        user: { id },
        passwordLink,
      } = created.value;
      print(
        json,
        { userId: id, role: input.role, passwordLink },
        `${t({ en: `Created ${id} (${input.role}).`, zh: `已创建 ${id}（${input.role}）。` })}\n${passwordLinkText(passwordLink)}`,
      );
    });
  },
});

/** Over HTTP a reason is required; an operator can leave it out. */
const targetInput = operations.users.suspend.input.partial({ reason: true });

/** A command that runs a use case on one user, and prints what `toOutput` makes of the result. */
const userCommand = <Result>(command: {
  readonly name: string;
  readonly description: string;
  readonly run: (operator: Operator, target: UserTarget) => Promise<Outcome<Result, Refusal>>;
  readonly toOutput: (id: string, result: Result) => { readonly result: object; readonly text: string };
}) =>
  defineCommand({
    meta: { name: command.name, description: command.description },
    args: { email: emailArgument, reason: reasonArgument, json: jsonArgument },
    run: ({ args: { email, reason, json } }) => {
      const target = parseInput(targetInput, { userId: email, ...(reason !== undefined && { reason }) });
      if (!target) return;
      return withDatabase(async (database, settings) => {
        const done = await command.run(createOperator(database, settings), target);
        if (!done.ok) return printRefusal(done.refusal);
        const { result, text } = command.toOutput(target.userId, done.value);
        print(json, { userId: target.userId, ...result }, text);
      });
    },
  });

/** The output of a command that has nothing to show but its audit action. */
const actionOutput = (action: string) => (id: string) => ({
  result: { action },
  text: t({ en: `Done: ${action} ${id}`, zh: `已完成：${action} ${id}` }),
});

const sessions = defineCommand({
  meta: { name: "sessions", description: t({ en: "Sessions of a user.", zh: "用户的登录会话。" }) },
  subCommands: {
    end: userCommand({
      name: "end",
      description: t({ en: "Ends all sessions of a user.", zh: "结束用户的所有登录。" }),
      run: (operator, target) => endUserSessions(operator, target, operator.by),
      toOutput: actionOutput("users.endSessions"),
    }),
  },
});

/** `jifen user …` */
export const user = defineCommand({
  meta: { name: "user", description: t({ en: "Users of this server.", zh: "用户管理。" }) },
  subCommands: {
    create,
    suspend: userCommand({
      name: "suspend",
      description: t({ en: "Suspends a user and ends all sessions.", zh: "停用用户并结束其登录。" }),
      run: (operator, target) => suspendUser(operator, target, operator.by),
      toOutput: actionOutput("users.suspend"),
    }),
    resume: userCommand({
      name: "resume",
      description: t({ en: "Ends a suspension.", zh: "恢复用户。" }),
      run: (operator, target) => resumeUser(operator, target, operator.by),
      toOutput: actionOutput("users.resume"),
    }),
    "password-link": userCommand({
      name: "password-link",
      description: t({
        en: "Prints a one-time link to set the password of a user.",
        zh: "打印设置密码的一次性链接。",
      }),
      run: (operator, target) => issuePasswordLink(operator, target, operator.by),
      toOutput: (_id, link) => ({ result: link, text: passwordLinkText(link) }),
    }),
    sessions,
  },
});
