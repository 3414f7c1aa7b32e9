#!/usr/bin/env node
import "../require-node.ts";
import { defineCommand, runMain } from "citty";
import { version } from "../version.ts";
import { t, typedWords } from "./language.ts";

await runMain(
  defineCommand({
    meta: {
      name: "jifen",
      version,
      description: t({
        en: "Looks after the database of a Jifen server, running or not.",
        zh: "维护 Jifen 服务的数据库。",
      }),
    },
    args: {
      lang: {
        type: "string",
        description: t({
          en: "Language of what is said; else that of the shell.",
          zh: "输出的语言，默认跟随终端。",
        }),
        valueHint: "zh|en",
      },
    },
    // Each loads what it needs when it is asked for: nobody waits for all the others.
    subCommands: {
      admin: async () => (await import("./admin.ts")).admin,
      audit: async () => (await import("./audit.ts")).audit,
      doctor: async () => (await import("./doctor.ts")).doctor,
      export: async () => (await import("./export.ts")).exportCommand,
      grant: async () => (await import("./grant.ts")).grant,
      import: async () => (await import("./import.ts")).importCommand,
      key: async () => (await import("./key.ts")).key,
      migrate: async () => (await import("./migrate.ts")).migrate,
      secret: async () => (await import("./secret.ts")).secret,
      user: async () => (await import("./user.ts")).user,
    },
  }),
  { rawArgs: [...typedWords] },
);
