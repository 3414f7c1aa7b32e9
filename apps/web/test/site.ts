import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { timeLimit } from "@jifen/testkit/time-limit";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** The command of the Next.js that a site has installed. */
const nextOf = (site: string) =>
  join(dirname(createRequire(join(site, "package.json")).resolve("next/package.json")), "dist/bin/next");
const READY_WITHIN_MS = timeLimit(20);

/** A site in its own process. */
export type Site = AsyncDisposable & { readonly url: string; readonly pid: number | undefined };

/** How Next.js is started. `env` is added to the environment of this process. */
type NextOptions = {
  /** Any free one if left out. */
  readonly port?: number;
  readonly folder: string;
  readonly command: "start" | "dev";
  readonly env: Readonly<Record<string, string>>;
};

/** Starts the built site, on a free port if none is given. @throws Error when it is not built, or with its output when it does not start */
export async function startSite(apiUrl: string, port = 0, env: NextOptions["env"] = {}): Promise<Site> {
  if (!existsSync(join(folder, ".next/BUILD_ID"))) throw new Error("The site is not built: run `pnpm build` first.");
  return startNext({ folder, port, command: "start", env: { NODE_ENV: "production", JIFEN_API_URL: apiUrl, ...env } });
}

/** Builds a site for production. @throws Error with the output of Next.js */
export async function buildNext({ folder: cwd, env }: Pick<NextOptions, "folder" | "env">): Promise<void> {
  const options = {
    cwd,
    env: { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1", ...env },
  };
  await promisify(execFile)(process.execPath, [nextOf(cwd), "build"], options).catch(({ stdout, stderr }) => {
    throw new Error(`The site cannot be built:\n${stdout}${stderr}`);
  });
}

/** Starts Next.js. @throws Error with its output when it does not start */
export async function startNext({ folder: cwd, port = 0, command, env }: NextOptions): Promise<Site> {
  const child = spawn(process.execPath, [nextOf(cwd), command, "-p", String(port), "-H", "127.0.0.1"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const stop = async () => {
    process.off("exit", killAtExit);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  try {
    return { url: await readyUrl(child), pid: child.pid, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until Next.js prints that it is ready. @returns its URL */
function readyUrl(child: ChildProcess): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The site did not start:\n${output}`));
    const timer = setTimeout(fail, READY_WITHIN_MS);
    child.once("exit", fail);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const url = /Local:\s+(\S+)[\s\S]*Ready/.exec(output)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        child.off("exit", fail);
        resolve(url);
      });
    }
  });
}
