import { isMongodb } from "../scratch.ts";
import { openMongodbBooks } from "./mongodb-books.ts";
import type { Rows } from "./rows.ts";
import { openSqlBooks } from "./sql-books.ts";

/** A way to what a database holds past all of our own code, the same on every database. */
export type Books = AsyncDisposable & {
  /** All of the accounts whose names begin with `prefix`, as of one moment, whatever a sweeper books meanwhile. */
  read(prefix: string): Promise<Rows>;
  /** Moves every moment that is held of these accounts into the past, but for those of the journal. */
  age(prefix: string, byMs: number): Promise<void>;
  /** Adds people who have nothing yet, all with one password. */
  addPeople(emails: readonly string[], passwordHash: string): Promise<void>;
  /** The database's clock, epoch milliseconds. */
  nowMs(): Promise<number>;
};

/** Opens one connection to the database behind `url`. */
export const openBooks = (url: string): Promise<Books> => (isMongodb(url) ? openMongodbBooks(url) : openSqlBooks(url));
