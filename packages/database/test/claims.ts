import { DatabaseUnavailable } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { expect } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import type { InUse } from "./use-database.ts";

/**
 * Runs `work` with four openings of a database, as four processes have it. Two connections of one process to one SQLite file
 * would wait for each other for ever: there all are the same one.
 */
export async function withFourOpenings(
  kind: DatabaseKind,
  { database, secondUrl }: InUse,
  work: (databases: readonly Database[]) => Promise<void>,
): Promise<void> {
  const isOne = kind === "sqlite";
  const others = isOne
    ? [database, database, database]
    : await Promise.all([1, 2, 3].map(() => openDatabase(secondUrl, { migrate: false })));
  try {
    await work([database, ...others]);
  } finally {
    if (!isOne) await Promise.all(others.map((other) => other.close()));
  }
}

/** Calls again while the database is overloaded, as its callers do: nothing was written then. */
export async function persistently<Result>(call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
    }
  }
}

/** Claims with all of them concurrently until nothing is due, and expects each of these rows to be claimed once. */
export async function expectEachClaimedOnce(
  databases: readonly Database[],
  ids: readonly string[],
  claim: (database: Database) => Promise<readonly { readonly id: string }[]>,
): Promise<void> {
  const claimed: string[] = [];
  for (let isMore = true; isMore; ) {
    const found = await Promise.all(databases.map(claim));
    claimed.push(...found.flat().map(({ id }) => id));
    // One that loses every row of its page to the others found nothing, and there can still be more.
    isMore = found.some(({ length }) => length > 0);
  }
  expect(claimed.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
}
