import type { Account, Entry, Grant, Hold } from "@jifen/ledger";
import type { Document } from "mongodb";
import { accountColumns, type Columns, entryColumns, grantColumns, holdColumns } from "../../ledger/columns.ts";
import type { AccountRow, EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";

/** Every number is stored as a 64-bit integer, so that sums of millions of them are exact. */
export const stored = (value: unknown): unknown => (typeof value === "number" ? BigInt(value) : value);

const toSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A record by the names that its fields have in every database; what is undefined is left out. */
export const toFields = (record: object): Document =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [toSnake(name), stored(value)]),
  );

/** The record that a document holds. Collections take no document of another shape. */
export const fromFields = <Row>({ _id, ...fields }: Document): Row =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [toCamel(name), value])) as Row;

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
const transactionFields = fieldsOf(entryColumns, ["idempotency_key"]);

/** The `_id` of a grant or a hold. The account stands beside it as well: collections are distributed by it. */
export const idWithin = (accountId: string, id: string) => ({ account_id: accountId, id });

/** The `_id` of a line: what makes a command happen once is what the line is found by, for ever. */
export const idOfEntry = (accountId: string, key: string) => ({ account_id: accountId, idempotency_key: key });

/** Account to document. */
export const accountDocument = (row: Account): Document => ({ _id: row.id, ...accountFields(row) });
/** Grant to document. */
export const grantDocument = (row: Grant): Document => ({ _id: idWithin(row.accountId, row.id), ...grantFields(row) });
/** Hold to document. */
export const holdDocument = (row: Hold): Document => ({ _id: idWithin(row.accountId, row.id), ...holdFields(row) });
/** Line to document. */
export const entryDocument = (row: Entry): Document => ({
  _id: idOfEntry(row.accountId, row.idempotencyKey),
  ...transactionFields(row),
});

/** Document to account, column by column. */
export const accountRow = (found: Document) => ({ ...found, id: found["_id"] }) as unknown as AccountRow;
/** Document to grant, hold or line, column by column. */
export const rowOf = <Row extends GrantRow | HoldRow | EntryRow>(found: Document): Row =>
  ({ ...found, ...found["_id"] }) as Row;
