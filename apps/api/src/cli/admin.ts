import { operations } from "@jifen/contract";
import { defineCommand } from "citty";
import { createAdmin } from "../modules/identity/use-cases/create-admin.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { passwordLinkText } from "./password-link-text.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

const create = defineCommand({
  meta: {
    name: "create",
    description: t({
      en: "Creates an admin, or promotes a user to admin, and prints a link to set the password.",
      zh: "创建管理员，或把已有用户设为管理员，并打印设置密码的链接。",
    }),
  },
  args: {
    email: { type: "positional", description: t({ en: "E-mail address.", zh: "邮箱。" }), required: true },
    name: { type: "string", description: t({ en: "Name.", zh: "姓名。" }) },
    json: jsonArgument,
  },
  run: ({ args: { email, name, json } }) => {
    const input = parseInput(operations.users.create.input, { email, ...(name !== undefined && { name }) });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const created = await createAdmin(operator, input, operator.by);
      if (!created.ok) return printRefusal(created.refusal);
      const { isNew, passwordLink } = created.value;
      const id = input.email;
      print(
        json,
        { userId: id, role: "admin", isNew, passwordLink },
        `${t({ en: `${id} is an admin.`, zh: `${id} 已是管理员。` })}\n${passwordLinkText(passwordLink)}`,
      );
    });
  },
});

/** `jifen admin …` */
export const admin = defineCommand({
  meta: { name: "admin", description: t({ en: "Admins of this server.", zh: "管理员。" }) },
  subCommands: { create },
});
