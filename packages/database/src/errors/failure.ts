import { answeredError } from "./answered-error.ts";
import { type ConnectionLoss, rethrowBy } from "./rethrow.ts";
import { type Sign, signsOf } from "./signs.ts";

/** Errors of Node.js and of Prisma that say that there was no connection. */
const unsentCodes = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"],
  ...["P1000", "P1001", "P1002", "P1003", "P1010", "P1011", "P2024", "P2037"],
]);
/** Calls of the operating system that come before anything is sent. */
const connectingCalls = new Set(["connect", "getaddrinfo"]);
/** Messages of errors without a code: no connection or no transaction became available in time. */
const unsentWords =
  /timeout exceeded when trying to connect|terminated due to connection timeout|timeout expired|Unable to start a transaction|no connection is available/;
/** The kinds of errors in Prisma's adapters, for errors without the code of the driver. */
const unsentKinds = new Set([
  ...["DatabaseNotReachable", "TooManyConnections", "TlsConnectionError"],
  ...["AuthenticationFailed", "DatabaseAccessDenied", "DatabaseDoesNotExist"],
]);

/** Errors of Node.js for a connection that ended while a statement was in flight. */
const brokenCodes = new Set([
  ...["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"],
  ...["ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "P1017"],
]);
const brokenCalls = new Set(["read", "write", "shutdown"]);
const brokenWords =
  /Connection terminated|Query read timeout|Client has encountered a connection error|not queryable|Transaction already closed|expired transaction/;
const brokenKinds = new Set(["ConnectionClosed", "SocketTimeout"]);

const anyCode = (error: unknown, codes: ReadonlySet<string>): boolean =>
  signsOf(error).some((sign) => sign.codes.some((code) => codes.has(code)));

const isUnsent = ({ codes, message, kind, systemCall }: Sign): boolean =>
  connectingCalls.has(systemCall) ||
  codes.some((code) => unsentCodes.has(code)) ||
  unsentWords.test(message) ||
  unsentKinds.has(kind);

const isBroken = ({ codes, message, kind, systemCall }: Sign): boolean =>
  brokenCalls.has(systemCall) ||
  codes.some((code) => brokenCodes.has(code)) ||
  brokenWords.test(message) ||
  brokenKinds.has(kind);

/**
 * Classifies the error of a statement by the stage at which it failed: before it was sent, by an answer of the database, or
 * without an answer. Undefined for a constraint, a conflict, or a bug. One cause that proves that nothing was written
 * decides, whatever the others say.
 */
export function connectionLoss(error: unknown): ConnectionLoss {
  const signs = signsOf(error);
  if (signs.some(isUnsent)) return "without effect";
  const answers = signs.map(answeredError);
  if (answers.includes("unsent") || answers.includes("refused")) return "without effect";
  if (answers.includes("broken")) return "broken";
  if (answers.includes("ours")) return undefined;
  return signs.some(isBroken) ? "broken" : undefined;
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
