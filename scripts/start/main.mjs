/**
 * `npm start`: installs what the server needs, builds it and runs it. Runs on every Node from 20.19, before anything is
 * installed, so that it imports nothing but Node. Each step is skipped when nothing has changed since the last start.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { endWithNpm } from "./end-with-npm.mjs";
import { findNode, linkNode } from "./find-node.mjs";
import { install } from "./install.mjs";

process.chdir(join(import.meta.dirname, "../.."));
endWithNpm();
const node = findNode();
install(node);
linkNode(node);
if (node === process.execPath) await import("./build-and-run.ts");
else {
  const child = spawn(node, ["scripts/start/build-and-run.ts", ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
