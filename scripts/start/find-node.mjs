/** The Node that runs the server: this one, or one that is fetched where this one is older than the server needs. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readIfExists } from "./stamp.mjs";

const local = "node_modules/.bin/node";

/** Whether the server runs on this version of Node. */
function isNewEnough(version) {
  const [major, minor] = version.replace("v", "").split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** What a command prints; an empty text when it fails. */
const outputOf = (command, args) => spawnSync(command, args, { encoding: "utf8" }).stdout?.trim() ?? "";

/** @returns {string} its path */
export function findNode() {
  if (isNewEnough(process.version)) return process.execPath;
  if (isNewEnough(outputOf(local, ["--version"]) || "0.0")) return resolve(local);
  if (process.platform === "win32") stop();
  const pinned = /^ {2}node: (\S+)$/m.exec(readIfExists("pnpm-workspace.yaml") ?? "")?.[1];
  process.stdout.write(
    `The server needs Node 22.18 or newer, this is ${process.versions.node}: fetching Node ${pinned} once. 正在获取较新的 Node …\n`,
  );
  const fetched = outputOf("npx", ["--yes", `--package=node@${pinned}`, "--", "node", "-p", "process.execPath"]);
  if (!isNewEnough(outputOf(fetched, ["--version"]) || "0.0")) stop();
  return fetched;
}

/** Makes `node` the Node that was fetched, for every script of `npm run`: npm looks there first. */
export function linkNode(node) {
  if (node === process.execPath || node === resolve(local)) return;
  mkdirSync(dirname(local), { recursive: true });
  rmSync(local, { force: true });
  symlinkSync(node, local);
}

function stop() {
  process.stderr.write(
    `Jifen needs Node 22.18 or newer; this is ${process.versions.node}. Install it from https://nodejs.org. 需要 Node 22.18 或更新版本。\n`,
  );
  process.exit(1);
}
