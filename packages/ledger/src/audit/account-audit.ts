import type { AccountId } from "@jifen/core";
import { type Account, firstExpiryMs } from "../account.ts";
import type { Entry } from "../entry.ts";
import type { Grant } from "../grant.ts";
import type { Hold } from "../hold.ts";
import { heldGain, postingAccounts, spendableGain } from "../posting.ts";
import type { Difference, Note } from "./difference.ts";
import { GrantsAudit } from "./grants-audit.ts";
import { HoldsAudit } from "./holds-audit.ts";
import { RefundsAudit } from "./refunds-audit.ts";

/** The books of one account as of one moment. */
export type AccountRecords = {
  /** undefined when its row is missing. */
  readonly account: Account | undefined;
  readonly grants: readonly Grant[];
  readonly holds: readonly Hold[];
  /** In order of their numbers, some at a time; each reading begins at the first. To be read before the audit is over. */
  readonly entries: AsyncIterable<readonly Entry[]>;
};

/** What the audit of one account found. */
export type AccountAudit = {
  /** How many lines its journal has. */
  readonly entries: number;
  readonly differences: readonly Difference[];
};

/** Recomputes an account from its journal alone, and tells everything in which its rows differ. */
export async function auditAccount(accountId: AccountId, books: AccountRecords): Promise<AccountAudit> {
  const differences: Difference[] = [];
  const note: Note = (kind, referenceId, { expected, found }) => {
    differences.push({ accountId, kind, referenceId, expected, found });
  };
  const journal = new JournalAudit(note);
  const grants = new GrantsAudit(note);
  const holds = new HoldsAudit(note);
  const refunds = new RefundsAudit(note);
  for await (const chunk of books.entries) {
    for (const line of chunk) for (const audit of [journal, grants, holds, refunds]) audit.add(line);
  }
  if (refunds.wantsCharges) for await (const chunk of books.entries) for (const line of chunk) refunds.compare(line);
  refunds.finish();
  grants.finish(books.grants);
  holds.finish(books.holds);
  journal.finish(books.account);
  if (books.account) checkDue(books.account, books, note);
  return { entries: journal.count, differences };
}

/** The numbers of the lines, and what each leaves behind. */
class JournalAudit {
  readonly #note: Note;
  #balance = 0;
  #held = 0;
  #sequence = 0;
  count = 0;

  constructor(note: Note) {
    this.#note = note;
  }

  add(line: Entry): void {
    this.count += 1;
    if (line.sequence !== this.#sequence + 1)
      this.#note("LINE_MISSING", line.id, { expected: this.#sequence + 1, found: line.sequence });
    const { debit, credit } = postingAccounts(line.kind, line.accountId);
    const isWhole = line.kind === "extend" ? line.amount === 0 : line.amount > 0;
    if (line.debit !== debit || line.credit !== credit || !isWhole) {
      const found = `${line.debit} to ${line.credit}: ${line.amount}`;
      this.#note("LINE_MISBOOKED", line.id, { expected: `${debit} to ${credit}`, found });
    }
    this.#balance += spendableGain(line);
    this.#held += heldGain(line);
    if (this.#balance < 0 || this.#held < 0) {
      this.#note("BELOW_ZERO", line.id, { expected: 0, found: Math.min(this.#balance, this.#held) });
    }
    if (line.balanceAfter !== this.#balance || line.heldAfter !== this.#held) {
      const found = `${line.balanceAfter} and ${line.heldAfter} held`;
      this.#note("LINE_DOES_NOT_FOLLOW", line.id, {
        expected: `${this.#balance} and ${this.#held} held`,
        found: found,
      });
    }
    this.#sequence = line.sequence;
  }

  finish(account: Account | undefined): void {
    if (!account) {
      this.#note("ACCOUNT_MISSING", null, { expected: "a row", found: null });
      return;
    }
    if (account.balance !== this.#balance)
      this.#note("BALANCE_DIFFERS", null, { expected: this.#balance, found: account.balance });
    if (account.held !== this.#held) this.#note("HELD_DIFFERS", null, { expected: this.#held, found: account.held });
    if (account.sequence !== this.#sequence)
      this.#note("SEQUENCE_DIFFERS", null, { expected: this.#sequence, found: account.sequence });
  }
}

/** A sweeper finds an account by its moment alone: nothing may expire before it. */
function checkDue({ nextExpiryMs }: Account, books: Pick<AccountRecords, "grants" | "holds">, note: Note): void {
  const first = firstExpiryMs(books, null);
  if (first !== null && (nextExpiryMs === null || nextExpiryMs > first))
    note("DUE_TOO_LATE", null, { expected: first, found: nextExpiryMs });
}
