import type { Outcome } from "@jifen/core";
import type { NewTableRecords, TableKeys, TableRecords } from "../generated/tables.ts";

/** The name of a table of models.prisma. */
export type TableName = keyof TableRecords;

/** A stored row by the names of its fields. */
export type StoredRecord<Name extends TableName> = TableRecords[Name];

/** A row to insert; fields that can be null, or have an initial value, can be left out. */
type NewRecord<Name extends TableName> = NewTableRecords[Name];

/** The primary key of a row. */
type RecordKey<Name extends TableName> = Pick<TableRecords[Name], TableKeys[Name] & keyof TableRecords[Name]>;

/** What a field has to be: equal to a value, one of several, within a range, or a text with a prefix. */
type Condition<Value> =
  | Value
  | {
      readonly in?: readonly Value[] | undefined;
      readonly gt?: Value | undefined;
      readonly gte?: Value | undefined;
      readonly lt?: Value | undefined;
      readonly lte?: Value | undefined;
      readonly prefix?: (Value & string) | undefined;
    };

/** All of these conditions; `or`: and at least one of these filters. A condition that is undefined is left out. */
type Filter<Name extends TableName> = {
  readonly [Field in keyof TableRecords[Name]]?: Condition<TableRecords[Name][Field]> | undefined;
} & { readonly or?: readonly Filter<Name>[] | undefined };

/** A page of rows. */
type Query<Name extends TableName> = {
  readonly where?: Filter<Name>;
  /** The fields that order the rows, each in this direction; their values together have to be unique. In any order if left out. */
  readonly by?: readonly (keyof TableRecords[Name] & string)[];
  /** `asc` if left out. */
  readonly direction?: "asc" | "desc";
  /** Where the page before ended (a keyset cursor): only rows after these values, in the order of the query. */
  readonly after?: Partial<TableRecords[Name]> | undefined;
  /** All rows if left out. */
  readonly limit?: number;
  /** The MongoDB index to use, where the planner cannot know which one finds few documents. */
  readonly index?: string;
};

/** The rows to sum. */
type SumQuery<Name extends TableName> = Required<Pick<Query<Name>, "where">> & Pick<Query<Name>, "index">;

/** The fields to set, and the numbers to add to fields. */
type Change<Name extends TableName> = {
  readonly set?: Partial<TableRecords[Name]>;
  readonly add?: { readonly [Field in keyof TableRecords[Name]]?: TableRecords[Name][Field] & number };
};

/** What a row has to hold for a change, and the change. */
type ConditionalChange<Name extends TableName> = {
  readonly expected: Filter<Name>;
  readonly set: Partial<TableRecords[Name]>;
};

/** What can be done with rows, in a transaction and outside. */
export type RecordOperations = {
  get<Name extends TableName>(table: Name, key: RecordKey<Name>): Promise<StoredRecord<Name> | undefined>;
  list<Name extends TableName>(table: Name, query: Query<Name>): Promise<readonly StoredRecord<Name>[]>;
  /** How many rows match, counting up to `limit`. */
  count<Name extends TableName>(table: Name, where: Filter<Name>, limit: number): Promise<number>;
  /** The sum of a field. */
  sum<Name extends TableName>(
    table: Name,
    field: keyof TableRecords[Name] & string,
    query: SumQuery<Name>,
  ): Promise<number>;
  /** Inserts rows, in this order. @throws DuplicateKey when the primary key or a unique index has one of them already */
  insert<Name extends TableName>(table: Name, ...records: readonly NewRecord<Name>[]): Promise<void>;
  /** @returns how many rows matched */
  update<Name extends TableName>(table: Name, where: Filter<Name>, change: Change<Name>): Promise<number>;
  /** Changes the row of this key if it holds what is expected. @returns whether it did */
  compareAndSet<Name extends TableName>(
    table: Name,
    key: RecordKey<Name>,
    change: ConditionalChange<Name>,
  ): Promise<boolean>;
  /** Deletes all rows that match, in one statement. @returns how many */
  delete<Name extends TableName>(table: Name, where: Filter<Name>): Promise<number>;
};

/** The tables whose rows can be locked: they have a column that a lock changes. */
type LockableTable = { [Name in TableName]: "lastLock" extends keyof TableRecords[Name] ? Name : never }[TableName];

/** The operations within a transaction: nothing is kept unless all of it is. */
export type RecordTransaction = RecordOperations & {
  /**
   * Locks the row of this key until the transaction ends: another transaction that locks it waits, or starts again after this
   * one. @returns false when no row has this key or the row, as it is by now, does not match `where`
   */
  lock<Name extends LockableTable>(table: Name, key: RecordKey<Name>, where?: Filter<Name>): Promise<boolean>;
};

/**
 * Rows of any table, the same on every database. Every operation rejects with DatabaseUnavailable when the database cannot
 * be reached and nothing was written; those that write also with OutcomeUnknown when the connection was lost before the
 * answer.
 */
export type Records = RecordOperations & {
  /**
   * Inserts a row unless there is one with the same values of `by`, the primary key if left out. A row with null in one of
   * them is always inserted.
   * @returns the row that is stored then, which is the first that was inserted
   */
  insertOnce<Name extends TableName>(
    table: Name,
    record: NewRecord<Name>,
    by?: readonly (keyof StoredRecord<Name> & string)[],
  ): Promise<StoredRecord<Name>>;
  /** Inserts a row, or replaces the one of the same primary key. */
  put<Name extends TableName>(table: Name, record: NewRecord<Name>): Promise<void>;
  /** Deletes all rows that match, at most `step` in a statement, so that no statement runs for long. */
  deleteInSteps<Name extends TableName>(table: Name, where: Filter<Name>, step: number): Promise<void>;
  /**
   * Runs `work` in a transaction and commits it when its outcome is ok; a refusal, or an error, rolls everything back. `work`
   * runs again after a deadlock or a write conflict.
   */
  transaction<Value, Refusal>(
    work: (tx: RecordTransaction) => Promise<Outcome<Value, Refusal>>,
  ): Promise<Outcome<Value, Refusal>>;
};

/** The primary key or a unique index has the row already. */
export class DuplicateKey extends Error {
  override name = "DuplicateKey";
}

/** Ends a transaction whose work was refused, and carries the refusal out of it. */
export class Rollback extends Error {
  override name = "Rollback";
  readonly outcome: Outcome<never, unknown>;

  constructor(outcome: { readonly ok: false; readonly refusal: unknown }) {
    super("the transaction was refused");
    this.outcome = outcome;
  }
}
