import { defineCommand } from "citty";
import { version } from "../version.ts";
import { t } from "./language.ts";

/** `jifen`: the table of contents of the command line. `docs/cli.md` is generated from it. */
export const jifen = defineCommand({
  meta: {
    name: "jifen",
    version,
    description: t({
      en: "Administers the database of a Jifen server, whether or not the server runs.",
      zh: "维护 Jifen 服务的数据库。",
    }),
  },
  args: {
    lang: {
      type: "string",
      description: t({
        en: "Output language. Default: the language of the shell.",
        zh: "输出的语言，默认跟随终端。",
      }),
      valueHint: "zh|en",
    },
  },
  // Each command is loaded when it is used, so that a command starts without the dependencies of the others.
  subCommands: {
    admin: async () => (await import("./admin.ts")).admin,
    audit: async () => (await import("./audit.ts")).audit,
    backup: async () => (await import("./backup.ts")).backup,
    catalogue: async () => (await import("./catalogue.ts")).catalogue,
    codes: async () => (await import("./codes.ts")).codes,
    demo: async () => (await import("./demo.ts")).demo,
    distribute: async () => (await import("./distribute.ts")).distribute,
    doctor: async () => (await import("./doctor.ts")).doctor,
    export: async () => (await import("./export.ts")).exportCommand,
    grant: async () => (await import("./grant.ts")).grant,
    import: async () => (await import("./import.ts")).importCommand,
    key: async () => (await import("./key.ts")).key,
    logs: async () => (await import("./logs.ts")).logs,
    migrate: async () => (await import("./migrate.ts")).migrate,
    payments: async () => (await import("./payments.ts")).payments,
    restore: async () => (await import("./restore.ts")).restore,
    secret: async () => (await import("./secret.ts")).secret,
    statement: async () => (await import("./statement.ts")).statement,
    user: async () => (await import("./user.ts")).user,
    webhooks: async () => (await import("./webhooks.ts")).webhooks,
  },
});
