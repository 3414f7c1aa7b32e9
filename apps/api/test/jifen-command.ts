import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { shortLivedOptions, testProcessEnv } from "@jifen/testkit";
import { afterAll } from "vitest";
import { languageOf } from "../src/cli/language.ts";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const hostFile = fileURLToPath(new URL("./command-host.ts", import.meta.url));

/** The exit code and the output of a command. */
export type CommandResult = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

type Environment = Readonly<Record<string, string>>;

/** Runs the built command line on a database. */
export const jifen = (databaseUrl: string, ...args: readonly string[]): Promise<CommandResult> =>
  jifenWith({ DATABASE_URL: databaseUrl }, ...args);

/**
 * The same with these environment variables, and none of this process but PATH. The commands of a test file share a process,
 * because most of the time of a command is the start of its own. A command that runs beside another one, or speaks another
 * language than English, has its own process. That every command works as a process of its own is proved in
 * command-processes.test.ts.
 */
export async function jifenWith(env: Environment, ...args: readonly string[]): Promise<CommandResult> {
  const isEnglish = languageOf([], env) === "en" && !args.some((word) => word.startsWith("--lang"));
  if (!isEnglish || isHostBusy) return startJifen(env, ...args).ended;
  isHostBusy = true;
  try {
    host ??= startHost();
    return await runIn(await host, env, args);
  } finally {
    isHostBusy = false;
  }
}

/** A command that is running. */
export type RunningCommand = {
  readonly ended: Promise<CommandResult>;
  /** Ends the process by a signal, SIGKILL unless another is given. */
  kill(signal?: NodeJS.Signals): Promise<void>;
};

const environmentOf = (env: Environment) => ({ PATH: process.env["PATH"], ...testProcessEnv, ...env });

/** Starts the built command line in a process of its own. */
export function startJifen(env: Environment, ...args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [...shortLivedOptions, main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environmentOf(env),
  });
  const all = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const ended = all.then(([stdout, stderr]) => ({ exitCode: child.exitCode, stdout, stderr }));
  return {
    ended,
    kill: async (signal = "SIGKILL") => {
      child.kill(signal);
      await ended;
    },
  };
}

let host: Promise<ChildProcess> | undefined;
let isHostBusy = false;
afterAll(async () => (await host)?.kill("SIGKILL"));

async function startHost(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...shortLivedOptions, hostFile], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: environmentOf({}),
  });
  await messageOf(child);
  return child;
}

function runIn(child: ChildProcess, env: Environment, words: readonly string[]): Promise<CommandResult> {
  child.send({ env: environmentOf(env), words });
  return messageOf(child);
}

/** The next message. @throws Error when the process ends instead */
async function messageOf<Message>(child: ChildProcess): Promise<Message> {
  const waiting = new AbortController();
  const ended = once(child, "exit", waiting).then(([code, signal]) => {
    throw new Error(`the process that runs commands ended with ${code ?? signal}`);
  });
  const [message] = await Promise.race([once(child, "message", waiting), ended]).finally(() => waiting.abort());
  return message;
}
