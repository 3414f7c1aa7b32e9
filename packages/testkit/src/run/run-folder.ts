import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const PREFIX = "jifen-run-";
const SERVERS = "servers.json";

/**
 * Makes the folder of a run of tests, and makes it the folder for temporary files of this process and of all that it starts.
 * Whatever a run makes is in it, is a process that knows it, or is a database that has its name.
 */
export function openRunFolder(): string {
  const folder = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(3).toString("hex")}`);
  mkdirSync(folder);
  // As any folder for temporary files: servers that run as other users make files in it, and cannot remove those of others.
  chmodSync(folder, 0o1777);
  process.env["TMPDIR"] = folder;
  return folder;
}

/** Notes the URLs of the servers on which a run makes databases. */
export const writeServers = (folder: string, urls: readonly string[]): void =>
  writeFileSync(join(folder, SERVERS), JSON.stringify(urls), { mode: 0o600 });

/** The servers that a run has noted. */
export function readServers(folder: string): readonly string[] {
  const file = join(folder, SERVERS);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/** How the names of a run's databases begin; a program that is no run of tests has `jifen_test_`. */
export function databasePrefix(folder = tmpdir()): string {
  const name = basename(folder);
  return `${name.startsWith(PREFIX) ? name.replaceAll("-", "_") : "jifen_test"}_`;
}

/** The folders of runs whose process has ended. What these runs left could not be removed when they ended. */
export const foldersOfEndedRuns = (): readonly string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX) && !isRunning(Number(name.slice(PREFIX.length).split("-")[0])))
    .map((name) => join(tmpdir(), name));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process of another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
