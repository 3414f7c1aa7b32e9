import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { timeLimit } from "@jifen/testkit/time-limit";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const unprivileged = { uid: 65_534, gid: 65_534, cwd: "/" } as const;

/** Runs the built server as a user without rights until it ends. Only root can do that, and the build must be readable. */
export const runUnprivileged = Object.assign(
  async (env: Readonly<Record<string, string>>) => {
    const { status, stderr } = spawnSync(process.execPath, [main], {
      ...unprivileged,
      encoding: "utf8",
      timeout: timeLimit(20),
      env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ...env },
    });
    return { exitCode: status, stderr };
  },
  { isPossible: process.getuid?.() === 0 && spawnSync(process.execPath, ["--check", main], unprivileged).status === 0 },
);
