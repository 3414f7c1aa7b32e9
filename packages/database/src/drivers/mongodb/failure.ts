import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from "mongodb";
import { type ConnectionLoss, rethrowBy } from "../../errors/rethrow.ts";

/** A property of the driver's errors that its types omit. */
const isBeforeHandshake = (error: Error & { readonly beforeHandshake?: unknown }): boolean =>
  error.beforeHandshake === true || (error.cause as { syscall?: unknown } | undefined)?.syscall === "connect";

/** Whether nothing was sent, because there was no server or no connection. */
const isUnsent = (error: unknown): boolean =>
  error instanceof MongoServerSelectionError ||
  error instanceof MongoNotConnectedError ||
  error instanceof MongoTopologyClosedError ||
  error instanceof MongoServerClosedError ||
  (error instanceof MongoNetworkError && isBeforeHandshake(error)) ||
  // The driver does not export the classes of these: the pool was cleared or closed, or had no free connection in time.
  (error instanceof MongoError && /^Mongo(PoolCleared|PoolClosed|WaitQueueTimeout)/.test(error.name));

/**
 * Server errors of wrong commands and values, and conflicts. Every other code below 1000 is a state of the server: a full
 * disk, a lost right, a primary that stepped down (https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml).
 */
const ours = new Set([
  ...[
    2, 4, 5, 9, 14, 15, 16, 17, 19, 20, 22, 26, 27, 28, 29, 30, 31, 35, 36, 37, 39, 40, 41, 44, 46, 48, 49, 52, 53, 54,
    55,
  ],
  ...[
    56, 57, 58, 59, 62, 65, 66, 67, 68, 69, 72, 73, 76, 85, 86, 96, 105, 110, 115, 121, 127, 140, 152, 156, 158, 159,
    160,
  ],
  ...[
    166, 167, 168, 197, 206, 207, 208, 209, 220, 224, 232, 241, 246, 251, 256, 257, 263, 267, 280, 303, 323, 325, 326,
  ],
]);
const FIRST_OF_OTHERS = 1_000;
/** States of the server among the codes above: they have no effect either. */
const states = new Set([
  10_107, // NotWritablePrimary
  13_388, // StaleConfig
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  14_031, // OutOfDiskSpace
]);

/** Server errors of a shutdown, of replication, or of a connection behind the router: the write may have been done. */
const goingAway = new Set([
  1, // InternalError
  6, // HostUnreachable
  7, // HostNotFound
  8, // UnknownError
  64, // WriteConcernTimeout: written, but not by a majority in time
  79, // UnknownReplWriteConcern
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  279, // ClientDisconnect
  384, // ConnectionError
  9_001, // SocketException
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
]);

/** Whether the server answered that it did nothing. */
function isRefused(code: number): boolean {
  if (goingAway.has(code) || Number.isNaN(code)) return false;
  return code < FIRST_OF_OTHERS ? !ours.has(code) : states.has(code);
}

/** Socket errors that the driver sometimes does not wrap: the socket ended while it was written to. */
const socketErrors = new Set(["EPIPE", "ECONNRESET", "ECONNABORTED", "ETIMEDOUT", "ERR_STREAM_DESTROYED"]);

const isSocketError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && socketErrors.has(String(error.code));

const codeOf = (error: unknown): number => (error instanceof MongoServerError ? Number(error.code) : Number.NaN);

/** The error inside a bulk write error. The driver wraps connection errors in it as well. */
function unwrapped(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const inside: unknown = error.errorResponse;
  return inside instanceof MongoError ? inside : error;
}

/** Classifies the error of a command as a connection loss; undefined for any other error. */
export function connectionLoss(given: unknown): ConnectionLoss {
  const error = unwrapped(given);
  if (isUnsent(error)) return "without effect";
  // Written, but not by a majority in time.
  if (error instanceof MongoWriteConcernError) return "broken";
  if (isRefused(codeOf(error))) return "without effect";
  // The client was closed while the command was in flight.
  if (error instanceof MongoClientClosedError) return "broken";
  if (error instanceof MongoNetworkError || isSocketError(error) || goingAway.has(codeOf(error))) return "broken";
  return undefined;
}

/** Rethrows errors of commands outside transactions. */
export const afterConnectionLoss = rethrowBy(connectionLoss);

/** Whether a unique index refused the document. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === 11_000;

/** Whether no snapshot is available yet, because a collection was created or changed recently. */
export const isSnapshotUnavailable = (error: unknown): boolean => codeOf(error) === 246;
