import type { Account, Entry, Grant, Hold } from "@jifen/ledger";
import type { Document } from "mongodb";
import { accountColumns, type Columns, entryColumns, grantColumns, holdColumns } from "../../ledger/columns.ts";
import type { AccountRow, EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";

/** Numbers are stored as 64-bit integers, so that sums of millions of them are exact. */
export const stored = (value: unknown): unknown => (typeof value === "number" ? BigInt(value) : value);

/** A row as the fields of a document, without those that are in its `_id`. */
const fieldsOf = <Row>({ names, values }: Columns<Row>, inId: readonly string[]) => {
  const all = names.split(", ");
  return (row: Row): Document => {
    const fields: Document = {};
    for (const [index, value] of values(row).entries()) {
      const name = all[index] as string;
      if (!inId.includes(name)) fields[name] = stored(value);
    }
    return fields;
  };
};

const accountFields = fieldsOf(accountColumns, ["id"]);
const grantFields = fieldsOf(grantColumns, ["id"]);
const holdFields = fieldsOf(holdColumns, ["id"]);
const entryFields = fieldsOf(entryColumns, ["idempotency_key"]);

/** The `_id` of a grant or a hold. The account is in the document as well: collections are sharded by it. */
export const idWithin = (accountId: string, id: string) => ({ account_id: accountId, id });

/** The `_id` of an entry: its idempotency key, so that a command is found by its key and takes effect once. */
export const idOfEntry = (accountId: string, key: string) => ({ account_id: accountId, idempotency_key: key });

/** Account to document. */
export const accountDocument = (row: Account): Document => ({ _id: row.id, ...accountFields(row) });
/** Grant to document. */
export const grantDocument = (row: Grant): Document => ({ _id: idWithin(row.accountId, row.id), ...grantFields(row) });
/** Hold to document. */
export const holdDocument = (row: Hold): Document => ({ _id: idWithin(row.accountId, row.id), ...holdFields(row) });
/** Entry to document. */
export const entryDocument = (row: Entry): Document => ({
  _id: idOfEntry(row.accountId, row.idempotencyKey),
  ...entryFields(row),
});

/** Document to account row. */
export const accountRow = (found: Document) => ({ ...found, id: found["_id"] }) as unknown as AccountRow;
/** Document to grant, hold or entry row. */
export const rowOf = <Row extends GrantRow | HoldRow | EntryRow>(found: Document): Row =>
  ({ ...found, ...found["_id"] }) as Row;
