import type { Branded } from "./branded.ts";

/** A user: the normalised e-mail address for people who log in with one. */
export type UserId = Branded<string, "UserId">;
/** An account of the ledger, `user:<user id>`. */
export type AccountId = Branded<string, "AccountId">;
/** What is set aside of an account, `user:<user id>:held`. */
export type HeldAccountId = Branded<string, "HeldAccountId">;
/** `txn-` and a time-ordered UUID (RFC 9562, version 7); lines that come along with another have `-<sequence>` after it. */
export type TransactionId = Branded<string, "TransactionId">;
/** `grant-` and a time-ordered UUID. */
export type GrantId = Branded<string, "GrantId">;
/** `hold-` and a time-ordered UUID. */
export type HoldId = Branded<string, "HoldId">;
/** What makes a command happen once: unique within its account, for ever. */
export type IdempotencyKey = Branded<string, "IdempotencyKey">;

/** The accounts that stand for the world outside. They have no balance row: their balances are sums. */
export const systemAccounts = {
  /** Where granted credits come from, and revoked ones go back to. */
  issued: "system:issued",
  /** Where spent credits go. */
  earned: "system:earned",
  /** Where credits end that nobody spent in time. */
  expired: "system:expired",
} as const;

/** The far end of a transaction. */
export type SystemAccount = (typeof systemAccounts)[keyof typeof systemAccounts];

const named = <Id extends string>(what: string, text: string): Id => {
  if (text.length === 0) throw new RangeError(`${what} must not be empty`);
  return text as Id;
};

/** @throws RangeError when `text` is empty. */
export const userId = (text: string): UserId => named("a user id", text);
/** The account that a user spends from. */
export const accountOf = (user: UserId): AccountId => `user:${user}` as AccountId;
/** @throws RangeError when `text` is empty. */
export const accountId = (text: string): AccountId => named("an account id", text);
/** The account of what is set aside. */
export const heldAccountOf = (account: AccountId): HeldAccountId => `${account}:held` as HeldAccountId;
/** @throws RangeError when `text` is empty. */
export const transactionId = (text: string): TransactionId => named("a transaction id", text);
/** @throws RangeError when `text` is empty. */
export const grantId = (text: string): GrantId => named("a grant id", text);
/** @throws RangeError when `text` is empty. */
export const holdId = (text: string): HoldId => named("a hold id", text);

const OWN = "transaction:";

/**
 * Keys of users, of services, of operators, of the system, and keys made for a command that came without one live in rooms of
 * their own, so that nobody can take another's key by guessing its name.
 */
export const idempotencyKey = {
  /** The key a caller sent. */
  ofCaller: (text: string): IdempotencyKey => `caller:${named<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key that a service sent for its user: neither sees nor uses up what the other has sent. */
  ofService: (text: string): IdempotencyKey => `service:${named<string>("an idempotency key", text)}` as IdempotencyKey,
  /** The key that an operator sent for somebody else's account: the user cannot have used it up before. */
  ofOperator: (text: string): IdempotencyKey =>
    `operator:${named<string>("an idempotency key", text)}` as IdempotencyKey,
  /** A thing the system does once for each account, such as the initial grant. */
  ofSystem: (text: string): IdempotencyKey => `system:${named<string>("an idempotency key", text)}` as IdempotencyKey,
  /** No key was sent: the command is its own. */
  ofTransaction: (id: TransactionId): IdempotencyKey => `${OWN}${id}` as IdempotencyKey,
  /** The id that the key was made from, if it was: such a key belongs to that one transaction. */
  idIn: (key: IdempotencyKey): TransactionId | undefined =>
    key.startsWith(OWN) ? (key.slice(OWN.length) as TransactionId) : undefined,
  /** Reads back what a store holds. */
  stored: (text: string): IdempotencyKey => named("an idempotency key", text),
};
