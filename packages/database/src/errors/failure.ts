import { rethrowBy } from "./rethrow.ts";

/** Codes of what certainly wrote nothing: there was no connection to send it on, or the server undid it. */
const withoutEffect = new Set([
  // Node: nobody is there.
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  // PostgreSQL: it lets nobody in now, or not with this name, or not to this database.
  "53300",
  "57P03",
  "28000",
  "28P01",
  "3D000",
  // PostgreSQL: the statement waited or ran for too long.
  "55P03",
  "57014",
  "25P03",
  // PostgreSQL: it only reads now (a standby), or has no room left.
  "25006",
  "53100",
  "53200",
  "53400",
  // SQLite: another process keeps the file locked.
  "SQLITE_BUSY",
  // MySQL and MariaDB: it lets nobody in now, or not with this name, or not to this database.
  ...["1040", "1203", "1226", "1044", "1045", "1698", "1049"],
  // The statement waited for too long, or was never sent.
  ...["1205", "3024", "45012", "45013"],
  // It only reads now, or has no room left.
  ...["1290", "1792", "1836", "1021", "1037", "1041", "1114"],
]);

/** Codes of a connection that broke, or a server that gave up, while the statement was on its way. */
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
  // Committed here, and perhaps not on the standby: see postgresql/unreplicated.ts.
  "08007",
  // MySQL and MariaDB: stopped, killed, or closed in the middle of it, by the server or by the driver.
  ...["1053", "1317", "1927", "1969", "4031", "45001", "45004", "45009", "45026"],
]);

/** Where the drivers and Prisma have no code, only words: no connection, or no transaction, was to be had in time. */
const noConnectionWords =
  /timeout exceeded when trying to connect|terminated due to connection timeout|timeout expired|Unable to start a transaction/;

const brokenWords =
  /Connection terminated|Query read timeout|Client has encountered a connection error|not queryable|Transaction already closed|expired transaction/;

/** What Prisma's adapters call the same, where they leave out the driver's code. */
const withoutEffectKinds = new Set(["DatabaseNotReachable", "TooManyConnections"]);
const brokenKinds = new Set(["ConnectionClosed", "SocketTimeout"]);

/** An error and everything it says it was caused by. Prisma keeps the driver's error in `meta`. */
function* causes(error: unknown): Generator<Record<string, unknown>> {
  for (let each = error as Record<string, unknown> | undefined, depth = 0; each && depth < 6; depth += 1) {
    yield each;
    const meta = each["meta"] as Record<string, unknown> | undefined;
    each = (meta?.["driverAdapterError"] ?? each["cause"]) as Record<string, unknown> | undefined;
  }
}

/** Drivers number their errors in different places. */
const codesOf = (error: Record<string, unknown>): readonly string[] =>
  [error["code"], error["originalCode"], error["errno"]].map(String);

const anyCode = (error: unknown, codes: ReadonlySet<string>): boolean =>
  [...causes(error)].some((each) => codesOf(each).some((code) => codes.has(code)));

/**
 * What became of a statement whose connection failed; undefined when the error is about something else.
 * One certain sign among the causes decides, whatever words surround it.
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
  // Whatever stands in the way of connecting: nothing was sent.
  if (signs.some((sign) => sign.whileConnecting)) return "without effect";
  if (any(withoutEffect, noConnectionWords, withoutEffectKinds)) return "without effect";
  if (any(broken, brokenWords, brokenKinds)) return "broken";
  return undefined;
}

/** For Prisma and the drivers of SQL databases. */
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

/** Transactions that waited for each other, or changed what the other had read: nothing of this one was kept. */
const deadlocks = new Set(["P2034", "40P01", "40001", "1213", "1020", "3101"]);

/** Whether the database undid the transaction and asks for another try. */
export const isDeadlock = (error: unknown): boolean => anyCode(error, deadlocks);
