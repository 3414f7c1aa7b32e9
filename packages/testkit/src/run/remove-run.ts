import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dropDatabases } from "./drop-databases.ts";
import { endProcessesOf } from "./end-processes.ts";
import { databasePrefixOf, isRunFolder, readServers, temporaryFolderOf } from "./run-folder.ts";

/**
 * Removes everything that a run has left, after its process has ended: processes, databases and files.
 * @throws Error when one of its servers does not answer; the folder stays, so that the next run tries again
 */
export async function removeRun(folder: string): Promise<void> {
  if (!isRunFolder(folder)) return;
  await endProcessesOf(folder);
  await removeDatabasesAndFiles(folder);
}

/** The same for a run whose processes have ended or are about to. */
export async function removeDatabasesAndFiles(folder: string): Promise<void> {
  if (!isRunFolder(folder)) return;
  for (const mounted of mountsIn(folder)) execFileSync("umount", ["-l", mounted]);
  rmSync(temporaryFolderOf(folder), { recursive: true, force: true, maxRetries: 5 });
  for (const server of readServers(folder)) await dropDatabases(server, databasePrefixOf(folder)).catch(failOn(server));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

  function failOn(server: string): (cause: unknown) => never {
    return (cause) => {
      const says = `The databases ${databasePrefixOf(folder)}… on ${withoutPassword(server)} cannot be dropped: ${String(cause)}`;
      throw new Error(`${says}. The next run tries again; if the server is gone, remove ${folder}.`, { cause });
    };
  }
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^/]*@/, "//");

/** Tests of a full disk mount small ones. */
const mountsIn = (folder: string): readonly string[] =>
  existsSync("/proc/self/mounts")
    ? readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" ")[1] ?? "")
        .filter((path) => path.startsWith(`${folder}/`))
        .toReversed()
    : [];
