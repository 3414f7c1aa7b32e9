import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { read } from "./files.ts";

const units = ["jifen.service", "jifen-backup.service", "jifen-backup.timer"];
const isInstalled = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("the units of systemd", () => {
  // A path that does not exist on this machine is no fault of the unit.
  test.skipIf(!isInstalled)("systemd accepts every line of them", () => {
    const folder = new URL("../systemd/", import.meta.url).pathname;
    const { stderr } = spawnSync("systemd-analyze", ["verify", ...units.map((unit) => `${folder}${unit}`)], {
      encoding: "utf8",
    });
    expect(stderr).not.toMatch(/Unknown|Failed to parse|Invalid|ignoring/i);
  });

  test("the backup reads the settings and the data of the server", () => {
    const lines = (unit: string) => read(`ops/systemd/${unit}`).split("\n");
    const shared = lines("jifen.service").filter((line) =>
      /^(User|Group|Environment|EnvironmentFile|WorkingDirectory)=/.test(line),
    );
    expect(shared).toHaveLength(5);
    expect(lines("jifen-backup.service")).toEqual(expect.arrayContaining(shared));
    expect(read("ops/systemd/jifen-backup.service")).toMatch(
      /^ExecStart=.*cli\/main\.js backup \/var\/backups\/jifen\//m,
    );
  });
});
