import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AccountId,
  accountId,
  credits,
  type GrantId,
  grantId,
  type HoldId,
  holdId,
  idempotencyKey,
  type Owner,
  ownerOf,
  type TransactionId,
  transactionId,
  userId,
} from "@jifen/core";
import {
  type Account,
  type CaptureHold,
  type Command,
  type CommandOutcome,
  type CommandResult,
  type Consume,
  DatabaseUnavailable,
  type Decision,
  decideBatch,
  decideOne,
  type ExtendHold,
  type GrantCredits,
  type Hold,
  type LedgerStore,
  OutcomeUnknown,
  type PlaceHold,
  type Refund,
  type ReleaseHold,
  type Revoke,
  readSetOf,
  type Snapshot,
  type WriteSet,
} from "@jifen/ledger";
import { timeLimit } from "@jifen/testkit/time-limit";
import { type AuditEvent, auditEventRow } from "../src/index.ts";

/** An account that no other test has. */
export const newAccount = (): AccountId => accountId(`user:${randomUUID()}@example.com`);

/** The owner of the service keys of a shop. */
export const shop: Owner = ownerOf("service", userId("shop@example.com"));

/** The author of every command: a key of the shop, in one request. */
export const byShop = { actor: "key:shop", requestId: "request-1" };

const frame = (account: AccountId, key: string = randomUUID()) => ({
  accountId: account,
  ...byShop,
  idempotencyKey: idempotencyKey.ofCaller(key),
  transactionId: transactionId(`txn-${randomUUID()}`),
});

/** Grants `amount` to the account. */
export const granting = (account: AccountId, amount: number, key?: string): GrantCredits => ({
  ...frame(account, key),
  kind: "grant",
  grantId: grantId(`grant-${randomUUID()}`),
  amount: credits(amount),
  source: "admin",
  priority: 50,
  expiresAtMs: null,
  reason: "a test",
});

/** Takes credits of a grant back. */
export const revoking = (account: AccountId, grant: GrantId, amount: number): Revoke => ({
  ...frame(account),
  kind: "revoke",
  amount: credits(amount),
  reason: "a test",
  grantId: grant,
  atMost: false,
});

/** Spends `amount` of the account. */
export const consuming = (account: AccountId, amount: number, key?: string): Consume => ({
  ...frame(account, key),
  kind: "consume",
  amount: credits(amount),
  action: "video",
  metadata: null,
});

/** Places a hold of `amount` for an hour. */
export const holding = (account: AccountId, amount: number, key?: string): PlaceHold => ({
  ...frame(account, key),
  kind: "hold",
  holdId: holdId(`hold-${randomUUID()}`),
  placedBy: shop,
  amount: credits(amount),
  action: "render",
  metadata: null,
  ttlSeconds: 3_600,
});

/** Extends a hold to `ttlSeconds` from now. */
export const extending = (account: AccountId, hold: HoldId, ttlSeconds: number): ExtendHold => ({
  ...frame(account),
  kind: "extend",
  holdId: hold,
  by: shop,
  resolvesUnowned: true,
  ttlSeconds,
});

/** Captures `amount` of a hold. */
export const capturing = (account: AccountId, hold: HoldId, amount: number): CaptureHold => ({
  ...frame(account),
  kind: "capture",
  holdId: hold,
  by: shop,
  resolvesUnowned: true,
  amount: credits(amount),
  metadata: null,
});

/** Releases a hold. */
export const releasing = (account: AccountId, hold: HoldId): ReleaseHold => ({
  ...frame(account),
  kind: "release",
  holdId: hold,
  by: shop,
  resolvesUnowned: true,
  metadata: null,
});

/** Refunds `amount` of a charge. */
export const refunding = (account: AccountId, charge: TransactionId, amount: number): Refund => ({
  ...frame(account),
  kind: "refund",
  chargeId: charge,
  amount: credits(amount),
  metadata: null,
});

/** Commits one command. */
export const perform = (store: LedgerStore, command: Command): Promise<CommandOutcome> =>
  store.commit(readSetOf([command], "later"), (snapshot) => decideOne(command, snapshot));

/** Records an audit event with a command, as the server does for what staff does. */
export const recordEvent = (store: LedgerStore, event: AuditEvent): Promise<CommandOutcome> =>
  perform(store, { ...granting(newAccount(), 1), extra: () => ({ rows: [auditEventRow(event)] }) });

/** Commits several commands in one transaction. */
export const performTogether = (store: LedgerStore, commands: readonly Command[]): Promise<readonly CommandOutcome[]> =>
  store.commit(readSetOf(commands, "later"), (snapshot) => decideBatch(commands, snapshot));

/** The result of an accepted command. @throws when it was refused */
export function done(answer: CommandOutcome | undefined): CommandResult {
  if (!answer?.ok) throw new Error(`refused: ${JSON.stringify(answer?.refusal)}`);
  return answer.value;
}

/** Places a hold and returns it. */
export async function placed(store: LedgerStore, command: PlaceHold): Promise<Hold> {
  const { hold } = done(await perform(store, command));
  if (!hold) throw new Error("the result of a hold command has no hold");
  return hold;
}

/** How long to retry: longer than any outage in these tests, shorter than the timeout of a test. */
const RETRY_TIMEOUT_MS = timeLimit(20);

/**
 * Retries with the same keys until the outcome is known, as a client does.
 * @throws the last infrastructure error after the timeout
 */
export async function untilKnown<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (const end = performance.now() + RETRY_TIMEOUT_MS; ; ) {
    try {
      return await attempt();
    } catch (error) {
      const isUnknown = error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown;
      if (!isUnknown || performance.now() > end) throw error;
      // A closed database fails immediately, and the loop would block the event loop.
      await sleep(10);
    }
  }
}

/** The parts of a read set beside the account. */
export type Named = {
  readonly keys?: readonly string[];
  readonly holds?: readonly HoldId[];
  readonly charges?: readonly TransactionId[];
};

/** Reads a snapshot of the account and writes nothing. */
export const look = (store: LedgerStore, account: AccountId, named: Named = {}): Promise<Snapshot> =>
  store.commit(
    {
      accountIds: [account],
      keys: (named.keys ?? []).map((key) => ({
        accountId: account,
        idempotencyKey: idempotencyKey.ofCaller(key),
      })),
      holds: (named.holds ?? []).map((hold) => ({ accountId: account, holdId: hold })),
      charges: (named.charges ?? []).map((charge) => ({ accountId: account, chargeId: charge })),
    },
    (snapshot) => decided(nothing, snapshot),
  );

/** Writes rows without the rules of the ledger. */
export const write = (
  store: LedgerStore,
  accountIds: readonly AccountId[],
  writeSet: Partial<WriteSet>,
): Promise<void> =>
  store.commit({ accountIds, keys: [], holds: [], charges: [] }, () => decided({ ...nothing, ...writeSet }, undefined));

/** A decision without the rules of the ledger. */
export const decided = <Result>(writeSet: WriteSet, result: Result): Decision<Result> => ({
  writeSet,
  result,
});

/** An empty write set. */
export const nothing: WriteSet = {
  accountsOpened: [],
  accountsChanged: [],
  grantsAdded: [],
  grantsChanged: [],
  holdsAdded: [],
  holdsChanged: [],
  entries: [],
  extraRows: [],
  extraChanges: [],
};

/** The write set of a first grant of `amount`. */
export const firstGrantOf = (account: AccountId, amount: number): WriteSet =>
  decideOne(granting(account, amount, "first"), { nowMs: Date.now(), accounts: new Map(), executed: [], charges: [] })
    .writeSet;

/** The account in the store; undefined when it was never opened. */
export const accountOn = async (store: LedgerStore, account: AccountId): Promise<Account | undefined> =>
  (await store.readAccounts([account])).accounts.get(account)?.account;

/** The balance in the store; undefined when the account was never opened. */
export async function balanceOn(
  store: LedgerStore,
  account: AccountId,
): Promise<Pick<Account, "balance" | "held"> | undefined> {
  const found = await accountOn(store, account);
  return found && { balance: found.balance, held: found.held };
}
