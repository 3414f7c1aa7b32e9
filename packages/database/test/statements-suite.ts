import type { AccountId } from "@jifen/core";
import { decideBatch, readSetOf } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { Month } from "../src/stores/statement-bounds.ts";
import { MAX_NAMES } from "../src/stores/statement-sums.ts";
import { SETTLED_AFTER_MS } from "../src/stores/statements.ts";
import { consuming, granting, newAccount } from "./commands.ts";
import { localMonths } from "./local-months.ts";
import { RandomSpending, randomFrom } from "./random-spending.ts";
import { times } from "./samples.ts";
import { booksOf, expectedStatement, shown } from "./statement-model.ts";
import { useDatabase } from "./use-database.ts";

const zones = ["Asia/Shanghai", "America/New_York", "Pacific/Chatham"];
const HOUR_MS = 3_600_000;
/** Months since January 2000. */
const monthNow = (new Date().getUTCFullYear() - 2000) * 12 + new Date().getUTCMonth();
const MONTHS = 13;
const months = new Map(zones.map((zone) => [zone, localMonths(zone, monthNow - MONTHS - 1, MONTHS)]));
const monthsOf = (zone: string): readonly Month[] => months.get(zone) ?? [];
const [firstMonth] = monthsOf("Asia/Shanghai");
const beginMs = (firstMonth?.fromMs ?? 0) + 40 * 24 * HOUR_MS;
const endMs = (monthsOf("Asia/Shanghai").at(-1)?.toMs ?? 0) + HOUR_MS;

/** Times in order: some at random, some at the ends of months and a millisecond before and after. */
function timesOf(random: () => number): readonly number[] {
  const ends = zones.flatMap((zone) => monthsOf(zone).flatMap(({ toMs }) => [toMs - 1, toMs, toMs + 1]));
  const any = times(200, () => Math.floor(beginMs + random() * (endMs - beginMs)));
  return [...ends, ...any].filter((ms) => ms >= beginMs && ms < endMs).toSorted((one, other) => one - other);
}

/** Statements of accounts, on every database. */
export function describeStatements(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const read = (account: AccountId, month: Month, nowMs = Date.now()) =>
    here.database.statements.read(account, month, nowMs);
  const kept = (account: AccountId) => here.rows.find("statements", { account_id: account });
  /** Commits commands of one account together, at a time of the past. */
  const commitAt = (nowMs: number, commands: readonly ReturnType<typeof consuming | typeof granting>[]) =>
    here.database.ledger.commit(readSetOf(commands, "later"), (snapshot) =>
      decideBatch(commands, { ...snapshot, nowMs }),
    );

  describe("statements", () => {
    test.each([1, 2])(
      "equal the journal at every read, and chain over a year in three zones (seed %i)",
      async (seed) => {
        const random = randomFrom(seed);
        const account = newAccount();
        const spending = new RandomSpending(here.database, account, random);
        for (const [at, nowMs] of timesOf(random).entries()) {
          await spending.next(nowMs);
          if (at % 9 !== 0) continue;
          await spending.bringUpToDate(nowMs);
          const books = await booksOf(here.rows, account);
          const begun = zones.flatMap(monthsOf).filter(({ fromMs }) => fromMs <= nowMs);
          const month = begun[Math.floor(random() * begun.length)] as Month;
          const current = monthsOf(zones[at % 3] as string).find(({ toMs }) => toMs > nowMs) as Month;
          for (const each of [month, current]) {
            const statement = await read(account, each, nowMs);
            expect(shown(statement)).toEqual(expectedStatement(books, each));
            expect(statement.isFinal).toBe(nowMs >= each.toMs + SETTLED_AFTER_MS);
          }
        }
        const books = await booksOf(here.rows, account);
        expect(new Set(books.entries.map((entry) => entry["kind"]))).toEqual(
          new Set(["grant", "consume", "hold", "capture", "release", "refund", "revoke", "expire"]),
        );
        const all = zones.flatMap(monthsOf);
        const first = await Promise.all(all.map((month) => read(account, month)));
        expect(first.map(shown)).toEqual(all.map((month) => expectedStatement(books, month)));
        for (const [at, month] of all.entries()) {
          const following = all.findIndex(({ fromMs }) => fromMs === month.toMs);
          if (following >= 0 && following === at + 1) expect(first[following]?.opening).toEqual(first[at]?.closing);
        }
        // What is kept is what is computed again.
        const keptBefore = await kept(account);
        expect(keptBefore.length).toBeGreaterThan(2 * MONTHS);
        expect((await Promise.all(all.map((month) => read(account, month)))).map(shown)).toEqual(first.map(shown));
        await here.rows.remove("statements", { account_id: account });
        expect((await Promise.all(all.map((month) => read(account, month)))).map(shown)).toEqual(first.map(shown));
        expect((await kept(account)).length).toBe(keptBefore.length);
      },
    );

    test("add up a month of more entries than one read does, and find its ends among them", async () => {
      const account = newAccount();
      const fromMs = beginMs;
      await commitAt(fromMs, [granting(account, 1_000_000)]);
      for (const batch of times(27, (at) => at)) {
        const commands = times(batch === 26 ? 7 : 200, () => consuming(account, 1));
        await commitAt(fromMs + (batch + 1) * HOUR_MS, commands);
      }
      const books = await booksOf(here.rows, account);
      expect(books.entries).toHaveLength(5_208);
      for (const [begin, end] of [
        [0, 40],
        [1, 27],
        [1, 28],
        [3, 4],
        [26, 27],
        [27, 40],
        [28, 40],
      ] as const) {
        const month = { fromMs: fromMs + begin * HOUR_MS, toMs: fromMs + end * HOUR_MS };
        expect(shown(await read(account, month))).toEqual(expectedStatement(books, month));
      }
    });

    test("list some of very many actions by name, and the others together", async () => {
      const account = newAccount();
      const month = { fromMs: beginMs, toMs: beginMs + 24 * HOUR_MS };
      await commitAt(beginMs, [granting(account, 1_000_000)]);
      const actions = times(MAX_NAMES + 50, (at) => ({ ...consuming(account, at + 1), action: `action ${at}` }));
      await commitAt(beginMs + 1, actions.toReversed());
      const { spent } = (await read(account, month)).sums;
      expect(spent).toHaveLength(MAX_NAMES + 1);
      expect(spent[0]).toEqual({ name: `action ${MAX_NAMES + 49}`, entries: 1, amount: MAX_NAMES + 50 });
      expect(spent.at(-1)).toEqual({ name: null, entries: 50, amount: (50 * 51) / 2 });
    });

    test("of an account without entries, and of months before its first one, are zeros, and are not kept", async () => {
      const account = newAccount();
      const month = firstMonth as Month;
      const zeros = { opening: [0, 0], closing: [0, 0], grants: {}, revoked: 0, spent: {}, refunded: {}, expired: 0 };
      expect(shown(await read(account, month))).toEqual(zeros);
      await commitAt(month.toMs, [granting(account, 5)]);
      expect(shown(await read(account, month))).toEqual(zeros);
      expect(await kept(account)).toEqual([]);
    });

    test("are kept from a quarter of an hour after their end", async () => {
      const account = newAccount();
      const month = firstMonth as Month;
      await commitAt(month.fromMs, [granting(account, 5)]);
      for (const [nowMs, isFinal] of [
        [month.toMs - 1, false],
        [month.toMs + SETTLED_AFTER_MS - 1, false],
        [month.toMs + SETTLED_AFTER_MS, true],
      ] as const) {
        expect(await read(account, month, nowMs)).toMatchObject({ isFinal });
        expect(await kept(account)).toHaveLength(Number(isFinal));
      }
    });

    test("that are kept are computed again when an entry was added to the month after all", async () => {
      const account = newAccount();
      const [month, next] = monthsOf("Asia/Shanghai") as [Month, Month];
      await commitAt(month.fromMs, [granting(account, 5)]);
      expect((await read(account, month)).closing.balance).toBe(5);
      await commitAt(month.toMs - 1, [consuming(account, 2)]);
      await commitAt(month.toMs, [consuming(account, 1)]);
      const books = await booksOf(here.rows, account);
      for (const each of [month, next])
        expect(shown(await read(account, each))).toEqual(expectedStatement(books, each));
      expect(await kept(account)).toHaveLength(2);
    });

    test("chain where a clock that was set back has put entries out of order", async () => {
      const account = newAccount();
      const [month, next] = monthsOf("Asia/Shanghai") as [Month, Month];
      await commitAt(month.fromMs, [granting(account, 1_000)]);
      const random = randomFrom(3);
      for (const _ of times(60, () => undefined)) {
        await commitAt(month.toMs + Math.floor((random() - 0.5) * HOUR_MS), [consuming(account, 1)]);
      }
      const [first, second] = [await read(account, month), await read(account, next)];
      expect(second.opening).toEqual(first.closing);
      expect(second.closing.balance).toBe(940);
      const charges = [first, second].map(({ sums }) => sums.spent.reduce((sum, { entries }) => sum + entries, 0));
      expect((charges[0] as number) + (charges[1] as number)).toBe(60);
      expect(await Promise.all([month, next].map((each) => read(account, each)))).toEqual([first, second]);
    });
  });
}
