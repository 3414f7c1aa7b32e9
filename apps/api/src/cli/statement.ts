import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { defineCommand } from "citty";
import { renderings } from "../modules/billing/statements/renderings.ts";
import { statementText } from "../modules/billing/statements/text.ts";
import { readStatement } from "../modules/billing/use-cases/read-statement.ts";
import { openLedger } from "../modules/credits/open-ledger.ts";
import { outputLanguage, t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen statement EMAIL MONTH`: the credits of a user in a month, as text or as a file. */
export const statement = defineCommand({
  meta: {
    name: "statement",
    description: t({ en: "Prints the statement of a user for a month.", zh: "打印用户某月的对账单。" }),
  },
  args: {
    email: { type: "positional", description: t({ en: "E-mail address.", zh: "邮箱。" }), required: true },
    month: {
      type: "positional",
      description: t({ en: "The month, such as 2026-11.", zh: "月份，例如 2026-11。" }),
      required: true,
    },
    tz: {
      type: "string",
      description: t({
        en: "IANA time zone in which the month begins and ends; without it that of TIME_ZONE.",
        zh: "月份起止所用的 IANA 时区，默认 TIME_ZONE。",
      }),
      valueHint: "Asia/Shanghai",
    },
    format: {
      type: "string",
      description: t({
        en: "text, json, csv or html. Redirect csv and html to a file.",
        zh: "text、json、csv 或 html；csv 和 html 请重定向到文件。",
      }),
      default: "text",
      valueHint: "text|json|csv|html",
    },
    json: jsonArgument,
  },
  run: ({ args: { email, month, tz, format, json } }) => {
    const isText = format === "text";
    const input = parseInput(operations.adminStatements.find.input, {
      userId: email,
      month,
      ...(tz !== undefined && { tz }),
      ...(!isText && { format }),
    });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const user = userId(input.userId);
      if (!(await operator.userCache.find(user))) return printRefusal({ code: "USER_NOT_FOUND" });
      const ledger = openLedger(database, operator.newId);
      const deps = { database, ledger, timeZone: settings.timeZone };
      const read = await readStatement(deps, { ...input, userId: user });
      if (!read.ok) return printRefusal(read.refusal);
      const output = operations.adminStatements.find.output.parse(read.value);
      if (json || isText || input.format === "json") {
        return print(json || !isText, output, statementText(output, outputLanguage));
      }
      process.stdout.write((await renderings[input.format](output, outputLanguage)).body);
    });
  },
});
