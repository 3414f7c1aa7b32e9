#!/usr/bin/env node
import "../require-node.ts";
import { defineCommand, runMain } from "citty";
import { version } from "../version.ts";
import { audit } from "./audit.ts";

await runMain(
  defineCommand({
    meta: {
      name: "jifen",
      version,
      description: "Looks after the database of a Jifen server, running or not. 维护 Jifen 服务的数据库。",
    },
    subCommands: { audit },
  }),
);
