import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { inspectDatabase, openDatabase } from "@jifen/database";
import { type FreshDatabase, freshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { countRows, fillEveryTable, folder, linesOf, newExportFile } from "./export-files.ts";
import { jifen } from "./jifen-command.ts";
import { startApiWithAdmin } from "./start-api-with-admin.ts";

describe("a damaged export", () => {
  let source: FreshDatabase;
  let target: FreshDatabase;
  const whole = newExportFile();
  beforeAll(async () => {
    const api = await startApiWithAdmin("sqlite", { USER_KEYS: "on", SELF_GRANT: "on", LOG_DETAILS_BYTES: "65536" });
    source = api.server.database;
    await fillEveryTable(api);
    await jifen(source.url, "export", whole);
    await api.server.api.stop();
  });
  beforeEach(async () => {
    target = await freshDatabase("sqlite");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const change = (lines: (all: string[]) => readonly string[]) => {
    const path = newExportFile();
    writeFileSync(path, gzipSync(`${lines(linesOf(whole)).join("\n")}\n`));
    return path;
  };
  const row = (all: readonly string[], of: string) => all.findIndex((line) => line.includes(`"table":"${of}"`)) + 1;

  test.each<{ says: string; lines: (all: string[]) => readonly string[] }>([
    { says: "a balance was changed", lines: (all) => all.with(2, all[2]?.replace(/"\d+"/, '"999"') ?? "") },
    { says: "a row was removed", lines: (all) => all.toSpliced(row(all, "transactions"), 1) },
    { says: "a row was repeated", lines: (all) => all.toSpliced(3, 0, all[2] ?? "") },
    { says: "two rows were swapped", lines: (all) => all.with(2, all[3] ?? "").with(3, all[2] ?? "") },
    { says: "the last line was removed", lines: (all) => all.slice(0, -1) },
    { says: "the last table was removed", lines: (all) => all.toSpliced(row(all, "ended_tokens") - 1, 1) },
    { says: "a line was added after the last one", lines: (all) => [...all, all.at(-1) ?? ""] },
    { says: "a line is not JSON", lines: (all) => all.with(2, "[") },
    { says: "a number is not a whole number", lines: (all) => all.with(2, all[2]?.replace(/"\d+"/, '"1.5"') ?? "") },
    { says: "a number is not a string", lines: (all) => all.with(2, all[2]?.replace(/"(\d+)"/, "$1") ?? "") },
    {
      says: "the digests were changed",
      lines: (all) => all.with(-1, all.at(-1)?.replaceAll(/[0-9a-f]{64}/g, "0") ?? ""),
    },
    {
      says: "the format version is unknown",
      lines: (all) => all.with(0, all[0]?.replace('"version":1', '"version":2') ?? ""),
    },
    { says: "a column has another name", lines: (all) => all.with(1, all[1]?.replace('"held"', '"hold"') ?? "") },
  ])("an export is refused and no row is imported when $says", async ({ lines }) => {
    const path = change(lines);
    const { exitCode, stderr, stdout } = await jifen(target.url, "import", path);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringContaining(path) });
    expect(Object.values(await countRows(target.url)).every((count) => count === 0)).toBe(true);
    expect((await inspectDatabase(target.url)).schema.is).toBe("current");
    await target.drop();
  });

  test("a truncated export, and a file that is not an export, are refused", async () => {
    const path = newExportFile();
    const bytes = readFileSync(whole);
    for (const content of [bytes.subarray(0, bytes.length - 9), Buffer.from("hello"), Buffer.alloc(0)]) {
      writeFileSync(path, content);
      expect(await jifen(target.url, "import", path)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/完整/),
      });
    }
    await target.drop();
  });

  test("an export never overwrites a file and is readable by its owner only", async () => {
    const path = newExportFile();
    writeFileSync(path, "precious");
    expect(await jifen(source.url, "export", path)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("已存在"),
    });
    expect(readFileSync(path, "utf8")).toBe("precious");
    expect(statSync(whole).mode & 0o077).toBe(0);
    await target.drop();
  });

  test("an import whose rows differ from the source exits with 1, and the database cannot be opened", async () => {
    await jifen(target.url, "migrate");
    await changeDatabase(
      target,
      "CREATE TRIGGER spoil AFTER INSERT ON grants BEGIN UPDATE grants SET remaining = remaining - 1 WHERE remaining > 0; END",
    );
    const { exitCode, stdout } = await jifen(target.url, "import", whole);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringMatching(/✗ grants.*✓ transactions/s) });
    await expect(openDatabase(target.url)).rejects.toThrow("import");
    await target.drop();
  });
});
