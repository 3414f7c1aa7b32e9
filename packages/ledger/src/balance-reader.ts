import type { AccountId, Credits } from "@jifen/core";
import { type AccountState, emptyAccount, hasExpired, type NextExpiry, nextExpiry } from "./account.ts";
import type { ProcessExpirations } from "./process-expirations.ts";
import { DatabaseUnavailable, type LedgerStore, OutcomeUnknown } from "./store.ts";

/** What an account has: to spend, set aside, and about to expire. */
export type Balance = { readonly balance: Credits; readonly held: Credits; readonly expiring: NextExpiry | null };

/**
 * Reads balances, those that are asked for while one read is under way together in the next. A read never joins one
 * that had already been sent: it would miss what was acknowledged in between. Whatever is due is booked first, so
 * that nobody sees credits that have expired.
 * @returns reads one balance. Rejects with DatabaseUnavailable, also when it is unknown whether what is due was booked:
 * whoever only reads need not care.
 */
export function createBalanceReader(
  store: LedgerStore,
  processExpirations: ProcessExpirations,
): (accountId: AccountId) => Promise<Balance> {
  let next: Map<AccountId, PromiseWithResolvers<Balance>> = new Map();
  let isRunning = false;

  const readAll = async (asked: typeof next) => {
    try {
      const read = await store.readAccounts([...asked.keys()]);
      const due = [...read.accounts.values()].filter(({ account }) => hasExpired(account, read.nowMs));
      const settled =
        due.length === 0
          ? { ...read, failures: new Map() }
          : await processExpirations(due.map(({ account }) => account.id));
      for (const [id, { resolve, reject }] of asked) {
        if (settled.failures.has(id)) reject(settled.failures.get(id));
        const { accounts, nowMs } = settled.accounts.has(id) ? settled : read;
        resolve(balanceOf(accounts.get(id) ?? emptyAccount(id), nowMs));
      }
    } catch (error) {
      const failure =
        error instanceof OutcomeUnknown ? new DatabaseUnavailable(error.message, { cause: error }) : error;
      for (const { reject } of asked.values()) reject(failure);
    }
  };
  const drain = async () => {
    isRunning = true;
    while (next.size > 0) {
      const asked = next;
      next = new Map();
      await readAll(asked);
    }
    isRunning = false;
  };

  return (accountId) => {
    const joined = next.get(accountId) ?? Promise.withResolvers<Balance>();
    next.set(accountId, joined);
    if (!isRunning) void drain();
    return joined.promise;
  };
}

const balanceOf = (state: Pick<AccountState, "account" | "grants">, nowMs: number): Balance => ({
  balance: state.account.balance,
  held: state.account.held,
  expiring: nextExpiry(state, nowMs),
});
