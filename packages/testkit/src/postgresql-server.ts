/** A PostgreSQL server for one run of the tests. */
export type PostgresqlServer = {
  /** A database from which others can be created. */
  readonly url: string;
  /** Which server this is, for the output of the run. */
  readonly description: string;
  stop(): Promise<void>;
};
