import type { JournalRow, Rows } from "@jifen/testkit/ledger-model";
import type { Entry } from "../src/entry.ts";
import type { InMemoryLedger } from "./in-memory-ledger.ts";

/** An entry as the model's rows have it. */
export const toJournalRow = (entry: Entry): JournalRow => ({
  account: entry.accountId,
  sequence: entry.sequence,
  id: entry.id,
  key: entry.idempotencyKey,
  kind: entry.kind,
  amount: entry.amount,
  action: entry.action,
  subject: entry.referenceId,
  debit: entry.debit,
  credit: entry.credit,
  balanceAfter: entry.balanceAfter,
  heldAfter: entry.heldAfter,
  expiredOnReturn: entry.expiredOnReturn,
  allocations: entry.allocations.map(({ grantId, amount }) => ({ bucket: grantId, amount })),
  expiresAtMs: entry.expiresAtMs,
  metadata: entry.metadata,
  createdAtMs: entry.createdAtMs,
  actor: entry.actor,
  requestId: entry.requestId,
});

/** All rows of a ledger in memory; the journal of each account in the order in which it was written. */
export const toRows = ({ accounts, grants, holds, journal }: InMemoryLedger): Rows => ({
  accounts: [...accounts.values()].map(({ id, balance, held, sequence }) => ({ account: id, balance, held, sequence })),
  grants: [...grants.values()].map(({ id, accountId, amount, remaining, expiresAtMs }) => ({
    ...{ account: accountId, id, amount, remaining, expiresAtMs },
  })),
  holds: [...holds.values()].map(
    ({ id, accountId, placedBy, amount, state, captured, released, expired, ...times }) => ({
      ...{ account: accountId, id, owner: placedBy, amount, state, captured, released, expired },
      ...{ expiresAtMs: times.expiresAtMs, resolvedAtMs: times.resolvedAtMs },
    }),
  ),
  journal: journal.map(toJournalRow),
});
