import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunFolder, pidOfRun } from "./run-folder.ts";
import { isFromHere, readRecord } from "./run-record.ts";

/** The folders of runs whose process has ended. What these runs left could not be removed when they ended. */
export const foldersOfEndedRuns = (within = tmpdir()): readonly string[] =>
  readdirSync(within)
    .map((name) => join(within, name))
    .filter((folder) => isRunFolder(folder) && hasEnded(folder));

/** A run without a record may just begin. */
function hasEnded(folder: string): boolean {
  const record = readRecord(folder);
  return record !== undefined && isFromHere(record) && !isRunning(Number(pidOfRun(folder)));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process of another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
