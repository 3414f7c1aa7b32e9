import type { DatabaseKind } from "../url.ts";
import type { SchemaState } from "./schema-state.ts";

/** What `jifen doctor` reports about a database. */
export type Inspection = {
  readonly kind: DatabaseKind;
  /** The version of the database software. */
  readonly version: string;
  readonly schema: SchemaState;
  /** How far the clock of the database is ahead of the clock of this machine, in milliseconds; negative when behind. */
  readonly clockAheadMs: number;
  /** Settings that can lose acknowledged writes, each with its correction, one a line; undefined when there are none. */
  readonly unsafe: string | undefined;
  /** How many connections one server process takes, and how many could be opened; undefined for an embedded database. */
  readonly connections?: { readonly needed: number; readonly opened: number };
};

/**
 * Opens as many connections as a server process takes, and closes them. The limit may be that of the server, of the role,
 * or of a pooler that cannot be asked.
 */
export async function tryConnections<Connection>(
  needed: number,
  open: () => Promise<Connection>,
  close: (connection: Connection) => Promise<unknown>,
): Promise<{ readonly needed: number; readonly opened: number }> {
  const attempts = await Promise.allSettled(Array.from({ length: needed }, open));
  const opened = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  await Promise.allSettled(opened.map(close));
  return { needed, opened: opened.length };
}

/**
 * Measures how far the clock of the server is ahead, in milliseconds. Assumes that both directions of the round trip take
 * the same time.
 * @param readServerMs reads the clock of the server, in epoch milliseconds
 */
export async function measureClockAheadMs(readServerMs: () => Promise<number>): Promise<number> {
  const sentMs = Date.now();
  const serverMs = await readServerMs();
  const receivedMs = Date.now();
  return Math.round(serverMs - (sentMs + receivedMs) / 2);
}
