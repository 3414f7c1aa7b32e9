import { answerInProgress, type Connection } from "./connection.ts";

/** How often connections are checked: every deadline holds within a second. */
export const CHECK_INTERVAL_MS = 500;

/** How long connections may take. */
export type Deadlines = {
  /** The time of a small body. */
  readonly bodyMs: number;
  /** The time of an answer that is not read. */
  readonly unreadMs: number;
  /** Both get a second more for each of these many bytes. */
  readonly bytesPerSecond: number;
  /** After so long, an answer that was read fast enough starts a new measurement: a stream of an hour must not stop for one. */
  readonly windowMs: number;
};

const deadlines: Deadlines = { bodyMs: 5_000, unreadMs: 10_000, bytesPerSecond: 5_000, windowMs: 30_000 };

/** What is too late on a connection: its body arrives too slowly, or its answer is not read. */
export function findLateness(
  connection: Connection,
  nowMs: number,
  { bodyMs, unreadMs, bytesPerSecond, windowMs }: Deadlines = deadlines,
): "body" | "answer" | undefined {
  const { socket } = connection;
  const answer = answerInProgress(socket);
  const request = answer?.req;
  if (!request || request.complete) {
    connection.body = undefined;
  } else if (connection.body?.of !== request) {
    connection.body = { of: request, sinceMs: nowMs, bytesBefore: socket.bytesRead };
  } else {
    const { sinceMs, bytesBefore } = connection.body;
    const allowedMs = bodyMs + ((socket.bytesRead - bytesBefore) / bytesPerSecond) * 1_000;
    if (nowMs - sinceMs > allowedMs) return "body";
  }
  const taken = socket.bytesWritten - socket.writableLength;
  if (socket.writableLength === 0) {
    connection.unread = undefined;
  } else if (!connection.unread || connection.unread.answer !== answer) {
    connection.unread = { answer, sinceMs: nowMs, bytesBefore: taken };
  } else {
    const { sinceMs, bytesBefore } = connection.unread;
    const [elapsedMs, earnedMs] = [nowMs - sinceMs, ((taken - bytesBefore) / bytesPerSecond) * 1_000];
    if (elapsedMs > unreadMs + earnedMs) return "answer";
    if (elapsedMs >= windowMs && earnedMs >= elapsedMs)
      connection.unread = { answer, sinceMs: nowMs, bytesBefore: taken };
  }
  return undefined;
}
