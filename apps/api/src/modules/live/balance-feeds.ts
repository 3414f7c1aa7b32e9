import { type AccountId, accountOf } from "@jifen/core";
import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import { createFeeds, type Feed, type Feeds } from "./feeds.ts";

/** What reading balances needs. */
export type BalanceFeedDeps = {
  readonly database: Pick<Database, "history">;
  readonly ledger: Pick<Ledger, "balance">;
  readonly nowMs: () => number;
};

/** `sequence`: of the last entry whose balance was read. */
type BalanceState = { sequence: number | undefined };

/**
 * Feeds of balances. A look reads the number of the last entry of each account, and the balance of those whose number has
 * changed. The first look after a subscriber came reads it in any case, so each stream begins with the balance.
 */
export function createBalanceFeeds(deps: BalanceFeedDeps): Feeds {
  const { database } = deps;
  return createFeeds<BalanceState>({
    open: async () => ({ sequence: undefined }),
    look: async (feeds) => {
      const sequences = await database.history.sequences(feeds.map(({ userId }) => accountOf(userId)));
      const looks = await Promise.allSettled(feeds.map((feed) => lookAt(deps, feed, sequences)));
      // An account that cannot be read alone is looked at again with all the others.
      const failure = looks.every(({ status }) => status === "rejected") && looks[0];
      if (failure && failure.status === "rejected") throw failure.reason;
    },
  });
}

async function lookAt(
  { ledger, nowMs }: BalanceFeedDeps,
  { userId, subscribers, state }: Feed<BalanceState>,
  sequences: ReadonlyMap<AccountId, number>,
): Promise<void> {
  const sequence = sequences.get(accountOf(userId)) ?? 0;
  if (sequence === state.sequence && [...subscribers].every((subscriber) => subscriber.hasBalance)) return;
  const atMs = nowMs();
  const { balance, held } = await ledger.balance(accountOf(userId));
  for (const subscriber of subscribers) subscriber.deliver({ kind: "balance", atMs, data: { balance, held } });
  state.sequence = sequence;
}
