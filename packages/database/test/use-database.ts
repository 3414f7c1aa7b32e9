import type { AccountId } from "@jifen/core";
import { type DatabaseKind, type FreshDatabase, migratedDatabase, type RawRows } from "@jifen/testkit";
import { afterAll, beforeAll } from "vitest";
import { type Database, migrateDatabase, openDatabase } from "../src/index.ts";
import { openRawRows } from "./raw-rows.ts";
import { openRawSql, type RawSql } from "./raw-sql.ts";

/**
 * A database of one `describe`, open while its tests run. `secondUrl` is its address for a second process; `sql` exists on
 * SQL databases only.
 */
export type InUse = { url: string; secondUrl: string; database: Database; rows: RawRows; sql: RawSql };

let watch = (database: Database): Database => database;

/** Replaces each database that `useDatabase` opens later, such as by one that records calls. */
export function watchDatabases(replace: typeof watch): void {
  watch = replace;
}

/** Creates a database for the tests of the surrounding `describe`, opens it, and drops it after them. */
export function useDatabase(kind: DatabaseKind): InUse {
  const inUse = {} as InUse;
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await migratedDatabase(kind, migrateDatabase);
    inUse.url = fresh.url;
    inUse.secondUrl = fresh.secondUrl;
    inUse.database = watch(await openDatabase(fresh.url));
    inUse.rows = await openRawRows(fresh.url);
    if (kind !== "mongodb") inUse.sql = await openRawSql(fresh.url);
  });
  afterAll(async () => {
    await inUse.sql?.close();
    await inUse.rows?.close();
    await inUse.database?.close();
    await fresh?.drop();
  });
  return inUse;
}

/** One entry as a row of its table. */
export type Line = {
  readonly id: string;
  readonly sequence: number;
  readonly idempotency_key: string;
  readonly kind: string;
  readonly amount: number;
  readonly balance_after: number;
  readonly expires_at_ms: number | null;
  readonly created_at_ms: number;
};

/** The entries of one account, in their order. */
export async function journalOf(rows: RawRows, account: AccountId): Promise<Line[]> {
  return (await rows.find("transactions", { account_id: account }, "sequence")) as unknown as Line[];
}
