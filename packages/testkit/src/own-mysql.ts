import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { onMysql } from "./mysql.ts";
import { findServerUser } from "./system-user.ts";
import { timeLimit } from "./time-limit.ts";

/** A MariaDB server that belongs to one test, which may kill or freeze it. */
export type OwnMysql = AsyncDisposable & {
  readonly url: string;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same files and the same port. Resolves when it is ready. */
  start(): Promise<void>;
  /** Sends SIGSTOP. */
  freeze(): void;
  /** Sends SIGCONT. */
  thaw(): void;
};

const READY_WITHIN_MS = timeLimit(60);

type ServerOptions = {
  /** Such as `--innodb-flush-log-at-trx-commit=2`. */
  readonly flags?: readonly string[];
  /** Flags of the first start alone. */
  readonly firstFlags?: readonly string[];
  /** A query whose first column is true once the server is ready. */
  readonly readyQuery?: string;
};

const isRunning = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

/** Whether MariaDB is installed here, so that `startOwnMysql` can start it. */
export const hasOwnMysql = (): boolean =>
  findProgram("mariadbd") !== undefined && findProgram("mariadb-install-db") !== undefined;

/** Starts the installed MariaDB with its data in a temporary folder, on a free port. */
export const startOwnMysql = (...flags: readonly string[]): Promise<OwnMysql> => startMariadb({ flags });

/** As `startOwnMysql`, with more options. */
export async function startMariadb({
  flags = [],
  firstFlags = [],
  readyQuery = "SELECT TRUE",
}: ServerOptions): Promise<OwnMysql> {
  const [program, install] = [findProgram("mariadbd"), findProgram("mariadb-install-db")];
  if (program === undefined || install === undefined) throw new Error("MariaDB is not installed here");
  const folder = mkdtempSync(join(tmpdir(), "jifen-own-mysql-"));
  const files = [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    `--tmpdir=${makeTemporaryFolder(folder)}`,
    `--user=${userForServer(folder)}`,
  ];
  const withoutPassword = "--auth-root-authentication-method=normal";
  execFileSync(install, [...files, withoutPassword, "--skip-test-db"], { stdio: "ignore" });
  const port = await freePort();
  const url = `mysql://root@127.0.0.1:${port}/`;
  const settings = [`--port=${port}`, "--bind-address=127.0.0.1", `--socket=${join(folder, "socket")}`, ...flags];
  let server: ChildProcess | undefined;
  let extraFlags = firstFlags;

  const kill = async () => {
    if (!isRunning(server)) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };
  const start = async () => {
    for (const began = Date.now(); Date.now() - began < READY_WITHIN_MS; ) {
      if (!isRunning(server)) server = spawn(program, [...files, ...settings, ...extraFlags], { stdio: "ignore" });
      if (await isTrue(url, readyQuery)) {
        extraFlags = [];
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`MariaDB was not ready within ${READY_WITHIN_MS} ms`);
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

/** As root, the server changes to a user of its own: the programs that copy a node of a cluster must not run as root. */
/**
 * A server that starts deletes the temporary tables (#sql…) of every other server with the same folder for them. Another
 * server that is about to open one then ends with a segmentation fault.
 */
function makeTemporaryFolder(folder: string): string {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  chmodSync(temporary, 0o777);
  return temporary;
}

function userForServer(folder: string): string {
  const user = findServerUser("mysql");
  if (user === undefined) return userInfo().username;
  chownSync(folder, user.uid, user.gid);
  return "mysql";
}

const isTrue = (url: string, query: string): Promise<boolean> =>
  onMysql(url, async (connection) => {
    const [row] = await connection.query<Readonly<Record<string, unknown>>[]>(query);
    return Number(Object.values(row ?? {})[0]) === 1;
  }).catch(() => false);
