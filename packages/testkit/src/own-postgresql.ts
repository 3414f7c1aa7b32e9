import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { findProgramFolder } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { identityForServer } from "./system-user.ts";
import { timeLimit } from "./time-limit.ts";

/** A PostgreSQL server that belongs to one test, which may kill or freeze it. */
export type OwnPostgresql = AsyncDisposable & {
  readonly url: string;
  /** The folder of the cluster. */
  readonly folder: string;
  /** Sends SIGKILL to every process of the server. */
  kill(): Promise<void>;
  /** Starts it again, on the same files and the same port. Resolves when it answers. */
  start(): Promise<void>;
  /** Sends SIGSTOP to every process of the server. */
  freeze(): void;
  /** Sends SIGCONT to every process of the server. */
  thaw(): void;
};

const READY_WITHIN_MS = timeLimit(30);

type ClusterOptions = {
  /** Settings that differ from their defaults, `name=value` each. */
  readonly settings?: readonly string[];
  /** Starts as a standby, with a copy of the files of this server, which has to be stopped. */
  readonly standbyOf?: OwnPostgresql;
};

/** Whether PostgreSQL is installed here, so that `startOwnPostgresql` can start it. */
export const hasOwnPostgresql = (): boolean => findPrograms() !== undefined;

/** Starts the installed PostgreSQL on a new cluster in a temporary folder, on a free port. */
export async function startOwnPostgresql({ settings = [], standbyOf }: ClusterOptions = {}): Promise<OwnPostgresql> {
  const programs = findPrograms();
  if (programs === undefined) throw new Error("PostgreSQL is not installed here: initdb and postgres are not found");
  const identity = identityForServer("postgres");
  const folder = mkdtempSync(join(tmpdir(), "jifen-own-postgresql-"));
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid);
  const options = { ...identity, stdio: "ignore" } as const;
  if (standbyOf) copyCluster(standbyOf.folder, folder);
  else execFileSync(join(programs, "initdb"), [`--pgdata=${folder}`, ...NEW_CLUSTER], options);
  const port = await freePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const all = ["listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings].flatMap((each) => ["-c", each]);
  const flags = ["-D", folder, "-p", String(port), ...all];
  let server: ChildProcess | undefined;

  const kill = async () => {
    if (!server || !isRunning(server)) return;
    const ended = once(server, "exit");
    signalAll(server, "SIGKILL");
    await ended;
  };
  const start = async () => {
    const began = Date.now();
    while (Date.now() - began < READY_WITHIN_MS) {
      // A new server refuses to start until the last of the killed processes has ended.
      if (!server || !isRunning(server)) server = spawn(join(programs, "postgres"), flags, options);
      if (await answers(url)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`PostgreSQL did not answer within ${READY_WITHIN_MS} ms`);
  };
  process.once("exit", () => {
    if (server && isRunning(server)) signalAll(server, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url,
    folder,
    kill,
    start,
    freeze: () => server && signalAll(server, "SIGSTOP"),
    thaw: () => server && signalAll(server, "SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const NEW_CLUSTER = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];

/** Keeps owners and modes, which PostgreSQL checks. */
function copyCluster(from: string, to: string): void {
  execFileSync("cp", ["-a", `${from}/.`, to]);
  rmSync(join(to, "postmaster.pid"), { force: true });
  writeFileSync(join(to, "standby.signal"), "");
}

/** The folder of `initdb` and `postgres`. Debian and Red Hat install them outside of PATH, in a folder for each version. */
function findPrograms(): string | undefined {
  const versions = globSync(["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"]);
  const newestFirst = versions.toSorted((one, other) => other.localeCompare(one, "en", { numeric: true }));
  return findProgramFolder(["initdb", "postgres"], newestFirst);
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** Every backend is a process group of its own, so each process gets the signal. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  for (const each of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(each, signal);
    } catch {
      // The process has ended already.
    }
  }
}

function childrenOf(pid: number): number[] {
  if (existsSync("/proc/self/stat")) {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
      .map(Number);
  }
  try {
    return execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
      .split("\n")
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

/** The second field after the name, which is in brackets and can contain any character. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
