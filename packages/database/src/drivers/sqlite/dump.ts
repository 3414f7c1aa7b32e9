import { existsSync } from "node:fs";
import { chmod, link, open, rm, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BackupOptions } from "better-sqlite3";
import type { Dump, DumpOptions, Holdings, RestorableDump } from "../../dump/dump.ts";
import { countHoldings } from "../../dump/holdings.ts";
import { syncFolder } from "../../dump/sync-folder.ts";
import { UnusableDatabase } from "../../schema/unusable-database.ts";
import { logFileOf } from "./logs/log-file.ts";
import { makeFolder } from "./make-folder.ts";
import {
  type Connection,
  connect,
  connectReadOnly,
  connectReadOnlyWithLogs,
  LOG_FILE,
  withConnection,
} from "./pool.ts";
import { fixSnapshot } from "./snapshot.ts";

/** The names of the files in a dump, whatever the files of the database are called. */
const names = { main: "jifen.db", [LOG_FILE]: "jifen-logs.db" } as const;

/** How many pages are copied before other work of the process: 4 MB. */
const PAGES = 1_000;

/** The database file with the file of the logs, if it exists: it is created again without logs. */
function openBoth(file: string): Connection {
  const logFile = logFileOf(file);
  return existsSync(logFile) ? connectReadOnlyWithLogs(file, logFile) : connectReadOnly(file);
}

const attachedFiles = (connection: Connection): readonly (keyof typeof names)[] =>
  connection.prepare("SELECT 1 FROM pragma_database_list WHERE name = ?").get(LOG_FILE) ? [LOG_FILE, "main"] : ["main"];

function holdingsOf(connection: Connection): Promise<Holdings> {
  const find = (schema: string) =>
    connection.prepare(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = 'call_logs'`).get() !== undefined;
  const read = (sql: string) => connection.prepare<[], Record<string, unknown>>(sql).get();
  return countHoldings(read, attachedFiles(connection).some(find));
}

/**
 * Copies both files from one snapshot each, that of the logs first, by SQLite's online backup. The open read transaction keeps
 * a writer of another process from restarting the copy (https://www.sqlite.org/backup.html).
 */
export const dump = (file: string, { scratch }: DumpOptions, work: (dump: Dump) => Promise<void>): Promise<undefined> =>
  withConnection(openBoth(resolve(file)), async (connection) => {
    const files = attachedFiles(connection);
    connection.exec("BEGIN");
    try {
      fixSnapshot(connection, files);
      const { version } = connection.prepare<[], { version: string }>("SELECT sqlite_version() AS version").get() ?? {};
      await work({
        by: `SQLite ${version}`,
        version: version ?? "",
        holdings: await holdingsOf(connection),
        parts: files.map((each) => ({
          name: names[each],
          isCompressed: false,
          read: () => copyTo(scratch, connection, each),
        })),
      });
    } finally {
      connection.exec("ROLLBACK");
    }
    return undefined;
  });

async function copyTo(scratch: string, connection: Connection, attached: string): Promise<Readable> {
  await assertSpace(dirname(scratch), sizeOf(connection, attached));
  await rm(scratch, { force: true });
  // SQLite would create the file for everyone.
  await (await open(scratch, "wx", 0o600)).close();
  // The types of the driver leave `attached` out.
  await connection.backup(scratch, { attached, progress: () => PAGES } as BackupOptions);
  const copy = await open(scratch);
  // Without a name, the copy leaves the disk as soon as it was read.
  await rm(scratch);
  return copy.createReadStream();
}

const sizeOf = (connection: Connection, attached: string): number =>
  Number(connection.pragma(`${attached}.page_count`, { simple: true })) *
  Number(connection.pragma(`${attached}.page_size`, { simple: true }));

/** A full disk would stop a server that has its database on it. */
async function assertSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  const [free, needed] = [bavail * bsize, neededBytes].map((bytes) => `${Math.ceil(bytes / 1_000_000)} MB`);
  throw new UnusableDatabase(
    `${folder} has ${free} of free space, and a copy of the database needs ${needed}: name a file on another disk. ${folder} 剩余空间 ${free}，数据库副本需要 ${needed}，请把文件放到其他磁盘。`,
  );
}

/** Writes both files under other names, checks them, and then gives them their names: the database file last. */
export async function restore(file: string, { parts }: RestorableDump): Promise<Holdings> {
  const path = resolve(file);
  makeFolder(dirname(path));
  const targets: Readonly<Record<string, string>> = { [names.main]: path, [names[LOG_FILE]]: logFileOf(path) };
  for (const target of Object.values(targets)) assertAbsent(target);
  const written: string[] = [];
  try {
    for await (const { name, content } of parts) {
      const target = targets[name];
      if (target === undefined)
        throw new UnusableDatabase(`The dump has an unknown file ${name}. 备份中有未知的文件。`);
      written.push(target);
      await write(`${target}.partial`, content);
    }
    if (!written.includes(path)) throw new UnusableDatabase("The dump has no database file. 备份中没有数据库文件。");
    await giveNames(written.toSorted((one) => (one === path ? 1 : -1)));
    await syncFolder(dirname(path));
  } finally {
    for (const target of written) {
      for (const end of ["", "-wal", "-shm"]) await rm(`${target}.partial${end}`, { force: true });
    }
  }
  return withConnection(openBoth(path), holdingsOf);
}

/**
 * Gives all files their names, or none. A link never replaces a file: a server that was started meanwhile may have made a
 * database of that name.
 */
async function giveNames(targets: readonly string[]): Promise<void> {
  const named: string[] = [];
  try {
    for (const target of targets) assertAbsent(target);
    for (const target of targets) {
      await link(`${target}.partial`, target);
      named.push(target);
    }
  } catch (error) {
    for (const target of named) await rm(target, { force: true });
    throw (error as NodeJS.ErrnoException).code === "EEXIST" ? existing((error as { dest: string }).dest) : error;
  }
}

function assertAbsent(target: string): void {
  const found = [target, `${target}-wal`, `${target}-shm`].find((each) => existsSync(each));
  if (found !== undefined) throw existing(found);
}

const existing = (found: string) =>
  new UnusableDatabase(
    `The file ${found} exists: stop the server and move the files of the database away, with their -wal and -shm files, or name another file in DATABASE_URL. 文件已存在，请停止服务并移走这些文件，或换一个 DATABASE_URL。`,
  );

async function write(partial: string, content: Readable): Promise<void> {
  await rm(partial, { force: true });
  const handle = await open(partial, "wx", 0o600);
  await pipeline(content, handle.createWriteStream({ flush: true }));
  await withConnection(connect(partial), async (connection) => {
    const [first] = connection.pragma("quick_check(1)") as { quick_check: string }[];
    if (first?.quick_check === "ok") return;
    throw new UnusableDatabase(`A file of the dump is damaged: ${first?.quick_check}. 备份中的数据库文件已损坏。`);
  });
  await chmod(partial, 0o600);
}
