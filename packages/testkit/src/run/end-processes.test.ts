import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endProcessesOf, isOfRun } from "./end-processes.ts";
import type { Entry } from "./read-processes.ts";

describe("the processes that end with a run", () => {
  let place: string;
  let folder: string;
  let others: ChildProcess[];
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "runs-"));
    folder = join(place, "jifen-run-1-0a1b2c");
    mkdirSync(join(folder, "t"), { recursive: true });
    others = [];
  });
  afterEach(() => {
    for (const child of others) child.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true });
  });

  /** A process that waits until it is killed. */
  async function startWaiting(temporary: string, cwd: string, ...args: string[]): Promise<ChildProcess> {
    const script = "process.stdout.write('.'); setInterval(() => undefined, 1000)";
    const env = { PATH: process.env["PATH"], TMPDIR: temporary };
    const child = spawn(process.execPath, ["-e", script, ...args], { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    others.push(child);
    return child;
  }

  test("the end of a run kills a process with its TMPDIR, and no other that only names or visits its folder", async () => {
    const own = await startWaiting(join(folder, "t"), "/");
    const spared = await Promise.all([
      startWaiting(place, join(folder, "t")),
      startWaiting(place, "/", join(folder, "t/log.txt")),
      startWaiting(`${join(folder, "t")}2`, "/"),
    ]);
    const ended = once(own, "exit");
    await endProcessesOf(folder);
    expect(await ended).toEqual([null, "SIGKILL"]);
    for (const child of spared) expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });
});

describe("a process of a run", () => {
  const run = { folder: "/tmp/jifen-run-1-0a1b2c", session: "10", uid: 1000 };
  const entry: Entry = {
    pid: 2,
    uid: 1000,
    session: "11",
    hasTerminal: false,
    temporary: `${run.folder}/t`,
    command: [],
  };
  const unreadable: Entry = { ...entry, temporary: undefined, command: ["postgres", "-D", `${run.folder}/t/data`] };
  test.each<{ entry: Entry; is: boolean; says: string }>([
    { entry, is: true, says: "a process with the TMPDIR of the run is one" },
    { entry: { ...entry, hasTerminal: true }, is: false, says: "a process on the terminal of another session is none" },
    {
      entry: { ...entry, hasTerminal: true, session: "10" },
      is: true,
      says: "a process on the run's own terminal is one",
    },
    {
      entry: { ...entry, temporary: "/tmp/jifen-run-1-0a1b2cd/t" },
      is: false,
      says: "a process of a run with a longer name is none",
    },
    { entry: unreadable, is: true, says: "a process with an unreadable environment and a file of the run is one" },
    { entry: { ...unreadable, uid: 0 }, is: false, says: "a process of another user with a file of the run is none" },
    { entry: { ...unreadable, hasTerminal: true }, is: false, says: "an editor on another terminal is none" },
    {
      entry: { ...unreadable, command: ["x", `--user-data-dir=${run.folder}/t/p`] },
      is: true,
      says: "a process with a file of the run in an option is one",
    },
    {
      entry: { ...unreadable, command: ["grep", `${run.folder}2`] },
      is: false,
      says: "a process with a longer name in an argument is none",
    },
  ])("$says", ({ entry: found, is }) => {
    expect(isOfRun(found, run)).toBe(is);
  });
});
