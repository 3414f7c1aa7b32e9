import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import Driver from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { restore } from "../src/drivers/sqlite/dump.ts";
import { logFileOf } from "../src/drivers/sqlite/logs/log-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jifen-restore-"));
  file = join(folder, "jifen.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (() => {
  const database = new Driver(":memory:");
  database.exec("CREATE TABLE any_table (id INTEGER)");
  return database.serialize();
})();

/** The files of a dump, as restore reads them. `meanwhile` runs when all were read, and none has its name. */
async function* partsThen(meanwhile: () => void) {
  for (const name of ["jifen-logs.db", "jifen.db"]) yield { name, content: Readable.from([bytes]) };
  meanwhile();
}

const restoreWith = (meanwhile: () => void) =>
  restore(file, { kind: "sqlite", by: "SQLite", parts: partsThen(meanwhile) });

describe("a server that is started during a restore", () => {
  test.each(["jifen.db", "jifen.db-wal", "jifen-logs.db", "jifen-logs.db-shm"])(
    "its %s is kept, and nothing is restored",
    async (name) => {
      const made = join(folder, name);
      await expect(restoreWith(() => writeFileSync(made, "of the server"))).rejects.toThrow(`${made} exists`);
      expect(readFileSync(made, "utf8")).toBe("of the server");
      expect(readdirSync(folder)).toEqual([name]);
    },
  );
});

test("a restore whose second file cannot get its name removes the first", async () => {
  await expect(restoreWith(() => rmSync(`${file}.partial`))).rejects.toThrow("ENOENT");
  expect([existsSync(file), existsSync(logFileOf(file))]).toEqual([false, false]);
  expect(readdirSync(folder)).toEqual([]);
});
