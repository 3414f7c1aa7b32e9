import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A server in a process of its own. */
export type ServerProcess = {
  readonly url: string;
  /** Asks it to stop, and returns when it has. @throws Error when it did not end well */
  stop(): Promise<void>;
};

/**
 * Starts a Node file that prints one JSON line with `"msg":"ready"` and its `url`. It sees no other
 * environment than `env`.
 * @throws Error when it ends before that
 */
export async function startServerProcess(file: string, env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const hangUp = () => child.kill();
  process.once("exit", hangUp);
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { msg: string; url: string };
    if (said.msg !== "ready") continue;
    child.stdout.resume();
    return {
      url: said.url,
      stop: async () => {
        process.off("exit", hangUp);
        child.kill();
        const [code] = await ended;
        if (code !== 0) throw new Error(`${file} ended with exit code ${code}`);
      },
    };
  }
  throw new Error(`${file} did not start`);
}
