import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { compileCacheEnv } from "@jifen/testkit";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** The exit code and the output of a command. */
export type CommandResult = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command line on a database. */
export const jifen = (databaseUrl: string, ...args: readonly string[]): Promise<CommandResult> =>
  jifenWith({ DATABASE_URL: databaseUrl }, ...args);

/** The same with these environment variables, and none of this process but PATH. */
export const jifenWith = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandResult> =>
  startJifen(env, ...args).ended;

/** A command that is running. */
export type RunningCommand = {
  readonly ended: Promise<CommandResult>;
  /** Kills the process (SIGKILL). */
  kill(): Promise<void>;
};

/** Starts the built command line. */
export function startJifen(env: Readonly<Record<string, string>>, ...args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...compileCacheEnv, ...env },
  });
  const all = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const ended = all.then(([stdout, stderr]) => ({ exitCode: child.exitCode, stdout, stderr }));
  return {
    ended,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
