import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dropDatabases } from "./drop-databases.ts";
import { endProcessesOf } from "./end-processes.ts";
import { databasePrefix, readServers } from "./run-folder.ts";

/** Removes everything that a run has left, after its process has ended: processes, databases and files. */
export async function removeRun(folder: string): Promise<void> {
  await endProcessesOf(folder);
  await removeDatabasesAndFiles(folder);
}

/** The same for a run whose processes have ended or are about to. */
export async function removeDatabasesAndFiles(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const server of readServers(folder)) {
    // A server that was started for the run has ended with it, and its databases are in the folder.
    await dropDatabases(server, databasePrefix(folder)).catch(() => undefined);
  }
  for (const mounted of mountsIn(folder)) execFileSync("umount", ["-l", mounted]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Tests of a full disk mount small ones. */
const mountsIn = (folder: string): readonly string[] =>
  existsSync("/proc/self/mounts")
    ? readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" ")[1] ?? "")
        .filter((path) => path.startsWith(`${folder}/`))
        .toReversed()
    : [];
