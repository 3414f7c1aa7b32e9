import { type AccountId, InvariantError, userOf } from "@jifen/core";
import type { Database } from "@jifen/database";
import { type AccountRecords, auditAccount, type Difference, differenceKinds, type Entry } from "@jifen/ledger";
import {
  auditCodeGrants,
  auditCodes,
  type ClaimDifference,
  claimDifferenceKinds,
  isCodeGrant,
} from "../../billing/audit/claim-differences.ts";
import {
  auditPaymentGrants,
  auditPayments,
  isPaymentGrant,
  type PaymentDifference,
  paymentDifferenceKinds,
} from "../../billing/audit/payment-differences.ts";
import {
  auditReversalEntries,
  auditReversals,
  auditReversalsOf,
  isReversalEntry,
  type ReversalDifference,
  reversalDifferenceKinds,
} from "../../billing/audit/reversal-differences.ts";

/** Account ids per query. */
const PAGE_SIZE = 500;

/** A difference within the ledger, or between the ledger and what was sold or given. */
export type AuditDifference = Difference | ClaimDifference | PaymentDifference | ReversalDifference;

/** The kinds of differences, each with the invariant of docs/invariants.md that it breaks. */
export const auditDifferenceKinds = {
  ...differenceKinds,
  ...claimDifferenceKinds,
  ...paymentDifferenceKinds,
  ...reversalDifferenceKinds,
};

/** The differences of one account, and the number of its entries. */
type AccountDifferences = { readonly entries: number; readonly differences: readonly AuditDifference[] };

/** The result of an audit. Times are epoch milliseconds. */
export type AuditReport = {
  readonly id: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly accounts: number;
  readonly transactions: number;
  readonly differences: readonly AuditDifference[];
};

/** How to run an audit. */
export type AuditOptions = {
  readonly database: Database;
  readonly nowMs: () => number;
  readonly id: string;
  /** Audits only this account; undefined audits every account. */
  readonly accountId: AccountId | undefined;
  /** Called after each account. */
  readonly onAccount: (entries: number, differences: readonly AuditDifference[]) => void;
};

/**
 * Recomputes accounts from their entries, each in its own snapshot, while the server runs, and compares what they were granted
 * for redemption codes and payments with the claims and the payments, and what was taken for refunds and disputes with these.
 * Stores the result of an audit of all accounts, for metrics and the doctor.
 */
export async function runAudit(options: AuditOptions): Promise<AuditReport> {
  const { database, nowMs, id, accountId } = options;
  const startedAtMs = nowMs();
  const differences: AuditDifference[] = [];
  let [accounts, transactions] = [0, 0];
  for await (const each of accountId === undefined ? allAccounts(database) : [accountId]) {
    const found = await auditOne(database, each);
    accounts += 1;
    transactions += found.entries;
    differences.push(...found.differences);
    options.onAccount(found.entries, found.differences);
  }
  differences.push(...(await auditBilling(database, accountId, nowMs())));
  const report = { id, startedAtMs, finishedAtMs: nowMs(), accounts, transactions, differences };
  if (accountId === undefined) await database.audit.recordRun({ ...report, differences: differences.length });
  return report;
}

/** Compares what was sold, given and returned with the ledger: for all accounts, or what is returned of one. */
async function auditBilling(
  database: Database,
  account: AccountId | undefined,
  nowMs: number,
): Promise<readonly AuditDifference[]> {
  const user = account === undefined ? undefined : userOf(account);
  if (user !== undefined) return auditReversalsOf(database, user);
  if (account !== undefined) return [];
  const ofCodes = await auditCodes(database, nowMs);
  return [...ofCodes, ...(await auditPayments(database, nowMs)), ...(await auditReversals(database))];
}

/** Reports rows that cannot be read as a difference instead of ending the audit. */
async function auditOne(database: Database, id: AccountId): Promise<AccountDifferences> {
  const codeGrants = new Map<string, Entry>();
  const paymentGrants = new Map<string, Entry>();
  const ofReversals = new Map<string, Entry>();
  const see = (entry: Entry) => {
    if (isCodeGrant(entry)) codeGrants.set(entry.id, entry);
    if (isPaymentGrant(entry)) paymentGrants.set(entry.id, entry);
    if (isReversalEntry(entry)) ofReversals.set(entry.id, entry);
  };
  try {
    const { entries, differences } = await database.audit.readAccount(id, (records) =>
      auditAccount(id, withEach(records, see)),
    );
    return {
      entries,
      differences: [
        ...differences,
        ...(await auditCodeGrants(database, id, [...codeGrants.values()])),
        ...(await auditPaymentGrants(database, id, [...paymentGrants.values()])),
        ...(await auditReversalEntries(database, id, [...ofReversals.values()])),
      ],
    };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof InvariantError)) throw error;
    const unreadable = { accountId: id, kind: "ROWS_UNREADABLE", referenceId: null, expected: null } as const;
    return { entries: 0, differences: [{ ...unreadable, found: error.message }] };
  }
}

/** The same records, whose entries are also given to `see` while they are read. They can be read twice. */
const withEach = (records: AccountRecords, see: (entry: Entry) => void): AccountRecords => ({
  ...records,
  entries: {
    async *[Symbol.asyncIterator]() {
      for await (const chunk of records.entries) {
        for (const entry of chunk) see(entry);
        yield chunk;
      }
    },
  },
});

async function* allAccounts({ audit }: Database): AsyncGenerator<AccountId> {
  let after: AccountId | undefined;
  for (;;) {
    const page = await audit.accountIds(after, PAGE_SIZE);
    yield* page;
    after = page.at(-1);
    if (page.length < PAGE_SIZE) return;
  }
}
