import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AccountId,
  accountId,
  credits,
  grantId,
  type HoldId,
  holdId,
  idempotencyKey,
  type TransactionId,
  transactionId,
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
  readSetOf,
  type Snapshot,
  type WriteSet,
} from "@jifen/ledger";

/** An account that no other test has. */
export const newAccount = (): AccountId => accountId(`user:${randomUUID()}@example.com`);

const frame = (account: AccountId, key: string = randomUUID()) => ({
  accountId: account,
  idempotencyKey: idempotencyKey.ofCaller(key),
  transactionId: transactionId(`txn-${randomUUID()}`),
});

/** Gives `amount` to the account. */
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

/** Spends `amount` of the account. */
export const consuming = (account: AccountId, amount: number, key?: string): Consume => ({
  ...frame(account, key),
  kind: "consume",
  amount: credits(amount),
  action: "video",
  metadata: null,
});

/** Sets `amount` of the account aside for an hour. */
export const holding = (account: AccountId, amount: number, key?: string): PlaceHold => ({
  ...frame(account, key),
  kind: "hold",
  holdId: holdId(`hold-${randomUUID()}`),
  placedBy: "service",
  amount: credits(amount),
  action: "render",
  metadata: null,
  ttlSeconds: 3_600,
});

/** Keeps what a hold has set aside for `ttlSeconds`. */
export const extending = (account: AccountId, hold: HoldId, ttlSeconds: number): ExtendHold => ({
  ...frame(account),
  kind: "extend",
  holdId: hold,
  by: "service",
  ttlSeconds,
});

/** Charges `amount` of a hold. */
export const capturing = (account: AccountId, hold: HoldId, amount: number): CaptureHold => ({
  ...frame(account),
  kind: "capture",
  holdId: hold,
  by: "service",
  amount: credits(amount),
});

/** Frees a hold. */
export const releasing = (account: AccountId, hold: HoldId): ReleaseHold => ({
  ...frame(account),
  kind: "release",
  holdId: hold,
  by: "service",
  metadata: null,
});

/** Gives back `amount` of a charge. */
export const refunding = (account: AccountId, charge: TransactionId, amount: number): Refund => ({
  ...frame(account),
  kind: "refund",
  chargeId: charge,
  amount: credits(amount),
  metadata: null,
});

/** Has the store decide and write one command. */
export const perform = (store: LedgerStore, command: Command): Promise<CommandOutcome> =>
  store.commit(readSetOf([command], "later"), (snapshot) => decideOne(command, snapshot));

/** Has the store decide and write several commands in one transaction. */
export const performTogether = (store: LedgerStore, commands: readonly Command[]): Promise<readonly CommandOutcome[]> =>
  store.commit(readSetOf(commands, "later"), (snapshot) => decideBatch(commands, snapshot));

/** What was done. @throws when it was refused. */
export function done(answer: CommandOutcome | undefined): CommandResult {
  if (!answer?.ok) throw new Error(`refused: ${JSON.stringify(answer?.refusal)}`);
  return answer.value;
}

/** Sets credits aside, and tells how the hold is then. */
export async function placed(store: LedgerStore, command: PlaceHold): Promise<Hold> {
  const { hold } = done(await perform(store, command));
  if (!hold) throw new Error("a hold was placed and not told of");
  return hold;
}

/** For how long a careful client asks: longer than any database of these tests is away, shorter than a test may take. */
const ASKS_FOR_MS = 20_000;

/**
 * What a careful client does: it asks again, under the same keys, until it knows.
 * @throws what it was told last, when it still does not know
 */
export async function untilKnown<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (const end = performance.now() + ASKS_FOR_MS; ; ) {
    try {
      return await attempt();
    } catch (error) {
      const isUnknown = error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown;
      if (!isUnknown || performance.now() > end) throw error;
      // A database that was closed says so at once, and nothing else would get its turn.
      await sleep(10);
    }
  }
}

/** What a decision may name beside the account. */
export type Named = {
  readonly keys?: readonly string[];
  readonly holds?: readonly HoldId[];
  readonly charges?: readonly TransactionId[];
};

/** What the store shows to a decision about the account, and about what is named of it; nothing is written. */
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

/** Writes rows past every rule of the ledger. */
export const write = (
  store: LedgerStore,
  accountIds: readonly AccountId[],
  writeSet: Partial<WriteSet>,
): Promise<void> =>
  store.commit({ accountIds, keys: [], holds: [], charges: [] }, () => decided({ ...nothing, ...writeSet }, undefined));

/** A decision of nobody's rules, which counts only on what was read for it. */
export const decided = <Result>(writeSet: WriteSet, result: Result): Decision<Result> => ({
  writeSet,
  result,
  after: new Map(),
  isVerifiedByWrite: false,
});

/** Changes that change nothing. */
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

/** What a first grant of `amount` writes. */
export const firstGrantOf = (account: AccountId, amount: number): WriteSet =>
  decideOne(granting(account, amount, "first"), { nowMs: Date.now(), accounts: new Map(), executed: [], charges: [] })
    .writeSet;

/** An account's row, as the store says; undefined when it was never opened. */
export const accountOn = async (store: LedgerStore, account: AccountId): Promise<Account | undefined> =>
  (await store.readAccounts([account])).accounts.get(account)?.account;

/** What an account has, as the store says; undefined when it was never opened. */
export async function balanceOn(
  store: LedgerStore,
  account: AccountId,
): Promise<Pick<Account, "balance" | "held"> | undefined> {
  const found = await accountOn(store, account);
  return found && { balance: found.balance, held: found.held };
}
