#!/usr/bin/env node
import "../require-node.ts";
import { runMain } from "citty";
import { jifen } from "./commands.ts";
import { commandArgs } from "./language.ts";

await runMain(jifen, { rawArgs: [...commandArgs] });
