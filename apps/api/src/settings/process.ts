import { isAbsolute, resolve } from "node:path";
import { parseDatabaseUrl, UnsupportedDatabaseUrl } from "@jifen/database";
import { z } from "zod";
import { defineSettings } from "./define-settings.ts";
import { forms, same, zSwitch } from "./values.ts";

/** Settings of the process: its mode, its log, its data folder and its database. */
export type ProcessSettings = {
  readonly isProduction: boolean;
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** Whether a start migrates the tables; otherwise only `jifen migrate` does. */
  readonly autoMigrate: boolean;
  readonly logLevel: string;
};

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const zDatabaseUrl = z.string().superRefine((url, issue) => {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (!(error instanceof UnsupportedDatabaseUrl)) throw error;
    issue.addIssue(error.message);
  }
});

/** Settings of the process. */
export const processSettings = defineSettings({
  variables: {
    NODE_ENV: {
      schema: z
        .enum(["development", "production", "test"], "must be development, production or test")
        .default("development"),
      type: same("development, production, test"),
      default: same("development"),
      description: { en: "`production` requires `JWT_SECRET`.", zh: "`production` 必须设置 `JWT_SECRET`。" },
    },
    DATABASE_URL: {
      schema: zDatabaseUrl.optional(),
      type: same("file:…, postgresql://…, mysql://…, mariadb://…, mongodb://…"),
      default: { en: "`jifen.db` in `DATA_DIR`", zh: "`DATA_DIR` 中的 `jifen.db`" },
      description: {
        en: "The database; a `file:` URL is an embedded SQLite database.",
        zh: "数据库地址；`file:` 表示嵌入式 SQLite。",
      },
      isSecret: true,
    },
    DATA_DIR: {
      schema: z.string().default("data"),
      type: { en: "path of a folder", zh: "目录路径" },
      default: same("data"),
      description: {
        en: "Folder of the embedded database and of the secret that development generates.",
        zh: "嵌入式数据库和开发密钥所在目录。",
      },
    },
    AUTO_MIGRATE: {
      schema: zSwitch.default(true),
      type: forms.switch,
      default: same("on"),
      description: {
        en: "`off`: a start does not migrate the tables, only `jifen migrate` does.",
        zh: "`off`：启动时不升级数据库结构，由 `jifen migrate` 升级。",
      },
    },
    LOG_LEVEL: {
      schema: z.enum(logLevels, "must be trace, debug, info, warn, error, fatal or silent").default("info"),
      type: same(logLevels.join(", ")),
      default: same("info"),
      description: { en: "The lowest level that is logged.", zh: "日志的最低级别。" },
    },
  },
  read: (values, { isProduction, workingDirectory }): ProcessSettings => {
    const dataDir = isAbsolute(values.DATA_DIR) ? values.DATA_DIR : resolve(workingDirectory, values.DATA_DIR);
    return {
      isProduction,
      dataDir,
      databaseUrl: values.DATABASE_URL ?? `file:${resolve(dataDir, "jifen.db")}`,
      autoMigrate: values.AUTO_MIGRATE,
      logLevel: values.LOG_LEVEL,
    };
  },
});
