import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { onPostgresql } from "./postgres.ts";
import { identityForServer } from "./system-user.ts";
import { timeLimit } from "./time-limit.ts";

/** A PgBouncer that belongs to one test. */
export type OwnPgbouncer = AsyncDisposable & {
  /** The URL of the same database through the pooler. */
  readonly url: string;
  /** Ends the process immediately: every connection through it is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
};

const READY_WITHIN_MS = timeLimit(30);

/** Whether PgBouncer is installed here, so that `startPgbouncer` can start it. */
export const hasPgbouncer = (): boolean => findProgram("pgbouncer") !== undefined;

/**
 * Starts PgBouncer before the PostgreSQL behind `serverUrl`, on a free port. Every setting that is not named has its
 * default, as in a new installation.
 */
export async function startPgbouncer(
  serverUrl: string,
  settings: Readonly<Record<string, string | number>> = {},
): Promise<OwnPgbouncer> {
  const program = findProgram("pgbouncer");
  if (program === undefined) throw new Error("PgBouncer is not installed here");
  const server = new URL(serverUrl);
  const folder = mkdtempSync(join(tmpdir(), "jifen-pgbouncer-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = server.password === "" ? "" : ` password=${decodeURIComponent(server.password)}`;
  const lines = Object.entries({
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "any",
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  const target = `host=${server.hostname} port=${server.port || 5432} user=${server.username}${password}`;
  writeFileSync(join(folder, "pgbouncer.ini"), `[databases]\n* = ${target}\n[pgbouncer]\n${lines.join("\n")}\n`);
  const url = Object.assign(new URL(serverUrl), { hostname: "127.0.0.1", port: String(port) }).href;
  let child: ChildProcess | undefined;
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  const kill = async () => {
    if (!child || !isRunning()) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  const start = async () => {
    child = spawn(program, [join(folder, "pgbouncer.ini")], {
      ...identityForServer(),
      stdio: "ignore",
      cwd: folder,
    });
    for (const began = Date.now(); Date.now() - began < READY_WITHIN_MS; ) {
      if (!isRunning()) throw new Error("PgBouncer ended");
      const answered = await onPostgresql(url, (client) => client.query("SELECT 1")).catch(() => undefined);
      if (answered) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`PgBouncer did not answer within ${READY_WITHIN_MS} ms`);
  };
  process.once("exit", () => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
