import { type AccountId, type UserId, userOf } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import type { Records, RecordTransaction } from "../records/records.ts";
import { type OutgoingEvent, writeOutgoingEvent } from "./outgoing-events.ts";

/** Below which balance the event of a low balance is written. */
export type BalanceAlert = {
  /** Whole credits; 0: never; null: as the installation says. */
  readonly threshold: number | null;
  /** Since when the balance is low, in epoch milliseconds; null when it is not. */
  readonly lowSinceMs: number | null;
};

/** What is done about balances that become low. */
export type LowBalancePolicy = {
  /** For users without a threshold of their own; undefined: none. */
  readonly threshold: number | undefined;
  /** The event of a balance that has become low. */
  readonly toEvent: (low: LowBalance) => OutgoingEvent;
};

/** A balance that has become low. */
export type LowBalance = {
  readonly userId: UserId;
  readonly balance: number;
  readonly threshold: number;
  readonly atMs: number;
};

/** Thresholds of users. */
export type BalanceAlertStore = {
  find(user: UserId): Promise<BalanceAlert>;
  /** Sets the threshold of a user. A balance that is low is reported again when credits are spent next. */
  set(user: UserId, threshold: number | null): Promise<void>;
};

/** Thresholds on any database. */
export const createBalanceAlertStore = (records: Records): BalanceAlertStore => ({
  find: async (user) => {
    const stored = await records.get("balance_alerts", { userId: user });
    return { threshold: stored?.threshold ?? null, lowSinceMs: stored?.lowSinceMs ?? null };
  },

  set: (user, threshold) => records.put("balance_alerts", { userId: user, threshold, lowSinceMs: null }),
});

/** What adds to an available balance. A balance that grows is not reported. */
const additions: ReadonlySet<Entry["kind"]> = new Set(["grant", "refund", "release"]);

/** A balance is low until it is a fifth above the threshold, so that it is not reported again and again. */
const isRecovered = (balance: number, threshold: number): boolean => balance * 5 >= threshold * 6;

/**
 * Writes an event when the balance after an entry is below the threshold and was not before. `last` is the newest entry of the
 * account that the transaction reads.
 */
export async function noteBalance(
  tx: RecordTransaction,
  { account, last, policy }: { readonly account: AccountId; readonly last: Entry; readonly policy: LowBalancePolicy },
): Promise<void> {
  const user = userOf(account);
  if (user === undefined) return;
  const stored = await tx.get("balance_alerts", { userId: user });
  const threshold = stored?.threshold ?? policy.threshold ?? 0;
  const { balanceAfter: balance, createdAtMs: atMs } = last;
  if (stored && stored.lowSinceMs !== null) {
    if (!isRecovered(balance, threshold)) return;
    await tx.update("balance_alerts", { userId: user }, { set: { lowSinceMs: null } });
    return;
  }
  if (balance >= threshold || additions.has(last.kind)) return;
  if (stored) await tx.update("balance_alerts", { userId: user }, { set: { lowSinceMs: atMs } });
  else await tx.insert("balance_alerts", { userId: user, threshold: null, lowSinceMs: atMs });
  await writeOutgoingEvent(tx, policy.toEvent({ userId: user, balance, threshold, atMs }));
}
