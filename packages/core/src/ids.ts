import type { Branded } from "./branded.ts";

/** A user id: the normalised e-mail address of users who log in with one. */
export type UserId = Branded<string, "UserId">;
/** An account of the ledger, `user:<user id>`. */
export type AccountId = Branded<string, "AccountId">;
/** The account of the held credits of an account, `user:<user id>:held`. */
export type HeldAccountId = Branded<string, "HeldAccountId">;
/** `txn-` and a time-ordered UUID (RFC 9562, version 7). Entries that the ledger adds to a command end with `-<sequence>`. */
export type TransactionId = Branded<string, "TransactionId">;
/** `grant-` and a time-ordered UUID. */
export type GrantId = Branded<string, "GrantId">;
/** `hold-` and a time-ordered UUID. */
export type HoldId = Branded<string, "HoldId">;
/** Makes a command take effect at most once: unique within its account, for ever. */
export type IdempotencyKey = Branded<string, "IdempotencyKey">;

/** The accounts of the system in the double entry. They have no row: their balances are sums over all entries. */
export const systemAccounts = {
  /** Debited by grants, credited by revokes. */
  issued: "system:issued",
  /** Credited by charges, debited by refunds. */
  earned: "system:earned",
  /** Credited when a grant expires with unspent credits. */
  expired: "system:expired",
} as const;

/** An account of the system. */
export type SystemAccount = (typeof systemAccounts)[keyof typeof systemAccounts];

const USER_ACCOUNT = "user:";

const nonEmpty = <Id extends string>(what: string, text: string): Id => {
  if (text.length === 0) throw new RangeError(`${what} must not be empty`);
  return text as Id;
};

/** @throws RangeError when `text` is empty. */
export const userId = (text: string): UserId => nonEmpty("a user id", text);
/** The account that a user spends from. */
export const accountOf = (user: UserId): AccountId => `${USER_ACCOUNT}${user}` as AccountId;
/** The user who spends from an account; undefined for an account of the system. */
export const userOf = (account: AccountId): UserId | undefined =>
  account.startsWith(USER_ACCOUNT) ? userId(account.slice(USER_ACCOUNT.length)) : undefined;
/** @throws RangeError when `text` is empty. */
export const accountId = (text: string): AccountId => nonEmpty("an account id", text);
/** The account of the held credits. */
export const heldAccountOf = (account: AccountId): HeldAccountId => `${account}:held` as HeldAccountId;
/** @throws RangeError when `text` is empty. */
export const transactionId = (text: string): TransactionId => nonEmpty("a transaction id", text);
/** @throws RangeError when `text` is empty. */
export const grantId = (text: string): GrantId => nonEmpty("a grant id", text);
/** @throws RangeError when `text` is empty. */
export const holdId = (text: string): HoldId => nonEmpty("a hold id", text);

const TRANSACTION_PREFIX = "transaction:";
const SENT_KEY = /^(?:caller|(?:service|operator)-of:[^:]*|service|operator):(?<text>.+)$/s;

/**
 * Key namespaces: keys of users, of each service, of each member of staff and of the system, and keys that the ledger
 * derives for a command without one. A caller can neither use nor guess a key of another namespace. `owner` is a digest of
 * the owner of the credential: of a fixed length and without a colon, so that no two owners share a key.
 */
export const idempotencyKey = {
  /** The key of a request by a user. */
  ofCaller: (text: string): IdempotencyKey =>
    `caller:${nonEmpty<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key of a request by a service on an account. */
  ofService: (owner: string, text: string): IdempotencyKey =>
    `service-of:${owner}:${nonEmpty<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key of a request by staff on the account of a user. */
  ofOperator: (owner: string, text: string): IdempotencyKey =>
    `operator-of:${owner}:${nonEmpty<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key that all services shared in earlier versions. It is only looked up. */
  ofAnyService: (text: string): IdempotencyKey =>
    `service:${nonEmpty<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key that all operators shared in earlier versions. It is only looked up. */
  ofAnyOperator: (text: string): IdempotencyKey =>
    `operator:${nonEmpty<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key of an entry that the system writes by itself, such as the initial grant. */
  ofSystem: (text: string): IdempotencyKey =>
    `system:${nonEmpty<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key of a command without a key: derived from its transaction id. */
  ofTransaction: (id: TransactionId): IdempotencyKey => `${TRANSACTION_PREFIX}${id}` as IdempotencyKey,
  /** The transaction id that the key was derived from; undefined for keys of other namespaces. */
  idIn: (key: IdempotencyKey): TransactionId | undefined =>
    key.startsWith(TRANSACTION_PREFIX) ? (key.slice(TRANSACTION_PREFIX.length) as TransactionId) : undefined,
  /** The text that the caller sent as the key; undefined for a key of the system or the ledger. */
  sentText: (key: IdempotencyKey): string | undefined => SENT_KEY.exec(key)?.groups?.["text"],
  /** A key as a store returns it. */
  stored: (text: string): IdempotencyKey => nonEmpty("an idempotency key", text),
};
