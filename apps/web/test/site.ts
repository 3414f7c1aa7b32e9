import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
const next = join(dirname(createRequire(import.meta.url).resolve("next/package.json")), "dist/bin/next");
const READY_WITHIN_MS = 20_000;

/** A site in a process of its own. */
export type Site = AsyncDisposable & { readonly url: string };

/** How Next.js is started: where, as `start` or `dev`, and with what beside this process's environment. */
type NextOptions = {
  readonly folder: string;
  readonly command: "start" | "dev";
  readonly env: Readonly<Record<string, string>>;
};

/** Starts the built site on a free port. @throws Error when it is not built, or with all it said when it does not start */
export async function startSite(apiUrl: string): Promise<Site> {
  if (!existsSync(join(folder, ".next/BUILD_ID"))) throw new Error("The site is not built: run `pnpm build` first.");
  return startNext({ folder, command: "start", env: { NODE_ENV: "production", JIFEN_API_URL: apiUrl } });
}

/** Starts Next.js on a free port. @throws Error with all it said when it does not start */
export async function startNext({ folder: cwd, command, env }: NextOptions): Promise<Site> {
  const child = spawn(process.execPath, [next, command, "-p", "0", "-H", "127.0.0.1"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const stop = async () => {
    process.off("exit", killWithUs);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  try {
    return { url: await readyUrl(child), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
/** The address in the lines that say that the site is ready. */
function readyUrl(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const abortInFlight = () => reject(new Error(`The site did not start:\n${said}`));
    const timer = setTimeout(abortInFlight, READY_WITHIN_MS);
    child.once("exit", abortInFlight);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const url = /Local:\s+(\S+)[\s\S]*Ready/.exec(said)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        child.off("exit", abortInFlight);
        resolve(url);
      });
    }
  });
}
