import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./watchdog.ts", import.meta.url));

/**
 * Starts the program that removes what this run has left when this process has ended. It is in a session of its own: a signal
 * to all processes of the terminal, such as Ctrl+C sends, does not reach it.
 */
export function startWatchdog(folder: string): void {
  const { TMPDIR: _, ...env } = process.env;
  const child = spawn(process.execPath, [program], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { ...env, RUN_FOLDER: folder },
  });
  // Neither the process nor the pipe keeps this process alive.
  child.unref();
  (child.stdin as Socket).unref();
}
