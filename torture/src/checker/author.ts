import type { JournalRow } from "@jifen/testkit/ledger-model";
import type { Author, Event } from "./event.ts";

/** The authors that the entries of one command can have, besides the expirations that it comes across. */
export type AuthorRule = readonly Author[];

/** Entries that follow from the clock are the system's, also when a command comes across them. */
export const systemAuthors: AuthorRule = [{ actor: "system", requestId: null }];

/** The authors of requests of which one has written an entry. */
export const authorsOf = (events: readonly Event[]): AuthorRule => events.flatMap(({ author }) => author ?? []);

/** M15: an entry has the author of the request that wrote it. @returns one sentence for a violation */
export function checkAuthor(row: JournalRow, authors: AuthorRule): string[] {
  const allowed = row.kind === "expire" ? systemAuthors : authors;
  if (allowed.some(({ actor, requestId }) => actor === row.actor && requestId === row.requestId)) return [];
  const found = `${row.actor} in request ${row.requestId}`;
  return [`M15 entry ${row.sequence} (${row.kind} ${row.amount}) is by ${found}, expected ${JSON.stringify(allowed)}`];
}
