import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { readProcesses } from "./read-processes.ts";

/** Where a process id names the same process: on one machine, from one boot to the next, in one PID namespace. */
export type Origin = {
  /** The empty text where the machine has no id. */
  readonly machine: string;
  readonly boot: string;
  readonly pidNamespace: string;
};

/** What a run notes about itself when it begins. */
export type RunRecord = { readonly origin: Origin; readonly session: string };

const fileOf = (folder: string): string => join(folder, "run.json");

/** Notes where this process runs. @throws Error when the folder has a record */
export function writeRecord(folder: string): void {
  const session = readProcesses().find(({ pid }) => pid === process.pid)?.session ?? "";
  const record: RunRecord = { origin: readOrigin(), session };
  writeFileSync(fileOf(folder), JSON.stringify(record), { flag: "wx", mode: 0o600 });
}

/** The record of a run; undefined when the run was interrupted before it was complete. */
export function readRecord(folder: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(folder), "utf8"));
  } catch {
    return undefined;
  }
}

/** The origin of this process. Systems other than Linux have neither of the files, and one namespace. */
export function readOrigin(): Origin {
  const machineId = readIfExists("/etc/machine-id");
  return {
    machine: machineId && `${hostname()} ${machineId}`,
    boot: readIfExists("/proc/sys/kernel/random/boot_id"),
    pidNamespace: existsSync("/proc/self/ns/pid") ? readlinkSync("/proc/self/ns/pid") : "",
  };
}

const readIfExists = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8").trim() : "");

/** Whether the ids of the run's processes can be looked up here: without that, the run may still be living. */
export function isFromHere({ origin }: RunRecord, here = readOrigin()): boolean {
  if (origin.boot === here.boot) return origin.pidNamespace === here.pidNamespace;
  // An earlier boot of this machine, whose processes have all ended.
  return here.machine !== "" && origin.machine === here.machine;
}
