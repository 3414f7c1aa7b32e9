import type { TableName } from "../../../records/records.ts";
import { tableOf } from "../../../records/table-of.ts";
import { type CollectionSchema, collectionSchemaOf, integer, text, validatorOf } from "../collection-schema.ts";

/**
 * A migration brings collections to the schema that they have now. It can run twice and be interrupted, because MongoDB has
 * no transaction for this: a collection that exists gets the same validator and indexes again.
 */
export type Migration = {
  readonly version: number;
  readonly name: string;
  readonly schemas: readonly CollectionSchema[];
};

/** Documents that several transactions change on purpose, so that they conflict: see lock-documents.ts. No table of SQL. */
const lockDocuments: CollectionSchema = {
  name: "turns",
  validator: validatorOf({ _id: text, taken: integer(1) }),
  indexes: [],
};

const schemasOf = (...tables: readonly TableName[]) => tables.map((table) => collectionSchemaOf(tableOf(table)));

/**
 * Every migration, in order. The schema of a collection follows from models.prisma: a table that changes is named again by a
 * later migration, which brings the collections of older installations to its new schema.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: "001-first-collections",
    schemas: [
      ...schemasOf("accounts", "grants", "holds", "transactions", "audit_runs", "users", "ended_tokens"),
      ...schemasOf("one_time_links", "service_keys", "audit_events", "counters", "logs"),
      lockDocuments,
    ],
  },
  { version: 2, name: "002-expand-job-leases", schemas: schemasOf("job_leases") },
  { version: 3, name: "003-expand-authors", schemas: schemasOf("holds", "transactions") },
  { version: 4, name: "004-expand-claims", schemas: schemasOf("users", "one_time_links") },
  { version: 5, name: "005-expand-locks", schemas: schemasOf("users") },
  {
    version: 6,
    name: "006-expand-call-logs",
    schemas: schemasOf("call_logs", "log_keys", "log_rollups", "log_totals"),
  },
  { version: 7, name: "007-expand-spend", schemas: schemasOf("spend_rollups", "spend_totals", "spend_marks") },
];
