import type { ClientSession, Document } from "mongodb";
import { type Cell, conflictOf, type ExtraInsert, type ExtraStatement } from "../../ledger/extra-statements.ts";
import type { TransferTable } from "../../transfer/tables.ts";
import { stored } from "./documents.ts";
import { isUniqueViolation } from "./failure.ts";
import type { MongoConnection } from "./pool.ts";

/** The `_id` is the key of the table. Of two columns, the first is in the document as well: collections are sharded by it. */
const idOf = ({ key: [first, second] }: TransferTable, values: Readonly<Record<string, unknown>>): unknown =>
  second === undefined ? values[first] : { [first]: values[first], [second]: values[second] };

const valuesOf = (cells: readonly Cell[]): Document =>
  Object.fromEntries(cells.map(({ column, value }) => [column, stored(value)]));

/** Collections require every field. MongoDB has no default values: a column that is left out is null. */
function documentsOf({ table, columns, rows }: ExtraInsert): Document[] {
  const [first, second] = table.key;
  const empty = Object.fromEntries(table.columns.map(([column]) => [column, null]));
  return rows.map((row) => {
    const values = Object.fromEntries(columns.map(({ column }, at) => [column, stored(row[at] ?? null)]));
    const { [second ?? first]: _, ...fields }: Document = { ...empty, ...values };
    return { _id: idOf(table, values), ...fields };
  });
}

/** Where a column is in a document: the last column of the key is only in the `_id`, which the filter has anyway. */
const isOutsideId =
  ({ key: [first, second] }: TransferTable) =>
  ({ column }: Cell) =>
    column !== (second ?? first);

/**
 * Writes the extra rows and changes of a write set inside the transaction of `session`.
 * @throws ExtraWriteConflict
 */
export async function writeExtra(
  connection: MongoConnection,
  session: ClientSession,
  statements: readonly ExtraStatement[],
): Promise<void> {
  for (const statement of statements) {
    const collection = connection.collection(statement.table.name);
    if (statement.kind === "insert") {
      await collection.insertMany(documentsOf(statement), { session }).catch((error: unknown) => {
        throw isUniqueViolation(error) ? conflictOf(statement, error) : error;
      });
    } else {
      const { table, key, expected, set } = statement;
      const filter = { _id: idOf(table, valuesOf(key)), ...valuesOf(expected.filter(isOutsideId(table))) };
      const { matchedCount } = await collection.updateOne(filter, { $set: valuesOf(set) }, { session });
      if (matchedCount !== 1) throw conflictOf(statement);
    }
  }
}
