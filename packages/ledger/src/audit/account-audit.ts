import type { AccountId } from "@jifen/core";
import { type Account, firstExpiryMs } from "../account.ts";
import type { Entry } from "../entry.ts";
import type { Grant } from "../grant.ts";
import type { Hold } from "../hold.ts";
import { heldGain, postingAccounts, spendableGain } from "../posting.ts";
import type { Difference, ReportDifference } from "./difference.ts";
import { GrantsAudit } from "./grants-audit.ts";
import { HoldsAudit } from "./holds-audit.ts";
import { RefundsAudit } from "./refunds-audit.ts";

/** The rows of one account in one snapshot. */
export type AccountRecords = {
  /** undefined when its row is missing. */
  readonly account: Account | undefined;
  readonly grants: readonly Grant[];
  readonly holds: readonly Hold[];
  /** In the order of `sequence`, in chunks. Each iteration begins at the first entry. Read only while the audit runs. */
  readonly entries: AsyncIterable<readonly Entry[]>;
};

/** The result of the audit of one account. */
export type AccountAudit = {
  /** The number of its entries. */
  readonly entries: number;
  readonly differences: readonly Difference[];
};

/** Recomputes an account from its entries alone, and reports every difference of its rows. */
export async function auditAccount(accountId: AccountId, records: AccountRecords): Promise<AccountAudit> {
  const differences: Difference[] = [];
  const report: ReportDifference = (kind, referenceId, { expected, found }) => {
    differences.push({ accountId, kind, referenceId, expected, found });
  };
  const journal = new JournalAudit(report);
  const grants = new GrantsAudit(report);
  const holds = new HoldsAudit(report);
  const refunds = new RefundsAudit(report);
  for await (const chunk of records.entries) {
    for (const entry of chunk) for (const audit of [journal, grants, holds, refunds]) audit.add(entry);
  }
  if (refunds.needsSecondPass)
    for await (const chunk of records.entries) for (const entry of chunk) refunds.compare(entry);
  refunds.finish();
  grants.finish(records.grants);
  holds.finish(records.holds);
  journal.finish(records.account);
  if (records.account) checkNextExpiry(records.account, records, report);
  return { entries: journal.count, differences };
}

/** Checks the numbers, the accounts and the balances of the entries. */
class JournalAudit {
  readonly #report: ReportDifference;
  #balance = 0;
  #held = 0;
  #sequence = 0;
  count = 0;

  constructor(report: ReportDifference) {
    this.#report = report;
  }

  add(entry: Entry): void {
    this.count += 1;
    if (entry.sequence !== this.#sequence + 1)
      this.#report("ENTRY_MISSING", entry.id, { expected: this.#sequence + 1, found: entry.sequence });
    const { debit, credit } = postingAccounts(entry.kind, entry.accountId);
    const hasValidAmount = entry.kind === "extend" ? entry.amount === 0 : entry.amount > 0;
    if (entry.debit !== debit || entry.credit !== credit || !hasValidAmount) {
      const found = `${entry.debit} to ${entry.credit}: ${entry.amount}`;
      this.#report("ENTRY_MISPOSTED", entry.id, { expected: `${debit} to ${credit}`, found });
    }
    this.#balance += spendableGain(entry);
    this.#held += heldGain(entry);
    if (this.#balance < 0 || this.#held < 0) {
      this.#report("BELOW_ZERO", entry.id, { expected: 0, found: Math.min(this.#balance, this.#held) });
    }
    if (entry.balanceAfter !== this.#balance || entry.heldAfter !== this.#held) {
      const found = `${entry.balanceAfter} and ${entry.heldAfter} held`;
      this.#report("ENTRY_DOES_NOT_FOLLOW", entry.id, {
        expected: `${this.#balance} and ${this.#held} held`,
        found: found,
      });
    }
    this.#sequence = entry.sequence;
  }

  finish(account: Account | undefined): void {
    if (!account) {
      this.#report("ACCOUNT_MISSING", null, { expected: "a row", found: null });
      return;
    }
    if (account.balance !== this.#balance)
      this.#report("BALANCE_DIFFERS", null, { expected: this.#balance, found: account.balance });
    if (account.held !== this.#held) this.#report("HELD_DIFFERS", null, { expected: this.#held, found: account.held });
    if (account.sequence !== this.#sequence)
      this.#report("SEQUENCE_DIFFERS", null, { expected: this.#sequence, found: account.sequence });
  }
}

/** The sweeper finds an account by `nextExpiryMs` alone, so nothing may expire before it. */
function checkNextExpiry(
  { nextExpiryMs }: Account,
  records: Pick<AccountRecords, "grants" | "holds">,
  report: ReportDifference,
): void {
  const first = firstExpiryMs(records, null);
  if (first !== null && (nextExpiryMs === null || nextExpiryMs > first))
    report("NEXT_EXPIRY_TOO_LATE", null, { expected: first, found: nextExpiryMs });
}
