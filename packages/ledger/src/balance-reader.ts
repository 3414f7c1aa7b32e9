import type { AccountId, Credits } from "@jifen/core";
import { type AccountState, emptyAccount, hasExpired, type NextExpiry, nextExpiry } from "./account.ts";
import type { ProcessExpirations } from "./process-expirations.ts";
import { DatabaseUnavailable, type LedgerStore, OutcomeUnknown } from "./store.ts";

/** The spendable and held credits of an account, and its next expiry. */
export type Balance = { readonly balance: Credits; readonly held: Credits; readonly expiring: NextExpiry | null };

/**
 * Reads balances in batches: calls that arrive during a read share the next one. A call never joins a read that was
 * already sent, because it would miss writes acknowledged in between (M7). Expirations are processed first, so that a
 * balance never contains expired credits.
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
      const expired = [...read.accounts.values()].filter(({ account }) => hasExpired(account, read.nowMs));
      const processed =
        expired.length === 0
          ? { ...read, failures: new Map() }
          : await processExpirations(expired.map(({ account }) => account.id));
      for (const [id, { resolve, reject }] of batch) {
        if (processed.failures.has(id)) reject(processed.failures.get(id));
        const { accounts, nowMs } = processed.accounts.has(id) ? processed : read;
        resolve(balanceOf(accounts.get(id) ?? emptyAccount(id), nowMs));
      }
    } catch (error) {
      const failure =
        error instanceof OutcomeUnknown ? new DatabaseUnavailable(error.message, { cause: error }) : error;
      for (const { reject } of batch.values()) reject(failure);
    }
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

const balanceOf = (state: Pick<AccountState, "account" | "grants">, nowMs: number): Balance => ({
  balance: state.account.balance,
  held: state.account.held,
  expiring: nextExpiry(state, nowMs),
});
