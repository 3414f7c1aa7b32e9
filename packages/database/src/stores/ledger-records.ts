import type { Entry, WriteSet } from "@jifen/ledger";
import { storedColumnNames, storedKey } from "../ledger/columns.ts";
import type { RecordTransaction } from "../records/records.ts";

const entryRecord = (entry: Entry) => ({
  ...entry,
  idempotencyKey: storedKey(entry.idempotencyKey),
  allocations: JSON.stringify(entry.allocations),
});

/** Inserts the rows of a first grant. */
export async function insertWriteSet(tx: RecordTransaction, writeSet: WriteSet): Promise<void> {
  await tx.insert("accounts", ...writeSet.accountsOpened);
  await tx.insert("grants", ...writeSet.grantsAdded);
  await tx.insert("transactions", ...writeSet.entries.map(entryRecord));
}

type StoredNames = typeof storedColumnNames;

/** `balanceAfter` → `balance_after`, `allocations` → `shares`. */
type ColumnName<Name extends string> = Name extends keyof StoredNames ? StoredNames[Name] : SnakeCase<Name>;

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

const columnNameOf = (field: string): string =>
  (storedColumnNames as Readonly<Record<string, string>>)[field] ??
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A record that Prisma returns, by the names of its columns. */
export const byColumn = <Row extends object>(record: Row) =>
  Object.fromEntries(Object.entries(record).map(([field, value]) => [columnNameOf(field), value])) as {
    [Name in keyof Row & string as ColumnName<Name>]: Row[Name];
  };
