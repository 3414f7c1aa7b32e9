import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { writeRecord } from "./run-record.ts";

const NAME = /^jifen-run-(?<pid>\d+)-[0-9a-f]{6}$/;
const SERVERS = "servers.json";

/**
 * Makes the folder of a run of tests, and makes a folder in it the one for temporary files of this process and of all that it
 * starts. Whatever a run makes is in it, is a process that has it, or is a database that has its name.
 */
export function openRunFolder(): string {
  const folder = join(tmpdir(), `jifen-run-${process.pid}-${randomBytes(3).toString("hex")}`);
  mkdirSync(folder);
  // Servers that run as other users reach their files in it, but add nothing to what is noted here and later trusted.
  chmodSync(folder, 0o711);
  writeRecord(folder);
  const temporary = temporaryFolderOf(folder);
  mkdirSync(temporary);
  // As any folder for temporary files: other users make files in it, and cannot remove those of others.
  chmodSync(temporary, 0o1777);
  process.env["TMPDIR"] = temporary;
  return folder;
}

/** TMPDIR of a run. Its name is short, since the path of a socket has at most 107 characters. */
export const temporaryFolderOf = (folder: string): string => join(folder, "t");

/** The process id in the name of a run's folder; undefined when the name is another one. */
export function pidOfRun(folder: string): number | undefined {
  const pid = NAME.exec(basename(folder))?.groups?.["pid"];
  return pid === undefined ? undefined : Number(pid);
}

/** Whether this is the folder of a run of this user: no link, no folder of another user, no other name. */
export function isRunFolder(folder: string): boolean {
  if (pidOfRun(folder) === undefined) return false;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid);
}

/** Notes the URLs, with their passwords, of the servers on which a run makes databases. */
export const writeServers = (folder: string, urls: readonly string[]): void =>
  writeFileSync(join(folder, SERVERS), JSON.stringify(urls), { flag: "wx", mode: 0o600 });

/** The servers that a run has noted. */
export function readServers(folder: string): readonly string[] {
  const file = join(folder, SERVERS);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/**
 * How the names of a run's databases begin.
 * @throws Error when the folder does not have the name of a run
 */
export function databasePrefixOf(folder: string): string {
  if (pidOfRun(folder) === undefined) throw new Error(`${folder} is not the folder of a run of tests`);
  return `${basename(folder).replaceAll("-", "_")}_`;
}

/** How the names of databases begin that this process makes; a program that is no run of tests has `jifen_test_`. */
export function databasePrefix(): string {
  const folder = dirname(tmpdir());
  return pidOfRun(folder) === undefined ? "jifen_test_" : databasePrefixOf(folder);
}
