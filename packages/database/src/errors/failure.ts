import { rethrowBy } from "./rethrow.ts";

/** Codes of errors that prove that nothing was written: there was no connection, or the server rolled the statement back. */
const withoutEffect = new Set([
  // Node.js: no server listens.
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  // PostgreSQL: too many connections, starting up, wrong credentials, or no such database.
  "53300",
  "57P03",
  "28000",
  "28P01",
  "3D000",
  // PostgreSQL: the statement waited or ran too long.
  "55P03",
  "57014",
  "25P03",
  // PostgreSQL: read-only (a standby), or out of disk, memory or another resource.
  "25006",
  "53100",
  "53200",
  "53400",
  // SQLite: another process keeps the file locked.
  "SQLITE_BUSY",
  // MySQL and MariaDB: too many connections, wrong credentials, or no such database.
  ...["1040", "1203", "1226", "1044", "1045", "1698", "1049"],
  // MySQL and MariaDB: the statement waited too long, or was never sent.
  ...["1205", "3024", "45012", "45013"],
  // MySQL and MariaDB: read-only, or out of disk or memory.
  ...["1290", "1792", "1836", "1021", "1037", "1041", "1114"],
]);

/** Codes of a connection loss, or of a server that stopped, while the statement was in flight. */
const broken = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "57P01",
  "57P02",
  "08000",
  "08003",
  "08006",
  // Committed on this server and perhaps not on the standby: see postgresql/unreplicated-commit.ts.
  "08007",
  // MySQL and MariaDB: stopped, killed, or closed by the server or the driver.
  ...["1053", "1317", "1927", "1969", "4031", "45001", "45004", "45009", "45026"],
]);

/** Messages of errors without a code: no connection or no transaction became available in time. */
const noConnectionWords =
  /timeout exceeded when trying to connect|terminated due to connection timeout|timeout expired|Unable to start a transaction/;

const brokenWords =
  /Connection terminated|Query read timeout|Client has encountered a connection error|not queryable|Transaction already closed|expired transaction/;

/** The kinds of errors in Prisma's adapters, for errors without the code of the driver. */
const withoutEffectKinds = new Set(["DatabaseNotReachable", "TooManyConnections"]);
const brokenKinds = new Set(["ConnectionClosed", "SocketTimeout"]);

/** An error and its causes. Prisma keeps the error of the driver in `meta`. */
function* causes(error: unknown): Generator<Record<string, unknown>> {
  for (let each = error as Record<string, unknown> | undefined, depth = 0; each && depth < 6; depth += 1) {
    yield each;
    const meta = each["meta"] as Record<string, unknown> | undefined;
    each = (meta?.["driverAdapterError"] ?? each["cause"]) as Record<string, unknown> | undefined;
  }
}

/** Drivers store their error codes in different properties. */
const codesOf = (error: Record<string, unknown>): readonly string[] =>
  [error["code"], error["originalCode"], error["errno"]].map(String);

const anyCode = (error: unknown, codes: ReadonlySet<string>): boolean =>
  [...causes(error)].some((each) => codesOf(each).some((code) => codes.has(code)));

/**
 * Classifies the error of a statement as a connection loss; undefined for any other error. A code among the causes that
 * proves that nothing was written decides, whatever the messages say.
 */
export function connectionLoss(error: unknown): "without effect" | "broken" | undefined {
  const signs = [...causes(error)].map((each) => ({
    codes: codesOf(each),
    message: String(each["message"] ?? ""),
    kind: String(each["kind"]),
    whileConnecting: each["syscall"] === "connect",
  }));
  const any = (codes: Set<string>, words: RegExp, kinds: Set<string>) =>
    signs.some(
      (sign) => sign.codes.some((code) => codes.has(code)) || words.test(sign.message) || kinds.has(sign.kind),
    );
  // Any error while connecting: nothing was sent.
  if (signs.some((sign) => sign.whileConnecting)) return "without effect";
  if (any(withoutEffect, noConnectionWords, withoutEffectKinds)) return "without effect";
  if (any(broken, brokenWords, brokenKinds)) return "broken";
  return undefined;
}

/** Rethrows errors of Prisma and of the SQL drivers. */
export const afterConnectionLoss = rethrowBy(connectionLoss);

const uniqueViolations = new Set([
  "P2002",
  "23505",
  "SQLITE_CONSTRAINT_UNIQUE",
  "SQLITE_CONSTRAINT_PRIMARYKEY",
  "1062",
]);

/** Whether a unique index refused the row. */
export const isUniqueViolation = (error: unknown): boolean => anyCode(error, uniqueViolations);

/** Deadlocks and serialization failures: the transaction was rolled back. */
const deadlocks = new Set(["P2034", "40P01", "40001", "1213", "1020", "3101"]);

/** Whether the database rolled the transaction back and it should be retried. */
export const isDeadlock = (error: unknown): boolean => anyCode(error, deadlocks);
