import { spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseUnavailable } from "@jifen/ledger";
import Driver from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { inspectDatabase, migrateDatabase, openDatabase, SchemaTooNew, SchemaTooOld } from "../src/index.ts";
import { newLog, newUserId, times } from "./samples.ts";
import { useLogFile } from "./use-log-file.ts";

/** Runs `mount`, which only root can. @returns whether it succeeded */
const mount = (...args: readonly string[]): boolean => spawnSync("mount", args).status === 0;

const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), "jifen-log-disk-"));
  const isMounted = mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder);
  if (isMounted) spawnSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
})();
if (!canMount) process.stderr.write("SKIPPED: logs on a full disk of SQLite; mount needs root\n");

describe("the file of the logs beside an SQLite database", () => {
  const here = useLogFile();

  test.each([
    { endings: [""], says: "the file alone" },
    { endings: ["", "-wal", "-shm"], says: "the file and those of its write-ahead log" },
  ])("after $says was removed, credits are spent and logs are written to a new file", async ({ endings }) => {
    await here.expectUsable();
    for (const ending of endings) rmSync(`${here.path}${ending}`, { force: true });
    await here.spendOnce();
    await here.expectUsable();
    const other = new Driver(here.path, { readonly: true });
    expect(other.prepare("SELECT count(*) AS n FROM call_logs").get()).toEqual({ n: 1 });
    other.close();
  });

  test("when a copy takes the place of the file, logs are read from it and written to it", async () => {
    await here.expectUsable();
    await here.reopenAfter(() => copyFileSync(here.path, `${here.path}.copy`));
    await here.expectUsable();
    for (const ending of ["-wal", "-shm"]) rmSync(`${here.path}${ending}`, { force: true });
    renameSync(`${here.path}.copy`, here.path);
    expect((await here.database.logs.list({}, 10)).logs).toHaveLength(1);
    await here.expectUsable();
    expect((await here.database.logs.list({}, 10)).logs).toHaveLength(2);
  });

  test.skipIf(!canMount)(
    "logs are refused and credits spent while the disk of the file is full, and logs are written when it is not",
    async () => {
      const disk = mkdtempSync(join(tmpdir(), "jifen-log-disk-"));
      mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", disk);
      try {
        await here.reopenAfter(() => {
          copyFileSync(here.path, join(disk, "logs.db"));
          rmSync(here.path);
          symlinkSync(join(disk, "logs.db"), here.path);
        });
        await here.expectUsable();
        const filler = join(disk, "filler");
        const fill = () => writeFileSync(filler, new Uint8Array(1_000_000), { flag: "a" });
        expect(() => {
          for (;;) fill();
        }).toThrow("ENOSPC");
        const details = JSON.stringify("x".repeat(50_000));
        const large = () => times(15, () => newLog(newUserId(), { details, detailsBytes: details.length }));
        await expect(here.database.logs.write(large())).rejects.toThrow(DatabaseUnavailable);
        await here.spendOnce();
        rmSync(filler);
        await here.expectUsable();
        await here.database.close();
      } finally {
        spawnSync("umount", ["-l", disk]);
        rmSync(disk, { recursive: true });
      }
      rmSync(here.path);
      here.database = await openDatabase(here.url);
    },
  );

  test("a file that SQLite can only read lets credits be spent, and is written again when it can be", async () => {
    // A file whose format has a later write version is read-only (https://www.sqlite.org/fileformat2.html#file_format_version_numbers).
    const setWriteVersion = (version: number) => {
      const file = openSync(here.path, "r+");
      writeSync(file, Uint8Array.of(version), 0, 1, 18);
      closeSync(file);
    };
    await here.expectUsable();
    await here.reopenAfter(() => setWriteVersion(3));
    await here.expectUnavailable();
    expect((await here.database.logs.list({}, 10)).logs).toHaveLength(1);
    await here.expectUnavailable();
    setWriteVersion(2);
    await here.expectUsable();
  });

  test.each([
    {
      change: (path: string) => writeFileSync(path, "These are notes, and no here.database.\n".repeat(40)),
      says: "notes",
    },
    { change: (path: string) => void mkdirSync(path), says: "a folder" },
  ])(
    "the database opens with $says in place of the file, and logs are written once that is removed",
    async ({ change }) => {
      const remove = () => {
        for (const ending of ["", "-wal", "-shm"]) rmSync(`${here.path}${ending}`, { recursive: true, force: true });
      };
      await here.reopenAfter(() => {
        remove();
        change(here.path);
      });
      await here.expectUnavailable();
      await expect(here.database.logs.list({}, 10)).rejects.toThrow(DatabaseUnavailable);
      await expect(here.database.tableCopier.readAll(async () => undefined)).rejects.toThrow(DatabaseUnavailable);
      remove();
      await here.expectUsable();
    },
  );

  test("calls after close reject", async () => {
    await here.expectUsable();
    await here.database.close();
    await expect(here.database.logs.write([newLog()])).rejects.toThrow(DatabaseUnavailable);
    await expect(here.database.logs.list({}, 10)).rejects.toThrow(DatabaseUnavailable);
    // The last connection to a file removes its write-ahead log.
    expect(readdirSync(dirname(here.path)).toSorted()).toEqual(["jifen-logs.db", "jifen.db"]);
    here.database = await openDatabase(here.url);
  });

  test("a schema of the file that is too new refuses the start, and an outdated one does without migrations", async () => {
    const change = (sql: string) => {
      const other = new Driver(here.path);
      other.exec(sql);
      other.close();
    };
    change("INSERT INTO jifen_migrations (version, name) VALUES (99, 'from the future')");
    for (const migrate of [true, false]) {
      await expect(openDatabase(here.url, { migrate })).rejects.toThrow(SchemaTooNew);
      await expect(openDatabase(here.url, { migrate })).rejects.toThrow(/The file of the logs is at schema version 99/);
    }
    expect((await inspectDatabase(here.url)).schema).toEqual({ present: 99, newest: 2, is: "newer" });
    rmSync(here.path);
    await expect(openDatabase(here.url, { migrate: false })).rejects.toThrow(SchemaTooOld);
    expect((await inspectDatabase(here.url)).schema).toEqual({ present: 0, newest: 2, is: "older" });
    expect(await migrateDatabase(here.url)).toMatchObject({
      files: ["sqlite-logs/001.do.call-logs.sql", "sqlite-logs/002.do.expand-log-marks.sql"],
    });
    await (await openDatabase(here.url, { migrate: false })).close();
  });
});
