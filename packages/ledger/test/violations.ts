import { auditRows, type Rows } from "@jifen/testkit/ledger-model";
import type { InMemoryLedger } from "./in-memory-ledger.ts";
import { toRows } from "./model-rows.ts";

/** M11: nothing is taken from a grant at or after its expiry, except by its expiration. */
function findLateSpending({ grants, journal }: InMemoryLedger): string[] {
  return [...grants.values()].flatMap(({ id, accountId, expiresAtMs }) =>
    journal
      .filter((entry) => entry.debit === accountId && entry.kind !== "expire")
      .filter((entry) => entry.allocations.some(({ grantId }) => grantId === id))
      .filter((entry) => expiresAtMs !== null && entry.createdAtMs >= expiresAtMs)
      .map((entry) => `M11 entry ${entry.id} took from ${id} after its expiry`),
  );
}

/** The sweeper finds an account by `nextExpiryMs` alone: nothing may expire before it. */
function findLateExpiries({ accounts, grants, holds }: InMemoryLedger): string[] {
  const open = [
    ...[...grants.values()].filter(({ remaining }) => remaining > 0),
    ...[...holds.values()].filter(({ state }) => state === "pending"),
  ];
  return [...accounts.values()].flatMap(({ id, nextExpiryMs }) => {
    const own = open.filter(({ accountId }) => accountId === id);
    const first = Math.min(...own.map(({ expiresAtMs }) => expiresAtMs ?? Number.POSITIVE_INFINITY));
    const isLate = (nextExpiryMs ?? Number.POSITIVE_INFINITY) > first;
    return isLate ? [`the next expiry of ${id} is ${nextExpiryMs}, expected ${first} or earlier`] : [];
  });
}

/** All violations of the invariants in the rows, checked without the ledger's rules. */
export function findViolations(ledger: InMemoryLedger): readonly string[] {
  const rows: Rows = toRows(ledger);
  return [...auditRows(rows), ...findLateSpending(ledger), ...findLateExpiries(ledger)];
}
