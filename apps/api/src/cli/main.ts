#!/usr/bin/env node
import "../require-node.ts";
import { jifen } from "./commands.ts";
import { runCommandLine } from "./run-command-line.ts";

await runCommandLine(jifen, process.argv.slice(2));
