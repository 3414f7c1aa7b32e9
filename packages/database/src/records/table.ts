/** What a column holds: `bigint` is any whole number of 64 bits, `integer` one of 32. */
export type ColumnType = "text" | "bigint" | "integer" | "boolean";

/** A column of a table. */
export type Column = {
  /** In the database. */
  readonly name: string;
  /** In a record. */
  readonly field: string;
  readonly type: ColumnType;
  readonly isNullable: boolean;
  /** The database computes it from other columns of the row; MongoDB does not store it. */
  readonly isComputed: boolean;
  /** The value of a new row that does not give one. */
  readonly initial?: string | number | boolean;
  readonly minimum?: number;
  /** The only values that it can have. */
  readonly values?: readonly string[];
  /** Whether a transfer compares the sum of the column. */
  readonly isSummed: boolean;
};

/** An index on MongoDB, as `createIndexes` takes it. */
type DocumentIndex = {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: boolean;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
};

/** Where the rows of a table are when several nodes share the work: on one node, on every node, or distributed by a column. */
export type Distribution =
  | { readonly is: "local" }
  | { readonly is: "reference" }
  | { readonly is: "distributed"; readonly by: string; readonly beside?: string };

/** A table as models.prisma declares it. `scripts/table-list.ts` writes one for each model. */
export type Table = {
  readonly name: string;
  readonly description: string;
  /** The property of Prisma's client. */
  readonly model: string;
  readonly columns: readonly Column[];
  /** The fields of the primary key. */
  readonly key: readonly [first: string, ...others: string[]];
  /** The fields of each unique index besides the primary key. Rows without a value in one of them are not compared. */
  readonly unique: readonly (readonly string[])[];
  /** The fields in the `_id` of a document. Of several, the first is in the document as well: MongoDB shards by it. */
  readonly documentId: readonly [first: string, ...others: string[]];
  /** MongoDB checks each `$expr`. */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly indexes: readonly DocumentIndex[];
  readonly isTransferred: boolean;
  /** Where the table is on SQLite: in the file of the ledger, or in that of the logs. */
  readonly file: "ledger" | "logs";
  readonly distribution: Distribution;
};
