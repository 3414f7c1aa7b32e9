import { idempotencyKey, transactionId } from "@jifen/core";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { Document } from "mongodb";
import { storedKey } from "../../ledger/columns.ts";
import { IMPORT_MARK } from "../../schema/schema-state.ts";
import type { TableCopier, TransferRow } from "../../transfer/table-copier.ts";
import type { TransferTable } from "../../transfer/tables.ts";
import { toTransferValue } from "../../transfer/transfer-value.ts";
import { stored } from "./documents.ts";
import type { MongoConnection } from "./pool.ts";
import { type SnapshotSession, withSnapshot } from "./snapshot.ts";

/** The maximum number of documents in memory. */
const PAGE = 250;

/** Copies tables out of MongoDB or into it. */
export function createMongodbTableCopier(connection: MongoConnection): TableCopier {
  const marks = connection.collection("jifen_migrations");
  const { version, name } = IMPORT_MARK;
  return {
    readAll: (work) => {
      let isBegun = false;
      return withSnapshot(connection, (session) => {
        // The server keeps a snapshot for some minutes. After that the read cannot be retried: `work` has side effects.
        if (isBegun) throw new DatabaseUnavailable("the database no longer has the snapshot of this read");
        isBegun = true;
        return work((table) => pagesOf(connection, table, session));
      });
    },

    count: (table) => connection.reading(() => connection.collection(table.name).countDocuments({}, { hint: "_id_" })),

    insert: async (table, rows) => {
      const documents = rows.map((row) => toDocument(table, row));
      await connection.writing(() => connection.collection(table.name).insertMany(documents));
    },

    setUnfinished: async (isUnfinished) => {
      await connection.writing(
        (): Promise<unknown> =>
          isUnfinished
            ? marks.updateOne({ version }, { $setOnInsert: { name } }, { upsert: true })
            : marks.deleteOne({ version }),
      );
    },
  };
}

/** Reads the documents in the order of their `_id`. */
async function* pagesOf(
  connection: MongoConnection,
  table: TransferTable,
  session: SnapshotSession,
): AsyncGenerator<readonly TransferRow[]> {
  for (let where: Document = {}; ; ) {
    const found = await connection.reading(() =>
      connection.collection(table.name).find(where, session).sort({ _id: 1 }).limit(PAGE).toArray(),
    );
    const last = found.at(-1);
    if (!last) return;
    yield found.map((document) => toRow(table, document));
    where = { _id: { $gt: last._id } };
  }
}

/** The columns in the `_id` of a document: the key of the table; for an entry, its account and idempotency key. */
const inId = ({ name, key }: TransferTable): readonly string[] =>
  name === "transactions" ? ["account_id", "idempotency_key"] : key;

function toRow(table: TransferTable, { _id, ...fields }: Document): TransferRow {
  const { name, columns } = table;
  const [first = "", ...others] = inId(table);
  const all: Document = { ...fields, ...(others.length === 0 ? { [first]: _id } : _id) };
  return columns.map(([column, type]) => {
    const value = column === "idempotency_key" && name === "transactions" ? storedKey(all[column]) : all[column];
    return toTransferValue(value, type, `${name}.${column}`);
  });
}

function toDocument(table: TransferTable, row: TransferRow): Document {
  const fields: Document = {};
  for (const [at, [column, type]] of table.columns.entries()) {
    const value = row[at] ?? null;
    const isNumber = value !== null && (type === "bigint" || type === "integer");
    fields[column] = isNumber ? BigInt(value) : stored(value);
  }
  if (table.name === "transactions") {
    fields["idempotency_key"] ??= idempotencyKey.ofTransaction(transactionId(fields["id"]));
  }
  const id = inId(table);
  const [first = "", ...others] = id;
  const isObject = others.length > 0;
  const _id = isObject ? Object.fromEntries(id.map((column) => [column, fields[column]])) : fields[first];
  // The account or the user is in the document as well: collections are sharded by it.
  for (const column of isObject ? others : [first]) delete fields[column];
  return { _id, ...fields };
}
