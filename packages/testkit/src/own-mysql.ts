import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";
import { onMysql } from "./mysql.ts";

/** A MariaDB server that belongs to one test, which may kill or freeze it. */
export type OwnMysql = AsyncDisposable & {
  readonly url: string;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same files and the same port. Resolves when it answers. */
  start(): Promise<void>;
  /** Sends SIGSTOP. */
  freeze(): void;
  /** Sends SIGCONT. */
  thaw(): void;
};

const READY_WITHIN_MS = 30_000;

const isRunning = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

/** Debian installs servers in a folder that is only in root's PATH. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Whether MariaDB is installed here, so that `startOwnMysql` can start it. */
export const hasOwnMysql = (): boolean =>
  findProgram("mariadbd") !== undefined && findProgram("mariadb-install-db") !== undefined;

/**
 * Starts the installed MariaDB with its data in a temporary folder, on a free port.
 * @param flags such as `--innodb-flush-log-at-trx-commit=2`
 */
export async function startOwnMysql(...flags: readonly string[]): Promise<OwnMysql> {
  const [program, install] = [findProgram("mariadbd"), findProgram("mariadb-install-db")];
  if (program === undefined || install === undefined) throw new Error("MariaDB is not installed here");
  const folder = mkdtempSync(join(tmpdir(), "jifen-own-mysql-"));
  const files = ["--no-defaults", `--datadir=${join(folder, "data")}`, `--user=${userInfo().username}`];
  const withoutPassword = "--auth-root-authentication-method=normal";
  execFileSync(install, [...files, withoutPassword, "--skip-test-db"], { stdio: "ignore" });
  const port = await freePort();
  const url = `mysql://root@127.0.0.1:${port}/`;
  const settings = [`--port=${port}`, "--bind-address=127.0.0.1", `--socket=${join(folder, "socket")}`, ...flags];
  let server: ChildProcess | undefined;

  const kill = async () => {
    if (!isRunning(server)) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };
  const start = async () => {
    for (const began = Date.now(); Date.now() - began < READY_WITHIN_MS; ) {
      if (!isRunning(server)) server = spawn(program, [...files, ...settings], { stdio: "ignore" });
      if (await answers(url)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`MariaDB did not answer within ${READY_WITHIN_MS} ms`);
  };
  process.once("exit", () => {
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url,
    kill,
    start,
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  onMysql(url, (connection) => connection.query("SELECT 1")).then(
    () => true,
    () => false,
  );
