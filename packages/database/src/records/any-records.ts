import type { Outcome } from "@jifen/core";
import type { RecordOperations, Records, TableName } from "./records.ts";
import type { Column, Table } from "./table.ts";

/** A record of any table, by the names of its fields. */
export type AnyRecord = Readonly<Record<string, unknown>>;

/** See `Filter`. */
export type AnyFilter = AnyRecord & { readonly or?: readonly AnyFilter[] | undefined };

/** See `Query`. */
export type AnyQuery = {
  readonly where?: AnyFilter;
  readonly by?: readonly string[] | undefined;
  readonly direction?: "asc" | "desc" | undefined;
  readonly after?: AnyRecord | undefined;
  readonly limit?: number | undefined;
  readonly index?: string | undefined;
};

/** See `Change`. */
type AnyChange = { readonly set?: AnyRecord; readonly add?: AnyRecord };

/** What each database implements of `RecordOperations`, for rows of any table. */
export type AnyOperations = {
  get(table: TableName, key: AnyRecord): Promise<AnyRecord | undefined>;
  list(table: TableName, query: AnyQuery): Promise<readonly AnyRecord[]>;
  count(table: TableName, where: AnyFilter, limit: number): Promise<number>;
  sum(table: TableName, field: string, query: Pick<AnyQuery, "where" | "index">): Promise<number>;
  insert(table: TableName, ...records: readonly AnyRecord[]): Promise<void>;
  update(table: TableName, where: AnyFilter, change: AnyChange): Promise<number>;
  delete(table: TableName, where: AnyFilter): Promise<number>;
};

/** What each database implements of `RecordTransaction`. */
export type AnyTransaction = AnyOperations & {
  lock(table: TableName, key: AnyRecord, where?: AnyFilter): Promise<boolean>;
};

/** What each database implements of `Records`. */
export type AnyRecords = AnyOperations & {
  insertOnce(table: TableName, record: AnyRecord, by?: readonly string[]): Promise<AnyRecord>;
  put(table: TableName, record: AnyRecord): Promise<void>;
  deleteInSteps(table: TableName, where: AnyFilter, step: number): Promise<void>;
  transaction(work: (tx: AnyTransaction) => Promise<Outcome<unknown, unknown>>): Promise<Outcome<unknown, unknown>>;
};

const withCompareAndSet = (operations: AnyOperations): AnyOperations & Pick<RecordOperations, "compareAndSet"> => ({
  ...operations,
  compareAndSet: async (table, key, { expected, set }) =>
    (await operations.update(table, { ...expected, ...key }, { set })) === 1,
});

/** Gives every table its own types. The implementations follow the table list, from which the types are generated as well. */
export const typedRecords = (records: AnyRecords): Records => {
  const transaction: AnyRecords["transaction"] = (work) =>
    records.transaction((tx) => work({ ...withCompareAndSet(tx), lock: tx.lock }));
  return { ...records, ...withCompareAndSet(records), transaction } as unknown as Records;
};

const storedByTable = new WeakMap<Table, ReadonlyMap<string, Column>>();

/** The columns of a table that rows are written to, by the names of their fields. */
export function storedColumns(table: Table): ReadonlyMap<string, Column> {
  const known = storedByTable.get(table);
  if (known) return known;
  const columns = table.columns.filter(({ isComputed }) => !isComputed);
  const byField = new Map(columns.map((column) => [column.field, column]));
  storedByTable.set(table, byField);
  return byField;
}

/** A new record with every field: the initial value, or null, where it does not give one. */
export const completed = (table: Table, record: AnyRecord): AnyRecord =>
  Object.fromEntries(
    [...storedColumns(table)].map(([field, { initial }]) => [field, record[field] ?? initial ?? null]),
  );

/** Whether a condition names operators, such as `{ gt: 5 }`; any other is a value. */
export const isRange = (condition: unknown): condition is AnyRecord =>
  typeof condition === "object" && condition !== null;

/** The filters of the rows after a keyset cursor: each differs from it first in one field, and is beyond it there. */
export const filtersAfter = ({ by = [], direction = "asc", after }: AnyQuery): readonly AnyFilter[] | undefined =>
  after &&
  by.map((field, at) => ({
    ...Object.fromEntries(by.slice(0, at).map((before) => [before, after[before]])),
    [field]: { [direction === "asc" ? "gt" : "lt"]: after[field] },
  }));
