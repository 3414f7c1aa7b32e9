import { setTimeout } from "node:timers/promises";
import { type AccountId, type HoldId, holdId, type TransactionId, transactionId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type LocalSpend, openDatabase, quarterOf, type SpendQuery } from "../src/index.ts";
import { capturing, consuming, done, granting, holding, newAccount, perform, placed, refunding } from "./commands.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

type Counts = readonly [charges: number, charged: number, refunds: number, refunded: number];

const zero: Counts = [0, 0, 0, 0];
const plus = (one: Counts, other: Counts): Counts =>
  one.map((value, at) => value + (other[at] as number)) as unknown as Counts;

/** The sums of credits on every database. */
export function describeSpend(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const run = async (command: Parameters<typeof perform>[1]) => done(await perform(here.database.ledger, command));
  const query = (fields: Partial<SpendQuery>): SpendQuery => ({
    ...{ fromQuarter: 0, toQuarter: quarterOf(Date.now()) + 2, byAction: true, unitSeconds: 86_400 },
    offsets: [{ untilQuarter: 2 ** 30, offsetSeconds: 28_800 }],
    ...fields,
  });

  /** What the sums and the entries behind them say, by action. */
  async function read(account: AccountId): Promise<ReadonlyMap<string, Counts>> {
    const { sums, unfed, isComplete } = await here.database.spend.sums(query({ accountId: account }));
    expect(isComplete).toBe(true);
    const counts = new Map<string, Counts>();
    const add = (action: string, more: Counts) => counts.set(action, plus(counts.get(action) ?? zero, more));
    for (const sum of sums) add(String(sum.action), [sum.charges, sum.charged, sum.refunds, sum.refunded]);
    for (const { action, isRefund, amount } of unfed) add(action, isRefund ? [0, 0, 1, amount] : [1, amount, 0, 0]);
    return counts;
  }

  /** What the journal says, without the code under test. */
  async function expected(account: AccountId): Promise<ReadonlyMap<string, Counts>> {
    const counts = new Map<string, Counts>();
    for (const line of await journalOf(here.rows, account)) {
      const { action, kind: entryKind, amount } = line as typeof line & { readonly action: string };
      const more: Counts | undefined = {
        consume: [1, Number(amount), 0, 0] as const,
        capture: [1, Number(amount), 0, 0] as const,
        refund: [0, 0, 1, Number(amount)] as const,
      }[entryKind];
      if (more) counts.set(action, plus(counts.get(action) ?? zero, more));
    }
    return counts;
  }

  /** An account with charges of two actions, captures and refunds. */
  async function spend(account: AccountId, rounds: number): Promise<void> {
    for (const n of times(rounds, (at) => at)) {
      const charge = await run(consuming(account, 3 + n));
      const hold: HoldId = holdId((await placed(here.database.ledger, holding(account, 5))).id);
      await run(capturing(account, hold, 2));
      if (n % 2 === 0) await run(refunding(account, transactionId(charge.entry.id), 1));
    }
  }

  /** Charges, captures and refunds of several actions, in random order. */
  async function spendRandomly(account: AccountId, rounds: number): Promise<void> {
    const charges: TransactionId[] = [];
    for (const _ of times(rounds, (at) => at)) {
      await setTimeout(Math.random() * 20);
      const chance = Math.random();
      const charge = charges[Math.floor(Math.random() * charges.length)];
      if (chance < 0.3 && charge !== undefined) {
        // A charge can be refunded until nothing of it is left.
        await perform(here.database.ledger, refunding(account, charge, 1));
      } else if (chance < 0.6) {
        const hold = holdId((await placed(here.database.ledger, holding(account, 7))).id);
        const captured = await run(capturing(account, hold, 1 + Math.floor(Math.random() * 7)));
        charges.push(transactionId(captured.entry.id));
      } else {
        const charged = await run(consuming(account, 1 + Math.floor(Math.random() * 9)));
        charges.push(transactionId(charged.entry.id));
      }
    }
  }

  describe("the sums of credits", () => {
    test("equal the journal before, while and after they are fed", async () => {
      const account = newAccount();
      await run(granting(account, 10_000));
      for (const _ of times(3, () => undefined)) {
        await spend(account, 2);
        expect(await read(account)).toEqual(await expected(account));
        await here.database.spend.feed(account);
        expect(await read(account)).toEqual(await expected(account));
      }
      expect((await here.database.spend.sums(query({ accountId: account }))).unfed).toEqual([]);
    });

    test("count each entry once, also when two processes feed one account concurrently", async () => {
      const account = newAccount();
      await run(granting(account, 10_000));
      await spend(account, 4);
      await Promise.all(times(6, () => here.database.spend.feed(account)));
      while (await here.database.spend.feed(account));
      expect(await read(account)).toEqual(await expected(account));
      expect((await here.database.spend.sums(query({ accountId: account }))).unfed).toEqual([]);
    });

    test("equal the journal at every read, while credits are spent, and fed by two processes that stop anywhere", async () => {
      const account = newAccount();
      const second = await openDatabase(here.secondUrl);
      try {
        await run(granting(account, 100_000));
        let isSpending = true;
        const spending = spendRandomly(account, 40).finally(() => {
          isSpending = false;
        });
        const feeding = [here.database, second].map(async ({ spend: own }) => {
          while (isSpending) {
            await own.feed(account);
            await setTimeout(Math.random() * 40);
          }
        });
        let reads = 0;
        while (isSpending) {
          // The journal only grows: a read is exact when it is between what was there before it and after it.
          const [least, found, most] = [await expected(account), await read(account), await expected(account)];
          for (const [action, counts] of found) {
            for (const [at, count] of counts.entries()) {
              expect(count).toBeGreaterThanOrEqual(least.get(action)?.[at] ?? 0);
              expect(count).toBeLessThanOrEqual(most.get(action)?.[at] ?? 0);
            }
          }
          expect([...least.keys()].filter((action) => !found.has(action))).toEqual([]);
          reads += 1;
        }
        await Promise.all([spending, ...feeding]);
        expect(reads).toBeGreaterThan(3);
        expect(await read(account)).toEqual(await expected(account));
        while (await second.spend.feed(account));
        expect(await read(account)).toEqual(await expected(account));
        expect((await here.database.spend.sums(query({ accountId: account }))).unfed).toEqual([]);
      } finally {
        await second.close();
      }
    });

    test("of all accounts hold what was fed, and say which accounts are left", async () => {
      const total = async () => {
        const { sums } = await here.database.spend.sums(query({ byAction: false }));
        return sums.reduce((sum: Counts, each: LocalSpend) => {
          return plus(sum, [each.charges, each.charged, each.refunds, each.refunded]);
        }, zero);
      };
      const [one, other] = [newAccount(), newAccount()];
      const beganMs = Date.now();
      for (const account of [one, other]) {
        await run(granting(account, 1_000));
        await spend(account, 2);
      }
      const left = await here.database.spend.unfedAccounts(1_000);
      expect(left).toEqual(expect.arrayContaining([one, other]));
      const firstMs = await here.database.spend.firstUnfedMs();
      expect(firstMs).toBeLessThanOrEqual(Date.now());
      for (const account of await here.database.spend.unfedAccounts(1_000)) {
        while (await here.database.spend.feed(account));
      }
      expect(await here.database.spend.unfedAccounts(1_000)).toEqual([]);
      expect(await here.database.spend.firstUnfedMs()).toBeUndefined();
      const before = await total();
      await spend(one, 1);
      expect(await here.database.spend.firstUnfedMs()).toBeGreaterThanOrEqual(beganMs);
      expect(await total()).toEqual(before);
      while (await here.database.spend.feed(one));
      const own = [...(await expected(one)).values()].reduce(plus, zero);
      const ofOther = [...(await expected(other)).values()].reduce(plus, zero);
      const after = await total();
      expect(after[1] - before[1]).toBeGreaterThan(0);
      expect(after[1]).toBeGreaterThanOrEqual(own[1] + ofOther[1]);
    });

    test("name the actions with most or those that are asked for, and hold all others together", async () => {
      const account = newAccount();
      await run(granting(account, 10_000));
      for (const [n, action] of ["rare", "often", "most", "三维"].entries()) {
        for (const _ of times(n + 1, () => undefined)) await run({ ...consuming(account, 10), action });
      }
      while (await here.database.spend.feed(account));
      const named = async (fields: Partial<SpendQuery>) => {
        const { sums } = await here.database.spend.sums(query({ accountId: account, ...fields }));
        return new Map(sums.map(({ action, charged }) => [action, charged] as const));
      };
      const most = await named({ named: { most: "charged", limit: 2 } });
      expect(most).toEqual(
        new Map<string | null, number>([
          ["三维", 40],
          ["most", 30],
          [null, 30],
        ]),
      );
      const some = await named({ named: ["rare", "never"] });
      expect(some).toEqual(
        new Map<string | null, number>([
          ["rare", 10],
          [null, 90],
        ]),
      );
      expect(await named({ named: [] })).toEqual(new Map([[null, 100]]));
      const all = await here.database.spend.sums(query({ named: { most: "charged", limit: 1 } }));
      expect(new Set(all.sums.map(({ action }) => action)).size).toBe(2);
      expect((await named({ limit: 3 })).size).toBe(3);
    });

    test("are divided by local days and hours, and can be of one action", async () => {
      const account = newAccount();
      await run(granting(account, 1_000));
      await spend(account, 1);
      while (await here.database.spend.feed(account));
      const seconds = Math.floor(Date.now() / 1_000);
      for (const [unitSeconds, offsetSeconds] of [
        [86_400, 45_900],
        [3_600, -12_600],
      ] as const) {
        const offsets = [
          { untilQuarter: 1_000_000, offsetSeconds: 0 },
          { untilQuarter: 2 ** 30, offsetSeconds },
        ];
        const { sums } = await here.database.spend.sums(query({ accountId: account, unitSeconds, offsets }));
        const unit = Math.floor((seconds + offsetSeconds) / unitSeconds);
        expect(Math.abs((sums[0]?.unit ?? 0) - unit)).toBeLessThanOrEqual(1);
      }
      const none = await here.database.spend.sums(query({ accountId: account, action: "never" }));
      expect(none.sums).toEqual([]);
      const past = await here.database.spend.sums(query({ accountId: account, toQuarter: 1_000 }));
      expect(past.sums).toEqual([]);
    });
  });

  test("the stored sums of several accounts are those of each", async () => {
    const accounts = times(3, () => newAccount());
    for (const [n, account] of accounts.entries()) {
      await run(granting(account, 1_000));
      if (n < 2) await spend(account, n + 2);
      while (await here.database.spend.feed(account));
    }
    const range = { fromQuarter: 0, toQuarter: quarterOf(Date.now()) + 2 };
    const found = await here.database.spend.sumsOfAccounts({ ...range, owners: accounts });
    const sums = new Map(
      found.map((each) => [each.accountId, [each.charges, each.charged, each.refunds, each.refunded]] as const),
    );
    for (const [n, account] of accounts.entries()) {
      const all = [...(await expected(account)).values()].reduce(plus, zero);
      expect(sums.get(account)).toEqual(n < 2 ? all : undefined);
    }
    const never = { fromQuarter: 0, toQuarter: 1, owners: accounts };
    expect(await here.database.spend.sumsOfAccounts(never)).toEqual([]);
    expect(await here.database.spend.sumsOfAccounts({ ...range, owners: [] })).toEqual([]);
  });
}
