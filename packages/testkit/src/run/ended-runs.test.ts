import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { foldersOfEndedRuns } from "./ended-runs.ts";
import { openRunFolder, writeServers } from "./run-folder.ts";
import { isFromHere, type Origin, readOrigin } from "./run-record.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "runs-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** The id of a process that has ended. */
const endedPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

/** Makes the folder of a run in `place`. */
function makeRun(name: string, origin: Origin = readOrigin()): string {
  const folder = join(place, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "run.json"), JSON.stringify({ origin, session: "1" }));
  return folder;
}

describe("the runs that the next run removes", () => {
  test("a run whose process has ended is one of them", () => {
    const folder = makeRun(`jifen-run-${endedPid()}-0a1b2c`);
    expect(foldersOfEndedRuns(place)).toEqual([folder]);
  });

  test("a run whose process is running is none of them", () => {
    makeRun(`jifen-run-${process.pid}-0a1b2c`);
    expect(foldersOfEndedRuns(place)).toEqual([]);
  });

  test("folders with similar names, links and files are none of them", () => {
    const pid = endedPid();
    for (const name of [
      `jifen-run-${pid}`,
      `jifen-run-${pid}-0a1b2c.old`,
      `my-jifen-run-${pid}-0a1b2c`,
      "jifen-run-x-0a1b2c",
    ])
      makeRun(name);
    symlinkSync(makeRun("somewhere-else"), join(place, `jifen-run-${pid}-ffffff`));
    writeFileSync(join(place, `jifen-run-${pid}-eeeeee`), "");
    expect(foldersOfEndedRuns(place)).toEqual([]);
  });

  test("a folder that has no record of a run is none of them", () => {
    mkdirSync(join(place, `jifen-run-${endedPid()}-0a1b2c`));
    expect(foldersOfEndedRuns(place)).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)("a run of another user is none of them", () => {
    chownSync(makeRun(`jifen-run-${endedPid()}-0a1b2c`), 65_534, 65_534);
    expect(foldersOfEndedRuns(place)).toEqual([]);
  });

  test("a run in another PID namespace is none of them, since its process id means another process here", () => {
    makeRun(`jifen-run-${endedPid()}-0a1b2c`, { ...readOrigin(), pidNamespace: "pid:[1]" });
    expect(foldersOfEndedRuns(place)).toEqual([]);
  });
});

describe("where the processes of a run can be looked up", () => {
  const here: Origin = { machine: "host 1", boot: "b", pidNamespace: "pid:[2]" };
  test.each([
    { origin: here, isHere: true, where: "in this boot and namespace" },
    { origin: { ...here, pidNamespace: "pid:[3]" }, isHere: false, where: "not in another namespace" },
    { origin: { ...here, boot: "a" }, isHere: true, where: "after another boot of this machine" },
    { origin: { ...here, boot: "a", machine: "host 2" }, isHere: false, where: "not on another machine" },
  ])("the processes of a run are looked up $where", ({ origin, isHere }) => {
    expect(isFromHere({ origin, session: "1" }, here)).toBe(isHere);
  });

  test("the processes of a run of another boot are not looked up on a machine without an id", () => {
    expect(isFromHere({ origin: { ...here, machine: "", boot: "a" }, session: "1" }, { ...here, machine: "" })).toBe(
      false,
    );
  });
});

describe("the folder of a run", () => {
  const outer = process.env["TMPDIR"];
  afterEach(() => {
    if (outer === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = outer;
  });

  test("other users can write in its temporary files alone, and cannot read the URLs of its servers", () => {
    process.env["TMPDIR"] = place;
    const folder = openRunFolder();
    writeServers(folder, ["postgresql://me:secret@127.0.0.1/"]);
    const modes = Object.fromEntries(
      [folder, tmpdir(), join(folder, "run.json"), join(folder, "servers.json")].map((path) => [
        basename(path),
        (statSync(path).mode & 0o7777).toString(8),
      ]),
    );
    expect(modes).toEqual({ [basename(folder)]: "711", t: "1777", "run.json": "600", "servers.json": "600" });
    expect(() => writeServers(folder, [])).toThrow("EEXIST");
  });
});
