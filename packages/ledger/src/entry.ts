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

/** Who causes an entry, and by which request. No part of the request: a replay has the author of the first execution. */
export type Author = {
  /** `user:<id>` in person, `key:<id>` for a service key, `operator` on the command line, `link`, or `system`. */
  readonly actor: string;
  readonly requestId: string | null;
};

/** The author of entries that follow from the clock. */
export const bySystem: Author = { actor: "system", requestId: null };

/** A ledger entry by double entry. Written once, never updated, never deleted (M13). */
export type Entry = {
  readonly id: TransactionId;
  readonly accountId: AccountId;
  /** 1…n without a gap within the account (M8). */
  readonly sequence: number;
  readonly idempotencyKey: IdempotencyKey;
  readonly kind: EntryKind;
  /** At least 1; 0 for `extend`, which moves no credits. */
  readonly amount: Credits;
  /** What the credits were spent on, or the reason of a grant. */
  readonly action: string;
  /** JSON text with sorted keys, so that equal objects have equal texts; null without metadata. */
  readonly metadata: string | null;
  /** JSON text: further fields of the request, to recognise a retry. */
  readonly requestParams: string | null;
  /** The hold, the charge or the grant that the entry refers to. */
  readonly referenceId: HoldId | TransactionId | GrantId | null;
  /** The debited account. */
  readonly debit: AccountId | HeldAccountId | SystemAccount;
  /** The credited account. */
  readonly credit: AccountId | HeldAccountId | SystemAccount;
  readonly balanceAfter: Credits;
  readonly heldAfter: Credits;
  /** How much the entry takes from each grant, or returns to it. */
  readonly allocations: readonly Allocation[];
  /** How much of the returned credits belongs to expired grants: the following entries expire it. */
  readonly expiredOnReturn: Credits;
  /** The expiry of the grant or the hold that the entry creates or extends. */
  readonly expiresAtMs: number | null;
  readonly createdAtMs: number;
  /** Who caused the entry, see `Author`; null for entries of versions that did not store it. */
  readonly actor: string | null;
  /** The request that caused it; null for entries of the system and of the command line. */
  readonly requestId: string | null;
};

/**
 * The fields by which a retry is recognised: a request with the same key must have the same fields. A field that is
 * left out is not part of the request.
 */
export type RequestFields = { readonly kind: EntryKind } & Partial<
  Pick<Entry, "amount" | "action" | "metadata" | "requestParams" | "referenceId">
>;

/** Whether the entry was written for the same request. */
export const isSameRequest = (entry: Entry, request: RequestFields): boolean =>
  (Object.keys(request) as (keyof RequestFields)[]).every((field) => entry[field] === request[field]);

/** The spendable balance after the entry and the expirations that follow from it. */
export const balanceAfterExpirations = ({ balanceAfter, expiredOnReturn }: Entry): Credits =>
  (balanceAfter - expiredOnReturn) as Credits;
