import type { Credits } from "./credits.ts";
import type { GrantShare } from "./grant.ts";
import type { AccountId, IdempotencyKey, SystemAccount, TransactionId } from "./ids.ts";

/** What happened. */
export const transactionKinds = ["grant", "consume"] as const;

/** What a transaction did. */
export type TransactionKind = (typeof transactionKinds)[number];

/** What the caller asked for: with the same key, the same request must come back. */
export type Request = {
  readonly kind: TransactionKind;
  readonly amount: Credits;
  /** What was bought, or why it was given. */
  readonly action: string;
  /** JSON text with sorted keys, so that equal objects are equal texts; null when there is none. */
  readonly metadata: string | null;
};

/** One line of the journal, by double entry. Written once, never changed, never deleted. */
export type Transaction = Request & {
  readonly id: TransactionId;
  readonly accountId: AccountId;
  /** 1…n without a gap within the account. */
  readonly sequence: number;
  readonly idempotencyKey: IdempotencyKey;
  /** Where the credits left. */
  readonly debit: AccountId | SystemAccount;
  /** Where they arrived. */
  readonly credit: AccountId | SystemAccount;
  readonly balanceAfter: Credits;
  readonly heldAfter: Credits;
  readonly shares: readonly GrantShare[];
  readonly createdAtMs: number;
};

/** Whether a retry asks for what was done under its key. */
export const isSameRequest = (done: Request, asked: Request): boolean =>
  done.kind === asked.kind &&
  done.amount === asked.amount &&
  done.action === asked.action &&
  done.metadata === asked.metadata;
