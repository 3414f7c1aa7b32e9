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
  { version: 8, name: "008-expand-statements", schemas: schemasOf("statements") },
  { version: 9, name: "009-expand-log-marks", schemas: schemasOf("log_marks") },
  { version: 10, name: "010-expand-catalogues", schemas: schemasOf("catalogues", "users") },
  { version: 11, name: "011-expand-codes", schemas: schemasOf("code_batches", "codes", "code_claims") },
  {
    version: 12,
    name: "012-expand-orders",
    schemas: schemasOf("orders", "order_events", "payments", "reversals", "strays", "channels"),
  },
  {
    version: 13,
    name: "013-expand-webhooks",
    schemas: schemasOf("webhook_endpoints", "outgoing_events", "webhook_deliveries"),
  },
  { version: 14, name: "014-expand-demo-trades", schemas: schemasOf("demo_trades") },
  { version: 15, name: "015-expand-reviews", schemas: schemasOf("reversals") },
  { version: 16, name: "016-expand-balance-alerts", schemas: schemasOf("balance_alerts") },
  { version: 17, name: "017-expand-outgoing-events", schemas: schemasOf("outgoing_events") },
  { version: 18, name: "018-expand-webhook-probes", schemas: schemasOf("webhook_endpoints") },
  { version: 19, name: "019-expand-user-lists", schemas: schemasOf("users") },
  { version: 20, name: "020-expand-code-groups", schemas: schemasOf("code_batches") },
  { version: 21, name: "021-expand-open-holds", schemas: schemasOf("holds") },
  { version: 22, name: "022-expand-totals", schemas: schemasOf("account_totals") },
  {
    version: 23,
    name: "023-expand-credit-totals",
    schemas: schemasOf("credit_totals", "spend_marks", "spend_rollups"),
  },
  { version: 24, name: "024-expand-key-lists", schemas: schemasOf("service_keys") },
  { version: 25, name: "025-expand-preferences", schemas: schemasOf("users") },
  { version: 26, name: "026-expand-grant-days", schemas: schemasOf("service_keys", "grant_days") },
];
