import type { Account, Grant, Transaction } from "@jifen/ledger";
import { storedKey } from "../ledger/columns.ts";

/** Epoch milliseconds as Prisma takes them, or nothing. */
export const moment = (ms: number | null) => (ms === null ? null : BigInt(ms));

/** Account to the record that Prisma takes. */
export const accountRecord = (account: Account) => ({ ...account, nextDueMs: moment(account.nextDueMs) });

/** Grant to the record that Prisma takes. */
export const grantRecord = (grant: Grant) => ({
  ...grant,
  expiresAtMs: moment(grant.expiresAtMs),
  createdAtMs: BigInt(grant.createdAtMs),
});

/** Transaction to the record that Prisma takes. */
export const transactionRecord = (transaction: Transaction) => ({
  ...transaction,
  idempotencyKey: storedKey(transaction.idempotencyKey),
  shares: JSON.stringify(transaction.shares),
  expiresAtMs: moment(transaction.expiresAtMs),
  createdAtMs: BigInt(transaction.createdAtMs),
});

/** `balanceAfter` → `balance_after`. */
type ColumnName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${ColumnName<Rest>}`
  : Name;

/** A record that Prisma gives, by the names that the columns have in the tables. */
export const byColumn = <Row extends object>(record: Row) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  ) as { [Name in keyof Row & string as ColumnName<Name>]: Row[Name] };
