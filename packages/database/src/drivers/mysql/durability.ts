import type { Connection } from "mariadb";
import { assertDurable, UnsafeDatabaseSettings } from "../../schema/durability.ts";

type Requirement = { readonly safe: readonly string[]; readonly correction: string };

const setGlobal = (setting: string) =>
  `SET GLOBAL ${setting}; (and the same in the server's configuration, or a restart undoes it)`;

/** The safe values of each setting and how to set it. */
const requirements: Readonly<Record<string, Requirement>> = {
  innodb_flush_log_at_trx_commit: { safe: ["1"], correction: setGlobal("innodb_flush_log_at_trx_commit = 1") },
  innodb_doublewrite: {
    safe: ["ON", "1"],
    correction: "innodb_doublewrite = ON in the server's configuration, and a restart",
  },
  sync_binlog: { safe: ["1"], correction: setGlobal("sync_binlog = 1") },
  innodb_redo_log_enabled: { safe: ["ON"], correction: "ALTER INSTANCE ENABLE INNODB REDO_LOG;" },
};

/** Settings that can lose acknowledged writes, each with its correction, one a line; undefined when there are none. */
export async function unsafeSettings(connection: Connection): Promise<string | undefined> {
  type Row = { readonly Variable_name: string; readonly Value: string };
  const variables = await connection.query<Row[]>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'sync_binlog', 'log_bin')",
  );
  // Only MySQL has this status.
  const redoLog = await connection.query<Row[]>("SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'");
  const values = new Map(
    [...variables, ...redoLog].map((row) => [row.Variable_name.toLowerCase(), row.Value.toUpperCase()]),
  );
  if (values.get("log_bin") !== "ON") values.delete("sync_binlog");
  const unsafe = Object.entries(requirements).flatMap(([name, { safe, correction }]) => {
    const value = values.get(name);
    return value === undefined || safe.includes(value) ? [] : [`${name} is ${value}: ${correction}`];
  });
  return unsafe.length === 0 ? undefined : unsafe.join("\n");
}

/** The oldest supported versions: both have JSON_TABLE and CHECK, and MySQL reports whether its redo log is enabled. */
const OLDEST = { MariaDB: [10, 6, 0], MySQL: [8, 0, 21] } as const;

/** Why the version of the server is too old, as a message; undefined when it is supported. */
export function tooOld(version: string): string | undefined {
  const name = version.includes("MariaDB") ? "MariaDB" : "MySQL";
  // MariaDB can prefix its version with 5.5.5.
  const present = version
    .replace(/^5\.5\.5-/, "")
    .split(/[.-]/)
    .map(Number);
  const at = OLDEST[name].findIndex((required, index) => required !== present[index]);
  if (at < 0 || (present[at] ?? 0) > (OLDEST[name][at] ?? 0)) return undefined;
  const oldest = OLDEST[name].join(".");
  return `${name} ${version} is too old: Jifen needs ${oldest} or newer. 版本过低，需要 ${oldest} 或更高版本。`;
}

/** @throws UnsafeDatabaseSettings when the version or a setting is unsafe */
export async function checkDurability(connection: Connection): Promise<void> {
  const old = tooOld(connection.serverVersion());
  if (old !== undefined) throw new UnsafeDatabaseSettings(old);
  assertDurable("The database", await unsafeSettings(connection));
}
