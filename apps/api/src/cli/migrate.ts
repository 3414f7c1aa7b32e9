import { inspectDatabase, migrateDatabase } from "@jifen/database";
import { defineCommand } from "citty";
import { reportStartupError } from "../report-startup-error.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { commandSettings } from "./with-database.ts";

/** `jifen migrate`: makes the tables, or brings them up to date. Many at once do it once. */
export const migrate = defineCommand({
  meta: {
    name: "migrate",
    description: t({ en: "Brings the tables of the database up to date.", zh: "升级数据库结构。" }),
  },
  args: {
    check: {
      type: "boolean",
      description: t({
        en: "Changes nothing; exit code 1 when there is something to do.",
        zh: "只检查，不修改；如需升级，退出码为 1。",
      }),
      default: false,
    },
    json: jsonArgument,
  },
  run: ({ args: { check, json } }) =>
    reportStartupError(async () => {
      const { databaseUrl } = commandSettings();
      if (check) {
        const { present, newest, is } = (await inspectDatabase(databaseUrl)).schema;
        const isCurrent = is === "current" || is === "expanded";
        const words = isCurrent
          ? t({ en: "There is nothing to do.", zh: "无需升级。" })
          : t({ en: "The tables are not those of this Jifen.", zh: "数据库结构与当前版本不一致。" });
        print(
          json,
          { present, newest, isCurrent },
          `${t({ en: `Version ${present}, newest ${newest}. `, zh: `版本 ${present}，最新 ${newest}。` })}${words}`,
        );
        if (!isCurrent) process.exitCode = 1;
        return;
      }
      const { from, to, files } = await migrateDatabase(databaseUrl);
      const lines = files.map((file) => `  ${file}\n`).join("");
      const words =
        files.length === 0
          ? t({ en: "There was nothing to do.", zh: "无需升级。" })
          : t({ en: "Done:", zh: "已完成：" });
      print(
        json,
        { from, to, files },
        `${t({ en: `Version ${from} → ${to}. `, zh: `版本 ${from} → ${to}。` })}${words}\n${lines}`.trimEnd(),
      );
    }),
});
