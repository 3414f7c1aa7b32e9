import { type Document, MongoClient } from "mongodb";

/** A row by the names of its columns; integers are numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** Access to the rows of a database without the code under test, the same for every database. `where` compares by equality. */
export type RawRows = {
  /** Sorted by the column `by`, if given. */
  find(table: string, where?: Row, by?: string): Promise<readonly Row[]>;
  insert(table: string, row: Row): Promise<void>;
  update(table: string, set: Row, where?: Row): Promise<void>;
  remove(table: string, where?: Row): Promise<void>;
  close(): Promise<void>;
};

/** The columns that form the `_id` of a collection's documents. */
const keys: Readonly<Record<string, readonly string[]>> = {
  grants: ["account_id", "id"],
  holds: ["account_id", "id"],
  transactions: ["account_id", "idempotency_key"],
  logs: ["user_id", "id"],
  call_logs: ["user_id", "id"],
  log_keys: ["user_id", "idempotency_key"],
  log_marks: ["name"],
  log_rollups: ["user_id", "quarter", "action"],
  log_totals: ["part", "quarter", "action"],
  spend_rollups: ["account_id", "quarter", "action"],
  spend_totals: ["part", "quarter", "action"],
  spend_marks: ["account_id"],
  credit_totals: ["part", "quarter", "kind", "source"],
  statements: ["account_id", "from_ms", "to_ms"],
  orders: ["user_id", "id"],
  order_events: ["user_id", "order_id", "number"],
  payments: ["user_id", "id"],
  reversals: ["user_id", "id"],
  strays: ["channel", "merchant", "txn_id"],
  channels: ["channel"],
  demo_trades: ["id"],
  ended_tokens: ["user_id", "jti"],
  one_time_links: ["user_id", "purpose"],
  catalogues: ["version"],
  codes: ["code_hash"],
  code_claims: ["user_id", "batch_id", "number"],
  webhook_endpoints: ["owner_id", "id"],
  outgoing_events: ["user_id", "id"],
  webhook_deliveries: ["owner_id", "endpoint_id", "event_id"],
  account_totals: ["account_id"],
  balance_alerts: ["user_id"],
  grant_days: ["key_id", "day"],
  counters: ["key"],
  job_leases: ["name"],
};
/** Columns that a new row may omit. */
const optionalColumns: Readonly<Record<string, readonly string[]>> = {
  transactions: ["metadata", "terms", "subject_id", "expires_at_ms"],
  holds: ["metadata", "resolved_at_ms"],
};

const stored = (value: unknown) => (typeof value === "number" ? BigInt(value) : value);

/** The path of a column in the documents of a collection. */
const pathOf = (table: string, column: string): string => {
  const [first = "id", ...others] = keys[table] ?? ["id"];
  if (others.length === 0) return column === first ? "_id" : column;
  return others.includes(column) ? `_id.${column}` : column;
};

const byPath = (table: string, row: Row): Document =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [pathOf(table, column), stored(value)]));

function toDocument(table: string, given: Row): Document {
  const row = { ...Object.fromEntries((optionalColumns[table] ?? []).map((column) => [column, null])), ...given };
  const key = keys[table] ?? ["id"];
  // The key of an entry without one is made from its id.
  const all: Row =
    table === "transactions" ? { ...row, idempotency_key: row["idempotency_key"] ?? `transaction:${row["id"]}` } : row;
  const fields = Object.entries(all).map(([column, value]) => [column, stored(value)] as const);
  const id = Object.fromEntries(fields.filter(([column]) => key.includes(column)));
  const inside = fields.filter(([column]) => !(key.length === 1 ? key : key.slice(1)).includes(column));
  return { _id: key.length === 1 ? id[key[0] as string] : id, ...Object.fromEntries(inside) };
}

/** Converts a document into its row. */
function toRow(table: string, { _id, ...fields }: Document): Row {
  const [first = "id", second] = keys[table] ?? ["id"];
  return second === undefined ? { [first]: _id, ...fields } : { ..._id, ...fields };
}

/** Opens the rows of a MongoDB database. */
export async function openMongodbRows(url: string): Promise<RawRows> {
  // Like the code under test: a local read shows entries that a snapshot read after it does not have yet.
  const client = new MongoClient(url, { readConcernLevel: "majority" });
  await client.connect();
  const collection = (table: string) => client.db().collection<Document[string]>(table);
  return {
    find: async (table, where = {}, by) => {
      const found = collection(table).find(byPath(table, where));
      const sorted = by === undefined ? found : found.sort({ [pathOf(table, by)]: 1 });
      return (await sorted.toArray()).map((each) => toRow(table, each));
    },
    insert: async (table, row) => void (await collection(table).insertOne(toDocument(table, row))),
    update: async (table, set, where = {}) =>
      void (await collection(table).updateMany(byPath(table, where), { $set: byPath(table, set) })),
    remove: async (table, where = {}) => void (await collection(table).deleteMany(byPath(table, where))),
    close: () => client.close(),
  };
}
