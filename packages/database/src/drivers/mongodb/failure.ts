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

/** The driver says so, and its types do not. */
const isBeforeHandshake = (error: Error & { readonly beforeHandshake?: unknown }): boolean =>
  error.beforeHandshake === true || (error.cause as { syscall?: unknown } | undefined)?.syscall === "connect";

/** Nothing was sent: there was no server, or no connection, to send it on. */
const isUnsent = (error: unknown): boolean =>
  error instanceof MongoServerSelectionError ||
  error instanceof MongoNotConnectedError ||
  error instanceof MongoTopologyClosedError ||
  error instanceof MongoServerClosedError ||
  (error instanceof MongoNetworkError && isBeforeHandshake(error)) ||
  // The driver has no class to compare these with: the pool was emptied or closed, or had nothing free in time.
  (error instanceof MongoError && /^Mongo(PoolCleared|PoolClosed|WaitQueueTimeout)/.test(error.name));

/** What the server says when it refused and did nothing: not now, not with this name, not for so long. */
const refusals = new Set([
  13, // Unauthorized
  18, // AuthenticationFailed
  50, // MaxTimeMSExpired, of a question: a write has no such limit
  10_107, // NotWritablePrimary
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  24, // LockTimeout
  262, // ExceededTimeLimit
  112, // WriteConflict
  14_031, // OutOfDiskSpace
]);

/** What it says while it goes away, or waits for others in vain: what it was doing may be done. */
const goingAway = new Set([
  64, // WriteConcernFailed: done, and not by a majority in time
  91, // ShutdownInProgress
  189, // PrimarySteppedDown
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
]);

/** What the driver sometimes passes on as Node says it: the socket ended in the moment in which it was written to. */
const socketErrors = new Set(["EPIPE", "ECONNRESET", "ECONNABORTED", "ETIMEDOUT", "ERR_STREAM_DESTROYED"]);

const isSocketError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && socketErrors.has(String(error.code));

const codeOf = (error: unknown): number => (error instanceof MongoServerError ? Number(error.code) : Number.NaN);

/** What went wrong while several documents were written: the driver wraps it, and calls it an answer of the server. */
function unwrapped(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const inside: unknown = error.errorResponse;
  return inside instanceof MongoError ? inside : error;
}

/** What became of a statement whose connection failed; undefined when the error is about something else. */
export function connectionLoss(given: unknown): ConnectionLoss {
  const error = unwrapped(given);
  if (isUnsent(error)) return "without effect";
  // It was done where it was done, and not by a majority in time.
  if (error instanceof MongoWriteConcernError) return "broken";
  if (refusals.has(codeOf(error))) return "without effect";
  // It was given up while it was asked.
  if (error instanceof MongoClientClosedError) return "broken";
  if (error instanceof MongoNetworkError || isSocketError(error) || goingAway.has(codeOf(error))) return "broken";
  return undefined;
}

/** For what is not a transaction. */
export const afterConnectionLoss = rethrowBy(connectionLoss);

/** Whether a unique index refused the document. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === 11_000;

/** Whether a snapshot is not to be had yet: a collection was made or changed a moment ago. */
export const isSnapshotUnavailable = (error: unknown): boolean => codeOf(error) === 246;
