import type { Account, Entry, Grant } from "@jifen/ledger";
import { storedColumnNames, storedKey } from "../ledger/columns.ts";

/** Epoch milliseconds as Prisma takes them, or nothing. */
export const toBigInt = (ms: number | null) => (ms === null ? null : BigInt(ms));

/** Account to the record that Prisma takes. */
export const accountRecord = (account: Account) => ({ ...account, nextExpiryMs: toBigInt(account.nextExpiryMs) });

/** Grant to the record that Prisma takes. */
export const grantRecord = (grant: Grant) => ({
  ...grant,
  expiresAtMs: toBigInt(grant.expiresAtMs),
  createdAtMs: BigInt(grant.createdAtMs),
});

/** Transaction to the record that Prisma takes. */
export const entryRecord = (entry: Entry) => ({
  ...entry,
  idempotencyKey: storedKey(entry.idempotencyKey),
  allocations: JSON.stringify(entry.allocations),
  expiresAtMs: toBigInt(entry.expiresAtMs),
  createdAtMs: BigInt(entry.createdAtMs),
});

type StoredNames = typeof storedColumnNames;

/** `balanceAfter` → `balance_after`, `allocations` → `shares`. */
type ColumnName<Name extends string> = Name extends keyof StoredNames ? StoredNames[Name] : SnakeCase<Name>;

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

const columnNameOf = (field: string): string =>
  (storedColumnNames as Readonly<Record<string, string>>)[field] ??
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A record that Prisma returns, by the names of its columns. */
export const byColumn = <Row extends object>(record: Row) =>
  Object.fromEntries(Object.entries(record).map(([field, value]) => [columnNameOf(field), value])) as {
    [Name in keyof Row & string as ColumnName<Name>]: Row[Name];
  };
