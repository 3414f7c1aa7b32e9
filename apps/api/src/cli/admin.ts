import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { defineCommand } from "citty";
import { changeUser } from "../modules/identity/use-cases/change-user.ts";
import { createUser } from "../modules/identity/use-cases/create-user.ts";
import { makePasswordLink } from "../modules/identity/use-cases/one-time-links.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { passwordLinkWords } from "./password-link-words.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

const create = defineCommand({
  meta: {
    name: "create",
    description: t({
      en: "Makes an admin, or makes a user one, and prints a link for the password.",
      zh: "创建管理员，或把已有用户设为管理员，并打印设置密码的链接。",
    }),
  },
  args: {
    email: { type: "positional", description: t({ en: "E-mail address.", zh: "邮箱。" }), required: true },
    name: { type: "string", description: t({ en: "Name.", zh: "姓名。" }) },
    json: jsonArgument,
  },
  run: ({ args: { email, name, json } }) =>
    withDatabase(async (database, settings) => {
      const input = parseInput(operations.users.create.input, {
        email,
        role: "admin",
        ...(name !== undefined && { name }),
      });
      if (!input) return;
      const operator = createOperator(database, settings);
      const { by } = operator;
      const id = userId(input.email);
      const person = { ...input, passwordHash: null, initialCredits: settings.initialCredits };
      const isMade = await createUser(operator, person, { by, action: "users.create" });
      const promotion = { id, set: { role: "admin" }, endsSessions: false, action: "users.setRole", by };
      if (!(isMade || (await changeUser(operator, promotion)))) return printRefusal({ code: "USER_NOT_FOUND" });
      const passwordLink = await makePasswordLink(operator, id);
      print(
        json,
        { userId: id, role: "admin", isNew: isMade, passwordLink },
        `${t({ en: `${id} is an admin.`, zh: `${id} 已是管理员。` })}\n${passwordLinkWords(passwordLink)}`,
      );
    }),
});

/** `jifen admin …` */
export const admin = defineCommand({
  meta: { name: "admin", description: t({ en: "Those who may do everything.", zh: "管理员。" }) },
  subCommands: { create },
});
