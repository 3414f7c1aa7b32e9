import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { collectOutput, type Output, parseLogs } from "./process-output.ts";
import { timeLimit } from "./time-limit.ts";

/** One record of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The real server in its own process. */
export type Api = AsyncDisposable & {
  /** The URL on which it listens, without a trailing slash. */
  readonly url: string;
  readonly process: ChildProcess;
  /** The log so far: every line of the output that is JSON. */
  logs(): readonly LogLine[];
  /** The output so far, standard output and standard error. */
  output(): string;
  /** Sends a signal and waits until the process has ended. @returns its exit code, null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** The options of a server. Its environment is `env`, PATH of this process, and `testProcessEnv`. */
export type ApiOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Runs the sources of the server instead of the build output. */
  readonly fromSource?: boolean;
  /** The log record to wait for: `listening` comes before the users of USER_WHITELIST exist. Default: `ready`. */
  readonly waitFor?: "listening" | "ready";
};

/** The output of a process that has ended. */
export type Ended = Output & { readonly exitCode: number | null };

const fileOf = (path: string) => fileURLToPath(new URL(`../../../apps/api/${path}`, import.meta.url));
/**
 * The environment of Jifen's processes in tests. They share compiled code, which makes a start some 150 ms of CPU cheaper, and
 * a run starts hundreds. The folder for temporary files is that of the run, by which they are found if it is interrupted.
 */
export const testProcessEnv = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL("../../../node_modules/.cache/jifen-compile-cache", import.meta.url)),
  TMPDIR: tmpdir(),
};

/**
 * Options of Node for Jifen's processes in tests, which end soon: optimising the WebAssembly of Prisma costs a quarter of the
 * CPU time of a start, and pays off later than they live.
 */
export const shortLivedOptions = ["--liftoff-only"] as const;

const READY_WITHIN_MS = timeLimit(90);

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/** Kills every server that is still running, and removes its data folder. */
export async function endServers(): Promise<void> {
  await Promise.all([...running].map(kill));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
// No server survives a process that ends early.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts the built server on a free port, with its own data folder.
 * @throws Error with its output when it ends early, or is not ready in time.
 */
export async function startServer(options: ApiOptions = {}): Promise<Api> {
  const child = spawnServer(options);
  const output = collectOutput(child);
  const url = await loggedUrl(child, output, options.waitFor ?? "ready").catch(async (error: Error) => {
    await kill(child);
    throw new Error(`${error.message}\n${output().stdout}${output().stderr}`);
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (isRunning(child)) {
      const ended = once(child, "close");
      child.kill(signal);
      await ended;
    }
    return child.exitCode;
  };
  return {
    url,
    process: child,
    logs: () => parseLogs(output().stdout),
    output: () => `${output().stdout}${output().stderr}`,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Runs the built server until it ends by itself, as it does with invalid settings. */
export async function runServer(options: ApiOptions = {}): Promise<Ended> {
  const child = spawnServer(options);
  const output = collectOutput(child);
  await once(child, "close");
  return { exitCode: child.exitCode, ...output() };
}

function spawnServer({ env, databaseUrl, nodeOptions = [], fromSource = false }: ApiOptions): ChildProcess {
  const main = fileOf(fromSource ? "src/main.ts" : "dist/main.js");
  if (!existsSync(main)) throw new Error("The server is not built: run `pnpm build` first.");
  const folder = mkdtempSync(join(tmpdir(), "jifen-data-"));
  folders.add(folder);
  const conditions = fromSource ? ["--conditions=@jifen/source"] : [];
  const child = spawn(process.execPath, [...conditions, ...nodeOptions, main], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      ...testProcessEnv,
      HOST: "127.0.0.1",
      PORT: "0",
      DATA_DIR: folder,
      LOG_LEVEL: "info",
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...env,
    },
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** The URL in the log record whose message begins with this word. */
async function loggedUrl(child: ChildProcess, output: () => Output, word: "listening" | "ready"): Promise<string> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (isRunning(child)) {
    const line = parseLogs(output().stdout).find(
      ({ msg, url }) => String(msg).startsWith(word) && typeof url === "string",
    );
    if (line) return String(line["url"]).replace(/\/$/, "");
    if (Date.now() > deadline) throw new Error(`The server was not ready within ${READY_WITHIN_MS} ms:`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The server ended before it was ready, with exit code ${child.exitCode}:`);
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
}
