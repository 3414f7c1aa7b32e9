import type { DatabaseKind } from "./fresh-database.ts";

/** The ids of what a database must do. scripts/verify-db/promises.ts has their texts, docs/databases.md the table. */
export const promiseIds = [
  "durable-commit",
  "model",
  "concurrent-clients",
  "two-processes",
  "race-matrix",
  "connection-loss",
  "database-unavailable",
  "abort-in-flight",
  "table-constraints",
  "exact-values",
  "complete-snapshot",
  "exact-write-set",
  "extra-writes",
  "committed-reads",
  "history",
  "audit-snapshot",
  "users-and-logs",
  "identity",
  "service-keys",
  "redemption-codes",
  "orders-and-payments",
  "outgoing-events",
  "shared-counters",
  "transfer",
  "concurrent-migrations",
  "schema",
  "failover",
  "unreplicated-commit",
] as const;

/** The id of a promise. */
export type PromiseId = (typeof promiseIds)[number];

/**
 * Options of a `describe` or a `test` that proves a promise on a kind of database: vitest tags, by which `verify:db` selects
 * the tests, whatever their titles are.
 */
export const promise = (id: PromiseId, kind: DatabaseKind): { readonly tags: string[] } => ({ tags: [id, kind] });
