import type { AccountId, Credits } from "@jifen/core";
import { type AccountState, emptyAccount, hasExpired, type NextExpiry, nextExpiry } from "./account.ts";
import type { ProcessExpirations } from "./process-expirations.ts";
import { type AccountsRead, DatabaseUnavailable, type LedgerStore, OutcomeUnknown } from "./store.ts";

/** The spendable and held credits of an account, and its next expiry. */
export type Balance = {
  readonly balance: Credits;
  readonly held: Credits;
  readonly expiring: NextExpiry | null;
  /** The number of the last entry that is in the balance; 0 for none. */
  readonly sequence: number;
  /** The time of the read by the database's clock: it alone decides what has expired (M11). */
  readonly readAtMs: number;
};

/** How many accounts with expirations are processed in one transaction; the others wait for the next read. */
const ACCOUNTS_PER_ROUND = 10;

/**
 * Reads balances in batches: calls that arrive during a read share the next one. A call never joins a read that was
 * already sent, because it would miss writes acknowledged in between (M7). Expirations are processed first, so that a
 * balance never contains expired credits, and counts no hold that has ended: an account with more of them than one
 * transaction processes is read again, and delays only its own callers.
 * @returns reads one balance. Rejects with DatabaseUnavailable, also when the outcome of processing expirations is
 * unknown: it makes no difference to a reader.
 */
export function createBalanceReader(
  store: LedgerStore,
  processExpirations: ProcessExpirations,
): (accountId: AccountId) => Promise<Balance> {
  let next: Map<AccountId, PromiseWithResolvers<Balance>> = new Map();
  let isRunning = false;

  const readAll = async (batch: typeof next) => {
    try {
      const read = await store.readAccounts([...batch.keys()]);
      const due = answerCurrent(batch, read);
      if (due.length === 0) return;
      const now = due.slice(0, ACCOUNTS_PER_ROUND);
      const { failures } = await processExpirations(now);
      for (const [id, error] of failures) {
        batch.get(id)?.reject(error);
        batch.delete(id);
      }
      // The next read answers them: what it finds is newer than what was processed.
      for (const [id, waiting] of batch) readAgain(id, waiting);
    } catch (error) {
      const failure =
        error instanceof OutcomeUnknown ? new DatabaseUnavailable(error.message, { cause: error }) : error;
      for (const { reject } of batch.values()) reject(failure);
    }
  };
  const readAgain = (id: AccountId, waiting: PromiseWithResolvers<Balance>) => {
    const later = next.get(id);
    if (later) waiting.resolve(later.promise);
    else next.set(id, waiting);
  };
  const drain = async () => {
    isRunning = true;
    while (next.size > 0) {
      const batch = next;
      next = new Map();
      await readAll(batch);
    }
    isRunning = false;
  };

  return (accountId) => {
    const waiting = next.get(accountId) ?? Promise.withResolvers<Balance>();
    next.set(accountId, waiting);
    if (!isRunning) void drain();
    return waiting.promise;
  };
}

/** Answers the calls for accounts without expirations, and removes them. @returns the accounts that are left */
function answerCurrent(
  batch: Map<AccountId, PromiseWithResolvers<Balance>>,
  { accounts, nowMs }: AccountsRead,
): readonly AccountId[] {
  for (const [id, { resolve }] of batch) {
    const state = accounts.get(id) ?? emptyAccount(id);
    if (hasExpired(state.account, nowMs)) continue;
    resolve(balanceOf(state, nowMs));
    batch.delete(id);
  }
  return [...batch.keys()];
}

const balanceOf = (state: Pick<AccountState, "account" | "grants">, nowMs: number): Balance => ({
  balance: state.account.balance,
  held: state.account.held,
  expiring: nextExpiry(state, nowMs),
  sequence: state.account.sequence,
  readAtMs: nowMs,
});
