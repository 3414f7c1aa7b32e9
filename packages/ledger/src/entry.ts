import type {
  AccountId,
  Credits,
  GrantId,
  HeldAccountId,
  HoldId,
  IdempotencyKey,
  SystemAccount,
  TransactionId,
  TransactionKind,
} from "@jifen/core";
import type { GrantShare } from "./grant.ts";

/** One line of the journal, by double entry. Written once, never changed, never deleted. */
export type Transaction = {
  readonly id: TransactionId;
  readonly accountId: AccountId;
  /** 1…n without a gap within the account. */
  readonly sequence: number;
  readonly idempotencyKey: IdempotencyKey;
  readonly kind: TransactionKind;
  /** At least 1; an `extend` moves nothing and has 0. */
  readonly amount: Credits;
  /** What was bought, or why it was given. */
  readonly action: string;
  /** JSON text with sorted keys, so that equal objects are equal texts; null when there is none. */
  readonly metadata: string | null;
  /** JSON text: what else was asked for, so that a retry can be told from another request. */
  readonly terms: string | null;
  /** The hold, the charge or the grant that the line is about. */
  readonly subjectId: HoldId | TransactionId | GrantId | null;
  /** Where the credits left. */
  readonly debit: AccountId | HeldAccountId | SystemAccount;
  /** Where they arrived. */
  readonly credit: AccountId | HeldAccountId | SystemAccount;
  readonly balanceAfter: Credits;
  readonly heldAfter: Credits;
  /** How much each grant gave, or got back. */
  readonly shares: readonly GrantShare[];
  /** How much of what came back belongs to grants that had expired: the next lines book it as expired. */
  readonly lapsed: Credits;
  /** When what was made ends: a grant, a hold. */
  readonly expiresAtMs: number | null;
  readonly createdAtMs: number;
};

/**
 * What a caller asked for: with the same key, the same must come back. What is left out was not asked for,
 * or is the ledger's to decide.
 */
export type Request = { readonly kind: TransactionKind } & Partial<
  Pick<Transaction, "amount" | "action" | "metadata" | "terms" | "subjectId">
>;

/** Whether a retry asks for what was done under its key. */
export const isSameRequest = (done: Transaction, asked: Request): boolean =>
  (Object.keys(asked) as (keyof Request)[]).every((field) => done[field] === asked[field]);

/** What can be spent once everything that came along with the line is booked. */
export const balanceAfterAll = ({ balanceAfter, lapsed }: Transaction): Credits => (balanceAfter - lapsed) as Credits;
