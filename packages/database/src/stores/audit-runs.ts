import type { Records } from "../records/records.ts";

/** The result of one audit of the ledger. */
export type AuditRun = {
  readonly id: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** How many accounts and transactions were read. */
  readonly accounts: number;
  readonly transactions: number;
  /** How often a stored value differed from the one that follows from the transactions. */
  readonly differences: number;
};

/** The results of audits. */
export type AuditRunStore = {
  /** Stores the result of an audit. */
  recordRun(run: AuditRun): Promise<void>;
  /** The result of the audit that finished last; undefined when there was none. */
  lastRun(): Promise<AuditRun | undefined>;
  /** The results of the audits that finished last, the last one first. */
  lastRuns(limit: number): Promise<readonly AuditRun[]>;
};

/** The results of audits, on any database. */
export function createAuditRunStore(records: Records): AuditRunStore {
  const lastRuns = (limit: number) =>
    records.list("audit_runs", { by: ["finishedAtMs", "id"], direction: "desc", limit });
  return {
    recordRun: (run) => records.insert("audit_runs", run),
    lastRun: async () => (await lastRuns(1))[0],
    lastRuns,
  };
}
