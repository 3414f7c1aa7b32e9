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

/** Server errors that prove that nothing was written. */
const refusals = new Set([
  13, // Unauthorized
  18, // AuthenticationFailed
  50, // MaxTimeMSExpired: only reads have this limit
  10_107, // NotWritablePrimary
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  24, // LockTimeout
  262, // ExceededTimeLimit
  112, // WriteConflict
  14_031, // OutOfDiskSpace
]);

/** Server errors of a shutdown or of replication: the write may have been done. */
const goingAway = new Set([
  64, // WriteConcernFailed: written, but not by a majority in time
  91, // ShutdownInProgress
  189, // PrimarySteppedDown
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
]);

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
  if (refusals.has(codeOf(error))) return "without effect";
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
