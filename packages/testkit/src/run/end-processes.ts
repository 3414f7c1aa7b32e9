import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that waits for a disk ends when the disk answers. */
const MOST_ROUNDS = 500;

/** What the system says of a process. */
type Entry = { readonly pid: number; readonly says: readonly string[] };

/**
 * Kills (SIGKILL) every process that has `folder` in its command, as its folder for temporary files or as its working
 * folder, until there is none. This process is spared.
 */
export async function endProcessesOf(folder: string): Promise<void> {
  // A process that is found may just start another one.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = findProcesses(folder);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await sleep(20);
  }
}

function findProcesses(folder: string): readonly number[] {
  const isOfFolder = ({ says }: Entry) => says.some((text) => text.includes(folder));
  return (existsSync("/proc/self/environ") ? readProc() : readPs())
    .filter((entry) => entry.pid !== process.pid && isOfFolder(entry))
    .map(({ pid }) => pid);
}

/** Linux. A process that has ended, and one of another user, says nothing. */
const readProc = (): readonly Entry[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      const temporary = orEmpty(() => readFileSync(`/proc/${pid}/environ`, "utf8"))
        .split("\0")
        .filter((variable) => variable.startsWith("TMPDIR="));
      const command = orEmpty(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      return { pid: Number(pid), says: [...temporary, command, orEmpty(() => readlinkSync(`/proc/${pid}/cwd`))] };
    });

/** macOS: the command, followed by the environment. */
const readPs = (): readonly Entry[] =>
  execFileSync("ps", ["-axww", "-E", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\n")
    .map((line) => ({ pid: Number.parseInt(line, 10), says: [line] }));

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
