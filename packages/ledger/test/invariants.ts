import type { Entry } from "../src/entry.ts";
import type { InMemoryLedger } from "./in-memory-ledger.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** What the journal says each account has, the system's among them: credited less debited. */
function sumsOf(journal: readonly Entry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { debit, credit, amount } of journal) {
    sums.set(debit, (sums.get(debit) ?? 0) - amount);
    sums.set(credit, (sums.get(credit) ?? 0) + amount);
  }
  return sums;
}

/** M1, M2. Each row has what the journal says, and with the system's accounts it all comes to nothing. */
function wrongBalances({ accounts, journal }: InMemoryLedger): string[] {
  const sums = sumsOf(journal);
  const rows = [...accounts.values()];
  const system = ["system:issued", "system:earned", "system:expired"].map((each) => sums.get(each) ?? 0);
  const total = sum(rows.flatMap(({ balance, held }) => [balance, held])) + sum(system);
  return [
    ...rows.filter(({ id, balance }) => balance !== (sums.get(id) ?? 0)).map(({ id }) => `M1: balance of ${id}`),
    ...rows.filter(({ id, held }) => held !== (sums.get(`${id}:held`) ?? 0)).map(({ id }) => `M1: held of ${id}`),
    ...rows.filter(({ balance, held }) => balance < 0 || held < 0).map(({ id }) => `M2: ${id} below zero`),
    ...(total === 0 ? [] : [`M1: everything together is ${total}`]),
  ];
}

/** M8. Numbered without a gap, each line from the one before. */
function wrongSequences({ accounts, journal }: InMemoryLedger): string[] {
  return [...accounts.values()].flatMap(({ id, sequence }) => {
    const lines = journal.filter(({ accountId }) => accountId === id);
    const found = lines.flatMap((line, at) => {
      const sums = sumsOf([line]);
      const { balanceAfter = 0, heldAfter = 0 } = lines[at - 1] ?? {};
      const follows =
        line.sequence === at + 1 &&
        line.balanceAfter === balanceAfter + (sums.get(id) ?? 0) &&
        line.heldAfter === heldAfter + (sums.get(`${id}:held`) ?? 0);
      return follows ? [] : [`M8: ${line.id} does not follow from the line before`];
    });
    return sequence === lines.length ? found : [...found, `M8: ${id} counts ${sequence} of ${lines.length} lines`];
  });
}

/** M9. What became of a hold makes up its amount, once, and the journal says the same. */
function wrongHolds({ holds, journal }: InMemoryLedger): string[] {
  return [...holds.values()].flatMap(({ id, state, ...hold }) => {
    const moved = journal.filter(({ referenceId, debit }) => referenceId === id && debit === `${hold.accountId}:held`);
    const resolved = hold.captured + hold.released + hold.expired;
    const isRight =
      state === "pending"
        ? resolved === 0 && moved.length === 0 && hold.resolvedAtMs === null
        : resolved === hold.amount && sum(moved.map(({ amount }) => amount)) === hold.amount;
    return isRight ? [] : [`M9: ${id} is ${state} with ${resolved} of ${hold.amount}`];
  });
}

/** M10. No more is given back than was charged, neither in all nor to any one grant. */
function wrongRefunds({ journal }: InMemoryLedger): string[] {
  return journal.flatMap((charge) => {
    const refunds = journal.filter(({ kind, referenceId }) => kind === "refund" && referenceId === charge.id);
    const shareOf = (line: Entry, id: string) =>
      sum(line.allocations.filter(({ grantId }) => grantId === id).map(({ amount }) => amount));
    const ids = refunds.flatMap(({ allocations }) => allocations.map(({ grantId }) => grantId));
    const tooMuch = ids.filter((id) => sum(refunds.map((each) => shareOf(each, id))) > shareOf(charge, id));
    const total = sum(refunds.map(({ amount }) => amount));
    return total > charge.amount || tooMuch.length > 0 ? [`M10: ${charge.id} was given back ${total} times`] : [];
  });
}

/** M11. What is left of a grant is what was not taken; nothing is taken once its life is over. */
function wrongGrants({ grants, journal }: InMemoryLedger): string[] {
  return [...grants.values()].flatMap(({ id, accountId, amount, remaining, expiresAtMs }) => {
    const moves = journal.flatMap((line) => {
      const sign = (line.credit === accountId ? 1 : 0) - (line.debit === accountId ? 1 : 0);
      const mine = line.allocations.filter(({ grantId }) => grantId === id);
      return mine.map((allocation) => ({ line, by: sign * allocation.amount }));
    });
    const late = moves.filter(
      ({ line, by }) => by < 0 && line.kind !== "expire" && expiresAtMs !== null && line.createdAtMs >= expiresAtMs,
    );
    const left = sum(moves.map(({ by }) => by));
    return [
      ...late.map(({ line }) => `M11: ${line.id} took from ${id} after its life`),
      ...(left === remaining && remaining >= 0 && remaining <= amount ? [] : [`M11: ${id} has ${remaining}`]),
    ];
  });
}

/** Nobody looks at an account before `nextDueMs`: something due earlier would stay. */
function wrongDues({ accounts, grants, holds }: InMemoryLedger): string[] {
  const ends = [
    ...[...grants.values()].filter(({ remaining }) => remaining > 0),
    ...[...holds.values()].filter(({ state }) => state === "pending"),
  ];
  return [...accounts.values()].flatMap(({ id, nextExpiryMs }) => {
    const own = ends.filter((each) => each.accountId === id).map(({ expiresAtMs }) => expiresAtMs);
    const first = Math.min(...own.map((each) => each ?? Number.POSITIVE_INFINITY));
    const isLate = (nextExpiryMs ?? Number.POSITIVE_INFINITY) > first;
    return isLate ? [`${id} is due at ${first} and looked at from ${nextExpiryMs} on`] : [];
  });
}

/** All that is wrong with the books; nothing, at every moment. */
export const findViolations = (ledger: InMemoryLedger): readonly string[] => [
  ...wrongBalances(ledger),
  ...wrongSequences(ledger),
  ...wrongHolds(ledger),
  ...wrongRefunds(ledger),
  ...wrongGrants(ledger),
  ...wrongDues(ledger),
];
