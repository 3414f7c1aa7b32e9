import { setTimeout as sleep } from "node:timers/promises";
import { type Entry, readProcesses } from "./read-processes.ts";
import { temporaryFolderOf } from "./run-folder.ts";
import { readRecord } from "./run-record.ts";

/** A process that waits for a disk ends when the disk answers. */
const MOST_ROUNDS = 500;

/** By what the processes of a run are found. */
export type RunOfProcesses = { readonly folder: string; readonly session: string; readonly uid: number };

/** Kills (SIGKILL) every process of the run, until there is none. This process is spared. */
export async function endProcessesOf(folder: string): Promise<void> {
  const run = { folder, session: readRecord(folder)?.session ?? "", uid: process.getuid?.() ?? 0 };
  // A process that is found may just start another one.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = readProcesses().filter((entry) => entry.pid !== process.pid && isOfRun(entry, run));
    if (found.length === 0) return;
    for (const { pid } of found) kill(pid);
    await sleep(20);
  }
}

/**
 * Whether the process belongs to the run: its TMPDIR is that of the run, or one that a run in the run has made there. A process
 * whose environment cannot be read belongs to it when it is of this user and has a path of the run as an argument. A process on
 * another terminal never does: a developer looks into the folder.
 */
export function isOfRun(entry: Entry, { folder, session, uid }: RunOfProcesses): boolean {
  if (entry.hasTerminal && entry.session !== session) return false;
  if (entry.temporary !== undefined) return isWithin(entry.temporary, temporaryFolderOf(folder));
  return entry.uid === uid && entry.command.some((word) => isWithin(word.replace(/^-[^=]*=/, ""), folder));
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
