import { readFileSync } from "node:fs";

/**
 * npm runs a script in a shell and forwards SIGTERM to that shell alone, which ends without passing it on; after SIGKILL of npm,
 * the shell waits for the server. Either way the server would run without npm. Run by npm, this process therefore ends as soon
 * as its parent is another one, or the parent of the shell; run in any other way, it may outlive the shell that started it.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event !== "start") return;
  const parent = process.ppid;
  const npm = npmAboveShell(parent);
  const check = setInterval(() => {
    if (process.ppid === parent && npmAboveShell(parent) === npm) return;
    clearInterval(check);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  check.unref();
}

/**
 * The parent of the shell `sh -c …` that npm started, on Linux; undefined elsewhere, and where the shell has become this process,
 * so that `parent` is npm itself, which may outlive its own parent.
 */
function npmAboveShell(parent) {
  try {
    if (readFileSync(`/proc/${parent}/cmdline`, "utf8").split("\0")[1] !== "-c") return undefined;
    // The name of the program is in brackets and can contain any character.
    const stat = readFileSync(`/proc/${parent}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    return undefined;
  }
}
