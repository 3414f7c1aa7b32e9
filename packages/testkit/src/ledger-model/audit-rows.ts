import type { HoldRow, JournalRow, Rows } from "./rows.ts";

/** The balance of each account, also of held and system accounts, by the entries alone. */
function sumsOf(journal: readonly JournalRow[]): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (account: string, amount: number) => sums.set(account, (sums.get(account) ?? 0) + amount);
  for (const { debit, credit, amount } of journal) {
    add(debit, -amount);
    add(credit, amount);
  }
  return sums;
}

/** M2, M8: entries are numbered 1…n, each follows from the one before, and no balance is ever negative. */
function auditChain(account: string, entries: readonly JournalRow[]): string[] {
  let [balance, held] = [0, 0];
  return entries.flatMap((entry, at) => {
    const change = (name: string) =>
      (entry.credit === name ? entry.amount : 0) - (entry.debit === name ? entry.amount : 0);
    balance += change(account);
    held += change(`${account}:held`);
    const where = `entry ${entry.sequence} of ${account}`;
    return [
      ...(entry.sequence === at + 1 ? [] : [`M8 ${where} has position ${at + 1}`]),
      ...(entry.balanceAfter === balance ? [] : [`M8 ${where} has balance ${entry.balanceAfter}, expected ${balance}`]),
      ...(entry.heldAfter === held ? [] : [`M8 ${where} has held ${entry.heldAfter}, expected ${held}`]),
      ...(balance >= 0 && held >= 0 ? [] : [`M2 ${where} leaves balance ${balance} and held ${held}`]),
    ];
  });
}

/** M9: a resolved hold was captured, released or expired in full, by matching entries. */
function auditHold(hold: HoldRow, entries: readonly JournalRow[]): string[] {
  const own = entries.filter(({ subject }) => subject === hold.id);
  const sum = (kind: string) => own.reduce((all, entry) => all + (entry.kind === kind ? entry.amount : 0), 0);
  const { id, amount, captured, released, expired } = hold;
  const resolved = captured + released + expired;
  const isComplete = hold.state === "pending" ? resolved === 0 : resolved === amount;
  const isPosted =
    sum("hold") === amount && sum("capture") === captured && sum("release") === released + expired && captured >= 0;
  return [
    ...(isComplete ? [] : [`M9 hold ${id} of ${amount} is ${hold.state} with ${captured}+${released}+${expired}`]),
    ...(isPosted ? [] : [`M9 hold ${id}: its entries have ${sum("capture")} captured, ${sum("release")} released`]),
  ];
}

/** M15: every entry has an actor, and a request unless it is the system's. */
function auditAuthors(account: string, entries: readonly JournalRow[]): string[] {
  return entries.flatMap(({ sequence, kind, actor, requestId, subject }) => {
    const where = `entry ${sequence} of ${account} (${kind}, ${subject})`;
    if (actor === null) return [`M15 ${where} has no actor`];
    return (actor === "system") === (requestId === null) ? [] : [`M15 ${where} is by ${actor} in request ${requestId}`];
  });
}

/** M16: a hold is resolved by the owner that placed it, or by the system when it expires. The owner of a `key:` is not known. */
function auditOwner(hold: HoldRow, entries: readonly JournalRow[]): string[] {
  const resolving = entries.filter(({ subject, kind }) => subject === hold.id && kind !== "hold");
  return resolving
    .filter(({ actor }) => /^(user|service):/.test(actor ?? "") && actor !== hold.owner)
    .map(({ kind, actor }) => `M16 ${actor} did the ${kind} of hold ${hold.id}, which ${hold.owner} placed`);
}

/** M10: refunds do not exceed their charge, in total and for each grant. */
function auditRefunds(entries: readonly JournalRow[]): string[] {
  const charges = new Map(
    entries.filter(({ kind }) => kind === "consume" || kind === "capture").map((it) => [it.id, it]),
  );
  const refunds = Map.groupBy(
    entries.filter(({ kind }) => kind === "refund"),
    ({ subject }) => subject ?? "",
  );
  const sumFor = (rows: readonly JournalRow[], bucket: string) =>
    rows
      .flatMap(({ allocations }) => allocations)
      .reduce((sum, each) => sum + (each.bucket === bucket ? each.amount : 0), 0);
  return [...refunds].flatMap(([id, all]) => {
    const charge = charges.get(id);
    const refunded = all.reduce((sum, { amount }) => sum + amount, 0);
    const charged = charge?.amount ?? 0;
    const buckets = new Set(all.flatMap(({ allocations }) => allocations.map(({ bucket }) => bucket)));
    const exceeded = [...buckets].filter((bucket) => sumFor(all, bucket) > sumFor(charge ? [charge] : [], bucket));
    return [
      ...(refunded <= charged ? [] : [`M10 ${refunded} were refunded of ${id}, which charged ${charged}`]),
      ...exceeded.map((bucket) => `M10 more was refunded to ${bucket} than ${id} took from it`),
    ];
  });
}

/** M11: the rest of each grant is its amount minus what was taken and not returned. */
function auditGrants(rows: Pick<Rows, "grants" | "journal">, account: string): string[] {
  const rests = new Map<string, number>();
  for (const { kind, debit, credit, allocations } of rows.journal) {
    const sign = (credit === account ? 1 : 0) - (debit === account ? 1 : 0);
    for (const { bucket, amount } of kind === "extend" ? [] : allocations) {
      rests.set(bucket, (rests.get(bucket) ?? 0) + sign * amount);
    }
  }
  return rows.grants.flatMap(({ id, amount, remaining }) =>
    remaining === (rests.get(id) ?? 0) && remaining >= 0 && remaining <= amount
      ? []
      : [`M11 grant ${id} of ${amount} has ${remaining} left, expected ${rests.get(id) ?? 0}`],
  );
}

const findDuplicates = (what: string, names: readonly string[]): string[] =>
  [...Map.groupBy(names, (name) => name)].flatMap(([name, all]) =>
    all.length === 1 ? [] : [`M3 the ${what} ${name} exists ${all.length} times`],
  );

/** Checks that the rows are consistent by themselves, without a history of requests. @returns one sentence per violation. */
export function auditRows(rows: Rows): string[] {
  const journal = Map.groupBy(rows.journal, ({ account }) => account);
  const grants = Map.groupBy(rows.grants, ({ account }) => account);
  const holds = Map.groupBy(rows.holds, ({ account }) => account);
  const sums = sumsOf(rows.journal);
  const total = [...sums.values()].reduce((sum, each) => sum + each, 0);
  const known = new Set(rows.accounts.map(({ account }) => account));
  return [
    ...(total === 0 ? [] : [`M1 the sum of all accounts is ${total}, not 0`]),
    ...[...journal.keys()]
      .filter((id) => !known.has(id))
      .map((id) => `M1 there are entries of ${id}, which has no row`),
    ...findDuplicates(
      "id",
      rows.journal.map(({ id }) => id),
    ),
    ...findDuplicates(
      "key",
      rows.journal.map(({ account, key }) => `${key} of ${account}`),
    ),
    ...rows.accounts.flatMap(({ account, balance, held, sequence }) => {
      const entries = journal.get(account) ?? [];
      const pendingHolds = (holds.get(account) ?? []).filter(({ state }) => state === "pending");
      const [expectedBalance, expectedHeld] = [sums.get(account) ?? 0, sums.get(`${account}:held`) ?? 0];
      const pending = pendingHolds.reduce((sum, { amount }) => sum + amount, 0);
      return [
        ...(balance === expectedBalance ? [] : [`M1 ${account} has balance ${balance}, expected ${expectedBalance}`]),
        ...(held === expectedHeld ? [] : [`M1 ${account} has held ${held}, expected ${expectedHeld}`]),
        ...(held === pending ? [] : [`M9 ${account} has held ${held}, its pending holds have ${pending}`]),
        ...(balance >= 0 && held >= 0 ? [] : [`M2 ${account} has balance ${balance} and held ${held}`]),
        ...(sequence === entries.length
          ? []
          : [`M8 ${account} has sequence ${sequence} and ${entries.length} entries`]),
        ...auditChain(account, entries),
        ...auditAuthors(account, entries),
        ...(holds.get(account) ?? []).flatMap((hold) => [...auditHold(hold, entries), ...auditOwner(hold, entries)]),
        ...auditRefunds(entries),
        ...auditGrants({ grants: grants.get(account) ?? [], journal: entries }, account),
      ];
    }),
  ];
}
