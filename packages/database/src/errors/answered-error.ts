/**
 * What the answer of a SQL server or of SQLite to a statement means. Wrong statements and conflicts are listed, and every
 * other answer is a state of the database: the states are many and new ones appear (a full disk, a lost right, a read-only
 * standby, a node that left its cluster), while the errors that a statement of ours can cause are few.
 *
 * - `unsent`: there was no connection for the statement: the server starts or has too many, or the driver found none.
 * - `refused`: the database did nothing, or rolled back what it had begun.
 * - `broken`: the server stopped, or the connection ended, while the statement ran.
 * - `ours`: a constraint, a conflict or a bug. The code that sent the statement deals with it.
 */
export type AnsweredError = "unsent" | "refused" | "broken" | "ours";

/** One error, or one of its causes. */
export type ErrorSign = {
  /** The codes that drivers and Prisma's adapters gave it, as text. */
  readonly codes: readonly string[];
  /** The SQLSTATE that MySQL and MariaDB send beside their number. */
  readonly sqlState: string | undefined;
  readonly message: string;
};

/** Classifies an error by the code of the database; undefined when it has none. */
export function answeredError(sign: ErrorSign): AnsweredError | undefined {
  for (const code of sign.codes) {
    const found = sqliteError(code) ?? mysqlError(code, sign.sqlState) ?? postgresqlError(code, sign.message);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** SQLite has no answer for a disk that did not confirm a commit: the next start shows it. */
const sqliteBroken = /^SQLITE_IOERR_(DIR_)?FSYNC/;
const sqliteOurs = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|MISUSE|RANGE|TOOBIG|SCHEMA)/;

/** Result codes (https://www.sqlite.org/rescode.html). */
function sqliteError(code: string): AnsweredError | undefined {
  if (!/^(UNKNOWN_)?SQLITE_/.test(code)) return undefined;
  if (sqliteBroken.test(code)) return "broken";
  return sqliteOurs.test(code) ? "ours" : "refused";
}

/** The server stops, was told to end the connection, lost it, or failed during COMMIT. */
const mysqlBroken = new Set(
  "1053 1152 1158 1159 1160 1161 1180 1184 1317 1927 4031 45001 45004 45009 45011 45015 45019 45020 45026".split(" "),
);
/** Too many connections, a Galera node without its cluster, or the driver found, opened or used no connection. */
const mysqlUnsent = new Set(
  "1040 1047 1203 1226 45012 45013 45023 45024 45025 45027 45028 45029 45030 45035 45037 45039 45042 45044 45047 45048 45056 45059 45060 45061 45062".split(
    " ",
  ),
);
/** A right, an account or the whole database is missing: their SQLSTATE is that of a wrong statement. */
const mysqlRights = new Set("1044 1045 1049 1130 1141 1142 1143 1147 1227 1370 1698".split(" "));
/** Deadlocks, and wrong statements and values whose SQLSTATE is the general one, or is left out by Prisma's adapter. */
const mysqlOurs = new Set(
  "1020 1048 1054 1062 1093 1146 1191 1210 1213 1263 1264 1265 1267 1292 1364 1365 1366 1390 1406 1442 1451 1452 3101 3819 4025".split(
    " ",
  ),
);

/** Numbers of servers (https://mariadb.com/docs/server/reference/error-codes) have four digits, those of the driver begin with 45. */
function mysqlError(code: string, sqlState = ""): AnsweredError | undefined {
  if (mysqlBroken.has(code)) return "broken";
  if (mysqlUnsent.has(code)) return "unsent";
  if (mysqlRights.has(code)) return "refused";
  if (!/^[1-4]\d{3}$/.test(code)) return undefined;
  return mysqlOurs.has(code) || /^(0A|2[0-6]|42)/.test(sqlState) ? "ours" : "refused";
}

/** The server starts, or has too many connections. */
const postgresqlUnsent = /^(57P03|53300)$/;
const postgresqlBroken = /^(08|40003|57P0[12])/;
/** States whose class is that of wrong statements: a lost right, and statements that a pooler prepared elsewhere. */
const postgresqlStates = /^(25006|25P03|26000|42501|42P05)$/;
const postgresqlOurs = /^(0[A-Z]|2[0-7]|2[BDF]|3[489]|3B|4[0-4]|P0)/;
/** A statement that was prepared before another process changed its table. */
const stalePlan = /cached plan must not change result type/;

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). Codes of Prisma begin with P1 to P9. */
function postgresqlError(code: string, message: string): AnsweredError | undefined {
  if (!/^(?=.*\d)(?!P[1-9]|45)[0-9A-Z]{5}$/.test(code)) return undefined;
  if (postgresqlUnsent.test(code)) return "unsent";
  if (postgresqlBroken.test(code)) return "broken";
  if (postgresqlStates.test(code) || stalePlan.test(message)) return "refused";
  return postgresqlOurs.test(code) ? "ours" : "refused";
}
