import type { ClientSession } from "mongodb";
import { type Cell, conflictOf, type ExtraStatement } from "../../ledger/extra-statements.ts";
import type { AnyRecord } from "../../records/any-records.ts";
import { toColumns, toDocument, toMongoFilter } from "../../records/document-codec.ts";
import { isUniqueViolation } from "./failure.ts";
import type { MongoConnection } from "./pool.ts";

const toFields = (cells: readonly Cell[]): AnyRecord =>
  Object.fromEntries(cells.map(({ column, value }) => [column.field, value]));

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
    const { table } = statement;
    const collection = connection.collection(table.name);
    if (statement.kind === "insert") {
      const { columns, rows } = statement;
      const records = rows.map((row) => Object.fromEntries(columns.map(({ field }, at) => [field, row[at]])));
      const documents = records.map((record) => toDocument(table, record));
      await collection.insertMany(documents, { session }).catch((error: unknown) => {
        throw isUniqueViolation(error) ? conflictOf(statement, error) : error;
      });
    } else {
      const filter = toMongoFilter(table, toFields([...statement.expected, ...statement.key]));
      const update = { $set: toColumns(table, toFields(statement.set)) };
      const { matchedCount } = await collection.updateOne(filter, update, { session });
      if (matchedCount !== 1) throw conflictOf(statement);
    }
  }
}
