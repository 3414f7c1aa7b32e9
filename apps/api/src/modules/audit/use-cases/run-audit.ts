import { type AccountId, InvariantError } from "@jifen/core";
import type { Database } from "@jifen/database";
import { type AccountAudit, auditAccount, type Difference } from "@jifen/ledger";

/** Account ids per query. */
const PAGE_SIZE = 500;

/** The result of an audit. Times are epoch milliseconds. */
export type AuditReport = {
  readonly id: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly accounts: number;
  readonly transactions: number;
  readonly differences: readonly Difference[];
};

/** How to run an audit. */
export type AuditOptions = {
  readonly database: Database;
  readonly nowMs: () => number;
  readonly id: string;
  /** Audits only this account; undefined audits every account. */
  readonly accountId: AccountId | undefined;
  /** Called after each account. */
  readonly onAccount: (entries: number, differences: readonly Difference[]) => void;
};

/**
 * Recomputes accounts from their entries, each in its own snapshot, while the server runs. Stores the result of an audit
 * of all accounts, for metrics and the doctor.
 */
export async function runAudit(options: AuditOptions): Promise<AuditReport> {
  const { database, nowMs, id, accountId } = options;
  const startedAtMs = nowMs();
  const differences: Difference[] = [];
  let [accounts, transactions] = [0, 0];
  for await (const each of accountId === undefined ? allAccounts(database) : [accountId]) {
    const found = await auditOne(database, each);
    accounts += 1;
    transactions += found.entries;
    differences.push(...found.differences);
    options.onAccount(found.entries, found.differences);
  }
  const report = { id, startedAtMs, finishedAtMs: nowMs(), accounts, transactions, differences };
  if (accountId === undefined) await database.audit.recordRun({ ...report, differences: differences.length });
  return report;
}

/** Reports rows that cannot be read as a difference instead of ending the audit. */
async function auditOne({ audit }: Database, id: AccountId): Promise<AccountAudit> {
  try {
    return await audit.readAccount(id, (records) => auditAccount(id, records));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof InvariantError)) throw error;
    const unreadable = { accountId: id, kind: "ROWS_UNREADABLE", referenceId: null, expected: null } as const;
    return { entries: 0, differences: [{ ...unreadable, found: error.message }] };
  }
}

async function* allAccounts({ audit }: Database): AsyncGenerator<AccountId> {
  let after: AccountId | undefined;
  for (;;) {
    const page = await audit.accountIds(after, PAGE_SIZE);
    yield* page;
    after = page.at(-1);
    if (page.length < PAGE_SIZE) return;
  }
}
