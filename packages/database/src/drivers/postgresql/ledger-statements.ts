import { EXPIRATION_BATCH } from "@jifen/ledger";
import {
  accountChange,
  accountColumns,
  entryColumns,
  grantChange,
  grantColumns,
  holdChange,
  holdColumns,
} from "../../ledger/columns.ts";
import { createCombineWrites, insertInto, now, type Prepared, selectByPairs, updateOf } from "./bulk.ts";
import type { TableNames } from "./table-names.ts";

/** The statements of the ledger on a set of tables. */
export type LedgerStatements = ReturnType<typeof createLedgerStatements>;

/** Creates the reads and the writes of the ledger. */
export const createLedgerStatements = (tables: TableNames) => ({
  reads: createReads(tables),
  writes: createWrites(tables),
  combineWrites: createCombineWrites(tables),
  beforeExtraWrites: tables.beforeExtraWrites,
  extraInserts: tables.extraInserts,
});

/** A column of a statement that fails when the rows belong to another node. */
const guardColumn = ({ guard }: TableNames): string => (guard === undefined ? "" : `, ${guard} AS is_guarded`);

function createReads(tables: TableNames) {
  const named = (name: string, text: string): Prepared => ({ name: `${name}${tables.suffix}`, text });
  const byPairs = (table: string, columns: string, by: string) => selectByPairs(tables, { table, columns, by });
  const [accounts, grants, holds] = [tables.of("accounts"), tables.of("grants"), tables.of("holds")];
  return {
    guard: tables.guard === undefined ? undefined : named("guard", `SELECT ${tables.guard}`),
    lockAccounts: named(
      "lock-accounts",
      `SELECT ${accountColumns.names} FROM ${accounts} WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    ),
    now: named("now", `SELECT ${now} AS now_ms`),
    openGrants: named(
      "open-grants",
      `SELECT ${grantColumns.names} FROM ${grants} WHERE account_id = ANY($1::text[]) AND is_open`,
    ),
    transactionsByKey: byPairs("transactions", entryColumns.names, "idempotency_key"),
    holdsById: byPairs("holds", holdColumns.names, "id"),
    transactionsById: byPairs("transactions", entryColumns.names, "id"),
    aboutCharges: byPairs("transactions", entryColumns.names, "subject_id"),
    grantsById: byPairs("grants", grantColumns.names, "id"),
    expiredHolds: named(
      "expired-holds",
      `SELECT due.* FROM unnest($1::text[]) AS named (account_id) CROSS JOIN LATERAL (
      SELECT ${holdColumns.names} FROM ${holds}
      WHERE account_id = named.account_id AND state = 'pending' AND expires_at_ms <= $2
      ORDER BY expires_at_ms LIMIT ${EXPIRATION_BATCH}) AS due`,
    ),
    otherHolds: named(
      "other-holds",
      `SELECT account_id, min(expires_at_ms) AS due_ms FROM ${holds} AS hold
    WHERE account_id = ANY($1::text[]) AND state = 'pending' AND expires_at_ms > $2 AND NOT EXISTS (
      SELECT FROM unnest($3::text[], $4::text[]) AS shown (account_id, id)
      WHERE shown.account_id = hold.account_id AND shown.id = hold.id)
    GROUP BY account_id`,
    ),
    /** One row for each grant; the clock comes first, then the account, then the grant. */
    accountsWithGrants: named(
      "accounts-with-grants",
      `SELECT clock.*, ${accountColumns.names.replace(/\w+/g, "a.$&")}, ${grantColumns.names.replace(/\w+/g, "g.$&")}
    FROM (SELECT ${now} AS now_ms${guardColumn(tables)}) AS clock
    LEFT JOIN ${accounts} a ON a.id = ANY($1::text[]) LEFT JOIN ${grants} g ON g.account_id = a.id AND g.is_open`,
    ),
    expiredAccounts: named(
      "expired-accounts",
      `SELECT id, next_due_ms FROM ${accounts} WHERE next_due_ms <= ${now} ORDER BY next_due_ms LIMIT $1`,
    ),
  };
}

function createWrites({ of }: TableNames) {
  return {
    openAccounts: insertInto("A", of("accounts"), accountColumns),
    changeAccounts: updateOf("a", accountChange, {
      table: of("accounts"),
      keyColumns: 3,
      where: `old.id = new.id AND old.sequence = new.sequence_before
    AND old.next_due_ms IS NOT DISTINCT FROM new.due_before`,
    }),
    addGrants: insertInto("G", of("grants"), grantColumns),
    changeGrants: updateOf("g", grantChange, {
      table: of("grants"),
      where: "old.account_id = new.account_id AND old.id = new.id",
    }),
    addHolds: insertInto("H", of("holds"), holdColumns),
    changeHolds: updateOf("h", holdChange, {
      table: of("holds"),
      where: "old.account_id = new.account_id AND old.id = new.id",
    }),
    addTransactions: insertInto("T", of("transactions"), entryColumns),
  };
}
