import { accountColumns, type Columns, entryColumns, grantColumns, holdColumns } from "../ledger/columns.ts";

/** What a column holds: `bigint` is any whole number of 64 bits, `integer` one of 32. */
export type ColumnType = "text" | "bigint" | "integer" | "boolean";

/** A table as it is carried from one database to another. */
export type TransferTable = {
  readonly name: string;
  /** Every column that is not computed by the database, in the order of a row's values. */
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
  /** The columns of its primary key, one or two. */
  readonly key: readonly [first: string, second?: string];
  /** The columns whose sums are compared. */
  readonly sums: readonly string[];
};

type Of = Omit<TransferTable, "name" | "columns">;

const ofLedger = <Row>({ names, types }: Columns<Row>): TransferTable["columns"] =>
  names.split(", ").map((name, at) => [name, types[at] as ColumnType]);

/** `id email? created_at_ms:bigint` → columns; text where nothing else is said. */
const listed = (text: string): TransferTable["columns"] =>
  text.split(/\s+/).map((each) => {
    const [name = "", type = "text"] = each.split(":");
    return [name, type as ColumnType];
  });

const people: Of = { key: ["id"], sums: [] };
const ofAccount = (second: string, ...sums: readonly string[]): Of => ({ key: ["account_id", second], sums });
const ofUser = (second: string): Of => ({ key: ["user_id", second], sums: [] });

/**
 * Everything that is kept, in the order in which it is carried: money before those who spend it. Counters stay behind:
 * they forget by themselves.
 */
export const transferTables: readonly TransferTable[] = [
  {
    ...{ name: "accounts", columns: ofLedger(accountColumns) },
    ...{ key: ["id"], sums: ["balance", "held"] },
  },
  { name: "grants", columns: ofLedger(grantColumns), ...ofAccount("id", "amount", "remaining") },
  {
    ...{ name: "holds", columns: ofLedger(holdColumns) },
    ...ofAccount("id", "amount", "captured", "released", "expired"),
  },
  {
    ...{ name: "transactions", columns: ofLedger(entryColumns) },
    ...ofAccount("sequence", "amount", "lapsed"),
  },
  {
    ...{ name: "audit_runs", ...people },
    columns: listed(
      "id started_at_ms:bigint finished_at_ms:bigint accounts:bigint transactions:bigint differences:bigint",
    ),
  },
  {
    ...{ name: "logs", ...ofUser("id") },
    columns: listed(
      "user_id id idempotency_key action details success:boolean occurred_at_ms:bigint created_at_ms:bigint",
    ),
  },
  {
    ...{ name: "audit_events", ...people },
    columns: listed("id at_ms:bigint actor action subject reason details request_id"),
  },
  {
    ...{ name: "users", ...people },
    columns: listed(
      `id email name password_hash token_version:integer suspended_at_ms:bigint created_at_ms:bigint role
      sessions_ended_at_ms:bigint deleted_at_ms:bigint`,
    ),
  },
  {
    ...{ name: "service_keys", ...people },
    columns: listed(
      `id owner_id name scopes secret_hash previous_hash previous_until_ms:bigint created_by created_at_ms:bigint
      expires_at_ms:bigint revoked_at_ms:bigint last_used_at_ms:bigint`,
    ),
  },
  {
    ...{ name: "one_time_links", ...ofUser("purpose") },
    columns: listed("user_id purpose secret_hash payload expires_at_ms:bigint created_at_ms:bigint"),
  },
  {
    ...{ name: "ended_tokens", ...ofUser("jti") },
    columns: listed("user_id jti expires_at_ms:bigint"),
  },
];
