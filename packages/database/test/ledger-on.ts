import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { type AccountId, credits, grantId, idempotencyKey, transactionId } from "@jifen/core";
import { createLedger, type Ledger } from "@jifen/ledger";
import type { Database } from "../src/index.ts";
import { byShop } from "./commands.ts";

/** The ledger as the server builds it. */
export const ledgerOn = (database: Database): Ledger =>
  createLedger({
    store: database.ledger,
    shards: database.ledgerShards,
    newTransactionId: () => transactionId(`txn-${randomUUID()}`),
    wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
  });

/** Grants credits to an account. */
export const fund = (ledger: Ledger, account: AccountId, amount: number) => fundUntil(ledger, { account, amount });

/** Grants credits that may expire, epoch milliseconds. */
export const fundUntil = (
  ledger: Ledger,
  { account, amount, expiresAtMs = null }: { account: AccountId; amount: number; expiresAtMs?: number | null },
) =>
  ledger.grant({
    accountId: account,
    ...byShop,
    grantId: grantId(`grant-${randomUUID()}`),
    amount: credits(amount),
    source: "admin",
    priority: 50,
    expiresAtMs,
    reason: "test",
  });

/** The parameters of a request. */
export type Sent = { readonly account: AccountId; readonly key: string; readonly amount: number };

/** Spends credits through the ledger. */
export const spend = (ledger: Ledger, { account, key, amount }: Sent, action = "test") =>
  ledger.consume({
    accountId: account,
    ...byShop,
    amount: credits(amount),
    action,
    metadata: null,
    idempotencyKey: idempotencyKey.ofCaller(key),
  });
