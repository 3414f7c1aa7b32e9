import type { Connection } from "mariadb";
import { UnsafeDatabaseSettings } from "../../schema/durability.ts";

type Safe = { readonly is: readonly string[]; readonly mend: string };

const setGlobal = (setting: string) =>
  `SET GLOBAL ${setting}; (and the same in the server's configuration, or a restart undoes it)`;

/** What each must be so that what is acknowledged is on disk, and how it is made so. */
const safe: Readonly<Record<string, Safe>> = {
  innodb_flush_log_at_trx_commit: { is: ["1"], mend: setGlobal("innodb_flush_log_at_trx_commit = 1") },
  innodb_doublewrite: { is: ["ON", "1"], mend: "innodb_doublewrite = ON in the server's configuration, and a restart" },
  sync_binlog: { is: ["1"], mend: setGlobal("sync_binlog = 1") },
  innodb_redo_log_enabled: { is: ["ON"], mend: "ALTER INSTANCE ENABLE INNODB REDO_LOG;" },
};

/** Settings by which the server could lose what it acknowledged, each with its mend, one to a line; undefined when there are none. */
export async function unsafeSettings(connection: Connection): Promise<string | undefined> {
  type Row = { readonly Variable_name: string; readonly Value: string };
  const variables = await connection.query<Row[]>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'sync_binlog', 'log_bin')",
  );
  // MySQL alone has it.
  const redoLog = await connection.query<Row[]>("SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'");
  const values = new Map(
    [...variables, ...redoLog].map((row) => [row.Variable_name.toLowerCase(), row.Value.toUpperCase()]),
  );
  if (values.get("log_bin") !== "ON") values.delete("sync_binlog");
  const unsafe = Object.entries(safe).flatMap(([name, { is, mend }]) => {
    const value = values.get(name);
    return value === undefined || is.includes(value) ? [] : [`${name} is ${value}: ${mend}`];
  });
  return unsafe.length === 0 ? undefined : unsafe.join("\n");
}

/** What Jifen needs of each: JSON_TABLE and CHECK of both, and a log of MySQL that can be seen to be on. */
const OLDEST = { MariaDB: [10, 6, 0], MySQL: [8, 0, 21] } as const;

/** What is too old to be used, as a sentence for people; undefined when it is not. */
export function tooOld(version: string): string | undefined {
  const name = version.includes("MariaDB") ? "MariaDB" : "MySQL";
  // MariaDB may say that it is 5.5.5 before it says what it is.
  const present = version
    .replace(/^5\.5\.5-/, "")
    .split(/[.-]/)
    .map(Number);
  const at = OLDEST[name].findIndex((wanted, index) => wanted !== present[index]);
  if (at < 0 || (present[at] ?? 0) > (OLDEST[name][at] ?? 0)) return undefined;
  const oldest = OLDEST[name].join(".");
  return `${name} ${version} is too old: Jifen needs ${oldest} or newer. 版本过低，需要 ${oldest} 或更高版本。`;
}

/** @throws UnsafeDatabaseSettings */
export async function checkDurability(connection: Connection): Promise<void> {
  const old = tooOld(connection.serverVersion());
  if (old !== undefined) throw new UnsafeDatabaseSettings(old);
  const unsafe = await unsafeSettings(connection);
  if (unsafe === undefined) return;
  const lines = unsafe.replaceAll(/^/gm, "  ");
  throw new UnsafeDatabaseSettings(`The database could lose writes that it acknowledged.\n${lines}`);
}
