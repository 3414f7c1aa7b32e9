import { randomUUID } from "node:crypto";
import { type AccountId, credits, grantId, holdId, idempotencyKey, systemAccounts, transactionId } from "@jifen/core";
import type { Account, Allocation, Entry, Grant, Hold } from "@jifen/ledger";
import { shop } from "./commands.ts";

const nothing = credits(0);

/** An empty account, with the fields of `is`. */
export const accountRow = (id: AccountId, is: Partial<Account> = {}): Account => ({
  id,
  balance: nothing,
  held: nothing,
  sequence: 0,
  nextExpiryMs: null,
  ...is,
});

/** An unused grant of 100, with the fields of `is`. */
export const grantRow = (account: AccountId, is: Partial<Grant> = {}): Grant => ({
  id: grantId(`grant-${randomUUID()}`),
  accountId: account,
  source: "admin",
  amount: credits(100),
  remaining: credits(100),
  priority: 50,
  expiresAtMs: null,
  createdAtMs: 1_700_000_000_000,
  ...is,
});

/** A pending hold of 10, with the fields of `is`. */
export const holdRow = (account: AccountId, is: Partial<Hold> = {}): Hold => ({
  id: holdId(`hold-${randomUUID()}`),
  accountId: account,
  placedBy: shop,
  action: "render",
  metadata: null,
  amount: credits(10),
  allocations: [],
  state: "pending",
  captured: nothing,
  released: nothing,
  expired: nothing,
  expiresAtMs: 1_700_000_060_000,
  createdAtMs: 1_700_000_000_000,
  resolvedAtMs: null,
  ...is,
});

/** The fields of a hold of 10 that was released. */
export const released = { state: "released", released: credits(10), resolvedAtMs: 1_700_000_001_000 } as const;

/** An entry of 5 with sequence 1 and a new key, with the fields of `is`. */
export const entryRow = (account: AccountId, is: Partial<Entry> = {}): Entry => ({
  id: transactionId(`txn-${randomUUID()}`),
  accountId: account,
  sequence: 1,
  idempotencyKey: idempotencyKey.ofCaller(randomUUID()),
  kind: "consume",
  amount: credits(5),
  action: "video",
  metadata: null,
  requestParams: null,
  referenceId: null,
  debit: account,
  credit: systemAccounts.earned,
  balanceAfter: credits(1_000),
  heldAfter: nothing,
  allocations: [],
  expiredOnReturn: nothing,
  expiresAtMs: null,
  createdAtMs: 1_700_000_000_000,
  actor: "key:shop",
  requestId: "request-1",
  ...is,
});

/** Allocations of one credit from each of these grants. */
export const takenFrom = (...grants: readonly Grant[]): readonly Allocation[] =>
  grants.map(({ id }) => ({ grantId: id, amount: credits(1) }));
