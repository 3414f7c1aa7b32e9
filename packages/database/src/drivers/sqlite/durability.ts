import type { Database } from "better-sqlite3";
import { assertDurable } from "../../schema/durability.ts";

/**
 * Settings of every connection that writes. With synchronous=FULL a power failure cannot undo an acknowledged commit
 * (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 5000;
`;

/** SQLite reports FULL as 2 and EXTRA as 3. */
const FULL = 2;

/** Checks that the connection waits for the disk before it acknowledges a commit. @throws UnsafeDatabaseSettings */
export function checkDurability(connection: Database): void {
  const synchronous = Number(connection.pragma("synchronous", { simple: true }));
  assertDurable("SQLite", synchronous >= FULL ? undefined : `synchronous is ${synchronous}: it must be FULL`);
}
