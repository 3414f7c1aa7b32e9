/** What the connections of a pool are for; MongoDB has one pool for everything. */
export type PoolName = "ledger" | "logs" | "records" | "all";

/** The connections of one pool of this process, at this moment. */
export type PoolUse = {
  /** Connections that work for a caller, or are being opened for one. */
  readonly busy: number;
  readonly idle: number;
  /** Calls that wait for a connection. */
  readonly waiting: number;
};

/** Adds up pools that are for the same. */
export const sumOfPools = (pools: readonly PoolUse[]): PoolUse => ({
  busy: pools.reduce((sum, { busy }) => sum + busy, 0),
  idle: pools.reduce((sum, { idle }) => sum + idle, 0),
  waiting: pools.reduce((sum, { waiting }) => sum + waiting, 0),
});
