/** The result of a migration. */
export type Migrated = {
  readonly from: number;
  readonly to: number;
  /** The files that ran, in this order. */
  readonly files: readonly string[];
  /** Paths of the copies that were written before: of an embedded database that had tables already. */
  readonly copies: readonly string[];
};
