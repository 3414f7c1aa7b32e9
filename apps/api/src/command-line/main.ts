#!/usr/bin/env node
import "../require-node.ts";
import { defineCommand, runMain } from "citty";
import { version } from "../version.ts";
import { admin } from "./admin.ts";
import { audit } from "./audit.ts";
import { doctor } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { grant } from "./grant.ts";
import { importCommand } from "./import.ts";
import { key } from "./key.ts";
import { told, typedWords } from "./language.ts";
import { migrate } from "./migrate.ts";
import { secret } from "./secret.ts";
import { user } from "./user.ts";

await runMain(
  defineCommand({
    meta: {
      name: "jifen",
      version,
      description: told({
        en: "Looks after the database of a Jifen server, running or not.",
        zh: "维护 Jifen 服务的数据库。",
      }),
    },
    args: {
      lang: {
        type: "string",
        description: told({
          en: "Language of what is said; else that of the shell.",
          zh: "输出的语言，默认跟随终端。",
        }),
        valueHint: "zh|en",
      },
    },
    subCommands: {
      admin,
      audit,
      doctor,
      export: exportCommand,
      grant,
      import: importCommand,
      key,
      migrate,
      secret,
      user,
    },
  }),
  { rawArgs: [...typedWords] },
);
