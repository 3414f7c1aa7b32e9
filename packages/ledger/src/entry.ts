import type {
  AccountId,
  Credits,
  EntryKind,
  GrantId,
  HeldAccountId,
  HoldId,
  IdempotencyKey,
  SystemAccount,
  TransactionId,
} from "@jifen/core";
import type { Allocation } from "./grant.ts";

/** One line of the journal, by double entry. Written once, never changed, never deleted. */
export type Entry = {
  readonly id: TransactionId;
  readonly accountId: AccountId;
  /** 1…n without a gap within the account. */
  readonly sequence: number;
  readonly idempotencyKey: IdempotencyKey;
  readonly kind: EntryKind;
  /** At least 1; an `extend` moves nothing and has 0. */
  readonly amount: Credits;
  /** What was bought, or why it was given. */
  readonly action: string;
  /** JSON text with sorted keys, so that equal objects are equal texts; null when there is none. */
  readonly metadata: string | null;
  /** JSON text: what else was asked for, so that a retry can be told from another request. */
  readonly requestParams: string | null;
  /** The hold, the charge or the grant that the line is about. */
  readonly referenceId: HoldId | TransactionId | GrantId | null;
  /** Where the credits left. */
  readonly debit: AccountId | HeldAccountId | SystemAccount;
  /** Where they arrived. */
  readonly credit: AccountId | HeldAccountId | SystemAccount;
  readonly balanceAfter: Credits;
  readonly heldAfter: Credits;
  /** How much each grant gave, or got back. */
  readonly allocations: readonly Allocation[];
  /** How much of what came back belongs to grants that had expired: the next lines book it as expired. */
  readonly expiredOnReturn: Credits;
  /** When what was made ends: a grant, a hold. */
  readonly expiresAtMs: number | null;
  readonly createdAtMs: number;
};

/**
 * What a caller asked for: with the same key, the same must come back. What is left out was not asked for,
 * or is the ledger's to decide.
 */
export type RequestFields = { readonly kind: EntryKind } & Partial<
  Pick<Entry, "amount" | "action" | "metadata" | "requestParams" | "referenceId">
>;

/** Whether a retry asks for what was done under its key. */
export const isSameRequest = (done: Entry, asked: RequestFields): boolean =>
  (Object.keys(asked) as (keyof RequestFields)[]).every((field) => done[field] === asked[field]);

/** What can be spent once everything that came along with the line is booked. */
export const balanceAfterExpirations = ({ balanceAfter, expiredOnReturn }: Entry): Credits =>
  (balanceAfter - expiredOnReturn) as Credits;
