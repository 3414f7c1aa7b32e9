import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Load } from "./socket-load-process.ts";

/** What the connections of a load received so far. */
type LoadState = {
  readonly open: number;
  readonly closed: number;
  readonly answers: Readonly<Record<string, number>>;
};

/** Many connections to a server, from a process of their own. */
export type SocketLoad = AsyncDisposable & { state(): Promise<LoadState> };

const program = fileURLToPath(new URL("./socket-load-process.ts", import.meta.url));

/** Opens the connections of a load; resolves when all of them have sent their first bytes. */
export async function startLoad(load: Load): Promise<SocketLoad> {
  const child = fork(program, [JSON.stringify(load)], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return {
    state: async () => {
      const answered = once(child, "message");
      child.send("state");
      const [state] = await answered;
      return state as LoadState;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
