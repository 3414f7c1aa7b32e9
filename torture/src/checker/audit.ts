import type { HoldRow, JournalRow, Rows } from "./rows.ts";

/** What the lines moved, by the name of the account on either side. */
function sumsOf(journal: readonly JournalRow[]): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (account: string, amount: number) => sums.set(account, (sums.get(account) ?? 0) + amount);
  for (const { debit, credit, amount } of journal) {
    add(debit, -amount);
    add(credit, amount);
  }
  return sums;
}

/** Lines are numbered 1…n, each follows from the one before, and neither balance is ever below zero (M2, M8). */
function auditChain(account: string, lines: readonly JournalRow[]): string[] {
  let [balance, held] = [0, 0];
  return lines.flatMap((line, at) => {
    const side = (name: string) => (line.credit === name ? line.amount : 0) - (line.debit === name ? line.amount : 0);
    balance += side(account);
    held += side(`${account}:held`);
    const where = `line ${line.sequence} of ${account}`;
    return [
      ...(line.sequence === at + 1 ? [] : [`M8 ${where} is the ${at + 1}th`]),
      ...(line.balanceAfter === balance ? [] : [`M8 ${where} says balance ${line.balanceAfter}, its lines ${balance}`]),
      ...(line.heldAfter === held ? [] : [`M8 ${where} says held ${line.heldAfter}, its lines make ${held}`]),
      ...(balance >= 0 && held >= 0 ? [] : [`M2 ${where} leaves ${balance} to spend and ${held} held`]),
    ];
  });
}

/** Every hold that is over was charged, freed or ended in full, by lines that say so (M9). */
function auditHold(hold: HoldRow, lines: readonly JournalRow[]): string[] {
  const about = lines.filter(({ subject }) => subject === hold.id);
  const sum = (kind: string) => about.reduce((all, line) => all + (line.kind === kind ? line.amount : 0), 0);
  const { id, amount, captured, released, expired } = hold;
  const resolved = captured + released + expired;
  const isRight = hold.state === "pending" ? resolved === 0 : resolved === amount;
  const isBooked =
    sum("hold") === amount && sum("capture") === captured && sum("release") === released + expired && captured >= 0;
  return [
    ...(isRight ? [] : [`M9 hold ${id} of ${amount} is ${hold.state} with ${captured}+${released}+${expired}`]),
    ...(isBooked ? [] : [`M9 hold ${id}: its lines say ${sum("capture")} captured, ${sum("release")} freed`]),
  ];
}

/** No charge is given back more than once (M10). */
function auditRefunds(lines: readonly JournalRow[]): string[] {
  const charges = new Map(
    lines.filter(({ kind }) => kind === "consume" || kind === "capture").map((it) => [it.id, it]),
  );
  const refunds = Map.groupBy(
    lines.filter(({ kind }) => kind === "refund"),
    ({ subject }) => subject ?? "",
  );
  return [...refunds].flatMap(([id, all]) => {
    const given = all.reduce((sum, { amount }) => sum + amount, 0);
    const charged = charges.get(id)?.amount ?? 0;
    return given <= charged ? [] : [`M10 ${given} were given back of ${id}, which charged ${charged}`];
  });
}

/** What is left of each grant is what it was, less what was taken and not given back (M11). */
function auditGrants(rows: Pick<Rows, "grants" | "journal">, account: string): string[] {
  const left = new Map<string, number>();
  for (const { kind, debit, credit, allocations } of rows.journal) {
    const sign = (credit === account ? 1 : 0) - (debit === account ? 1 : 0);
    for (const { bucket, amount } of kind === "extend" ? [] : allocations) {
      left.set(bucket, (left.get(bucket) ?? 0) + sign * amount);
    }
  }
  return rows.grants.flatMap(({ id, amount, remaining }) =>
    remaining === (left.get(id) ?? 0) && remaining <= amount
      ? []
      : [`M11 grant ${id} of ${amount} has ${remaining} left, its lines leave ${left.get(id) ?? 0}`],
  );
}

const doubles = (what: string, names: readonly string[]): string[] =>
  [...Map.groupBy(names, (name) => name)].flatMap(([name, all]) =>
    all.length === 1 ? [] : [`M3 the ${what} ${name} is there ${all.length} times`],
  );

/** Checks books by themselves, whoever asked for what. @returns what is wrong, in sentences */
export function auditRows(rows: Rows): string[] {
  const journal = Map.groupBy(rows.journal, ({ account }) => account);
  const grants = Map.groupBy(rows.grants, ({ account }) => account);
  const holds = Map.groupBy(rows.holds, ({ account }) => account);
  const sums = sumsOf(rows.journal);
  const inAll = [...sums.values()].reduce((sum, each) => sum + each, 0);
  const known = new Set(rows.accounts.map(({ account }) => account));
  return [
    ...(inAll === 0 ? [] : [`M1 all accounts together have ${inAll}, not 0`]),
    ...[...journal.keys()]
      .filter((id) => !known.has(id))
      .map((id) => `M1 there are lines of ${id}, which is not there`),
    ...doubles(
      "id",
      rows.journal.map(({ id }) => id),
    ),
    ...doubles(
      "key",
      rows.journal.map(({ account, key }) => `${key} of ${account}`),
    ),
    ...rows.accounts.flatMap(({ account, balance, held, sequence }) => {
      const lines = journal.get(account) ?? [];
      const set = (holds.get(account) ?? []).filter(({ state }) => state === "pending");
      const [spendable, aside] = [sums.get(account) ?? 0, sums.get(`${account}:held`) ?? 0];
      const pending = set.reduce((sum, { amount }) => sum + amount, 0);
      return [
        ...(balance === spendable ? [] : [`M1 ${account} has ${balance}, its lines make ${spendable}`]),
        ...(held === aside ? [] : [`M1 ${account} holds ${held}, its lines make ${aside}`]),
        ...(held === pending ? [] : [`M9 ${account} holds ${held}, its pending holds make ${pending}`]),
        ...(sequence === lines.length ? [] : [`M8 ${account} is at ${sequence} and has ${lines.length} lines`]),
        ...auditChain(account, lines),
        ...(holds.get(account) ?? []).flatMap((hold) => auditHold(hold, lines)),
        ...auditRefunds(lines),
        ...auditGrants({ grants: grants.get(account) ?? [], journal: lines }, account),
      ];
    }),
  ];
}
