import type { Account } from "../account.ts";
import type { Grant } from "../grant.ts";
import type { AccountId, IdempotencyKey, TransactionId } from "../ids.ts";
import type { Transaction } from "../transaction.ts";

/** What every command carries: whose account, under which key, and the id it will have when it happens. */
export type CommandFrame = {
  readonly accountId: AccountId;
  readonly idempotencyKey: IdempotencyKey;
  readonly transactionId: TransactionId;
};

/** What one accepted command changes. The write can no longer fail by a rule. */
export type Step = {
  readonly account: Account;
  readonly grantsAdded: readonly Grant[];
  readonly grantsChanged: readonly Grant[];
  readonly transaction: Transaction;
};
