/** A PostgreSQL server for one run of the tests. */
export type PostgresqlServer = {
  /** A database from which others can be created. */
  readonly url: string;
  /** Which server this is, for the output of the run. */
  readonly description: string;
  /** Ends a server that was started for the run; missing on any other. */
  stop?(): Promise<void>;
};
