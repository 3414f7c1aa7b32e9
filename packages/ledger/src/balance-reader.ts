import { type Credits, credits } from "./credits.ts";
import type { AccountId } from "./ids.ts";
import type { LedgerStore } from "./store.ts";

/** What an account has: to spend, and set aside. */
export type Balance = { readonly balance: Credits; readonly held: Credits };

/**
 * Reads balances, those that are asked for while one read is under way together in the next. A read never joins one
 * that had already been sent: it would miss what was acknowledged in between.
 */
export function createBalanceReader(store: LedgerStore): (accountId: AccountId) => Promise<Balance> {
  const nothing: Balance = { balance: credits(0), held: credits(0) };
  let next: Map<AccountId, PromiseWithResolvers<Balance>> = new Map();
  let isRunning = false;

  const readAll = async (asked: typeof next) => {
    try {
      const found = await store.readBalances([...asked.keys()]);
      for (const [id, { resolve }] of asked) resolve(found.get(id) ?? nothing);
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
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
