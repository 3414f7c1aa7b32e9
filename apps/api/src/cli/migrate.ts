import { inspectDatabase, migrateDatabase } from "@jifen/database";
import { defineCommand } from "citty";
import { reportStartupError } from "../start/report-startup-error.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { commandSettings } from "./with-database.ts";

/** `jifen migrate`: creates or migrates the tables. Concurrent runs migrate once. */
export const migrate = defineCommand({
  meta: {
    name: "migrate",
    description: t({ en: "Migrates the tables of the database.", zh: "升级数据库结构。" }),
  },
  args: {
    check: {
      type: "boolean",
      description: t({
        en: "Only checks; exit code 1 when the tables need a migration.",
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
        const text = isCurrent
          ? t({ en: "No migration is needed.", zh: "无需升级。" })
          : t({ en: "The tables are not those of this version.", zh: "数据库结构与当前版本不一致。" });
        print(
          json,
          { present, newest, isCurrent },
          `${t({ en: `Version ${present}, newest ${newest}. `, zh: `版本 ${present}，最新 ${newest}。` })}${text}`,
        );
        if (!isCurrent) process.exitCode = 1;
        return;
      }
      const { from, to, files, copies } = await migrateDatabase(databaseUrl);
      const copy = t({ en: "Copy from before: ", zh: "升级前的副本：" });
      const lines = [...files.map((file) => `  ${file}\n`), ...copies.map((path) => `${copy}${path}\n`)].join("");
      const text =
        files.length === 0
          ? t({ en: "No migration was needed.", zh: "无需升级。" })
          : t({ en: "Applied:", zh: "已完成：" });
      print(
        json,
        { from, to, files, copies },
        `${t({ en: `Version ${from} → ${to}. `, zh: `版本 ${from} → ${to}。` })}${text}\n${lines}`.trimEnd(),
      );
    }),
});
