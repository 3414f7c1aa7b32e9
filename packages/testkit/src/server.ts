import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { collectOutput, type Output, parseLogs } from "./process-output.ts";

/** One line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The real server in a process of its own. */
export type Api = AsyncDisposable & {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly process: ChildProcess;
  /** What it has logged so far: every line of its output that is JSON. */
  logs(): readonly LogLine[];
  /** All that it has written so far, whatever it is. */
  output(): string;
  /** Asks it to stop and waits until it has. @returns its exit code, null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** What a server is started with: nothing of this process's environment but PATH, then `env`. */
export type ApiOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  /** Goes to Node before the server's file. */
  readonly nodeOptions?: readonly string[];
  /** The server's sources as they are, not what was built of them. */
  readonly fromSource?: boolean;
};

/** How a process ended, and all it said. */
export type Ended = Output & { readonly exitCode: number | null };

const fileOf = (path: string) => fileURLToPath(new URL(`../../../apps/api/${path}`, import.meta.url));
const READY_WITHIN_MS = 20_000;

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/** Ends every server that is still running, and removes what they wrote. */
export async function endServers(): Promise<void> {
  await Promise.all([...running].map(kill));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
// A process that is ended in the middle of its work leaves no server behind.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts the built server on a free port, with a data folder of its own.
 * @throws Error with all it said when it ends, or is not ready in time.
 */
export async function startServer(options: ApiOptions = {}): Promise<Api> {
  const child = spawnServer(options);
  const output = collectOutput(child);
  const url = await readyUrl(child, output).catch(async (error: Error) => {
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

/** Runs the built server until it ends by itself, as it does when its settings are wrong. */
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

/** The URL in the one line that says that the server is ready. */
async function readyUrl(child: ChildProcess, output: () => Output): Promise<string> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (isRunning(child)) {
    const line = parseLogs(output().stdout).find(({ msg, url }) => msg === "ready" && typeof url === "string");
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
