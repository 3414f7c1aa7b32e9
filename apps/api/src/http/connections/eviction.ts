import { answerInProgress, type Connection } from "./connection.ts";

/** How long a connection keeps its place after a request with a valid credential. */
const VERIFIED_MS = 120_000;
/** A connection that was just accepted is not read before all others that wait to be accepted. */
const GRACE_MS = 50;
/** The part of the connections that is closed together, so that a full server does not rank all of them for each new one. */
const EVICTED_PART = 50;

/**
 * The order in which connections are closed when there is no space: those that sent no whole request, then those whose
 * answers are not read, then idle ones; each first without a valid credential, then with one. Undefined: never, because
 * its request is being handled, or it had no time to send one.
 */
function rankOf({ socket, verifiedAtMs, openedAtMs }: Connection, nowMs: number): number | undefined {
  if (nowMs - openedAtMs < GRACE_MS) return undefined;
  const verified = nowMs - verifiedAtMs < VERIFIED_MS ? 3 : 0;
  const answer = answerInProgress(socket);
  if (!answer) return (socket.bytesWritten === 0 ? 0 : 2) + verified;
  if (!answer.req.complete && !answer.headersSent) return verified;
  return socket.writableLength > 0 ? 1 + verified : undefined;
}

/**
 * Chooses the connections to close: the lowest rank first, then those of the address with the most connections, then the
 * oldest.
 */
export function evict(
  connections: ReadonlySet<Connection>,
  byAddress: ReadonlyMap<string, ReadonlySet<Connection>>,
): readonly Connection[] {
  const nowMs = Date.now();
  const ranked = [...connections].flatMap((connection) => {
    const rank = rankOf(connection, nowMs);
    return rank === undefined ? [] : [{ connection, rank, neighbours: byAddress.get(connection.address)?.size ?? 0 }];
  });
  const lowest = Math.min(...ranked.map(({ rank }) => rank));
  return ranked
    .filter(({ rank }) => rank === lowest)
    .toSorted((a, b) => b.neighbours - a.neighbours || a.connection.openedAtMs - b.connection.openedAtMs)
    .slice(0, Math.max(1, Math.ceil(connections.size / EVICTED_PART)))
    .map(({ connection }) => connection);
}
