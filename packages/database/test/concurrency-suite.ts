import type { CommandOutcome } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import {
  balanceOn,
  capturing,
  consuming,
  done,
  granting,
  holding,
  newAccount,
  perform,
  performTogether,
  placed,
  refunding,
  releasing,
  untilKnown,
} from "./commands.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Concurrent commands on the same accounts from two stores: the same on every database. */
export function describeConcurrency(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.secondUrl);
  });
  afterAll(() => other?.close());
  const storeOf = (n: number) => (n % 2 === 0 ? here.database : other).ledger;

  test("of 300 concurrent commands that spend the last credits, each accepted one has one entry and each refused one none", async () => {
    const account = newAccount();
    for (const amount of [50, 30, 120]) await perform(storeOf(0), granting(account, amount));
    const commands = times(300, (n) => consuming(account, 1 + (n % 3)));
    const answers = await Promise.all(commands.map((command, n) => untilKnown(() => perform(storeOf(n), command))));

    const entries = await journalOf(here.rows, account);
    const spent = new Map(
      entries.filter((entry) => entry.kind === "consume").map((entry) => [entry.idempotency_key, entry]),
    );
    const expected = commands.flatMap((command, n) => {
      const answer = answers[n] as CommandOutcome;
      if (!answer.ok) return [];
      return [[command.idempotencyKey, command.amount, answer.value.entry.balanceAfter]];
    });
    expect(entries).toHaveLength(3 + expected.length);
    expect(
      expected
        .map(([key]) => spent.get(String(key)))
        .map((entry) => [entry?.idempotency_key, entry?.amount, entry?.balance_after]),
    ).toEqual(expected);

    let balance = 0;
    for (const [index, entry] of entries.entries()) {
      balance += entry.kind === "grant" ? entry.amount : -entry.amount;
      expect([entry.sequence, entry.balance_after]).toEqual([index + 1, balance]);
    }
    expect(await balanceOn(storeOf(1), account)).toEqual({ balance, held: 0 });
    expect(balance).toBeLessThan(3);
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.code).toBe("INSUFFICIENT_CREDITS");
  });

  test("200 concurrent commands with one key have one effect and one result", async () => {
    const account = newAccount();
    await perform(storeOf(0), granting(account, 1_000));
    const answers = await Promise.all(
      times(200, (n) => untilKnown(() => perform(storeOf(n), consuming(account, 7, "order-1")))),
    );
    const entries = await journalOf(here.rows, account);
    expect(entries).toHaveLength(2);
    expect(entries[1]).toMatchObject({ amount: 7, balance_after: 993 });
    expect(new Set(answers.map((answer) => answer.ok && answer.value.entry.id))).toEqual(new Set([entries[1]?.id]));
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1);
  });

  test("concurrent grants that open one account all take effect once", async () => {
    const account = newAccount();
    const commands = times(12, (n) => granting(account, 10 + n));
    const answers = await Promise.all(commands.map((command, n) => untilKnown(() => perform(storeOf(n), command))));
    expect(answers.every((answer) => answer.ok && !answer.value.replayed)).toBe(true);
    const entries = await journalOf(here.rows, account);
    expect(entries.map((entry) => entry.sequence)).toEqual(times(12, (n) => n + 1));
    expect(entries.map((entry) => entry.amount).toSorted()).toEqual(commands.map((command) => command.amount));
    expect(await balanceOn(storeOf(0), account)).toEqual({ balance: 186, held: 0 });
  });

  test("of concurrent commands that resolve one hold, one takes effect and no credit is lost", async () => {
    const account = newAccount();
    await perform(storeOf(0), granting(account, 100));
    const hold = await placed(storeOf(0), holding(account, 60));
    const commands = times(60, (n) =>
      n % 2 === 0 ? capturing(account, hold.id, 1 + (n % 50)) : releasing(account, hold.id),
    );
    const answers = await Promise.all(commands.map((command, n) => untilKnown(() => perform(storeOf(n), command))));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.code).toBe("HOLD_ALREADY_RESOLVED");
    const won = commands[answers.findIndex((answer) => answer.ok)];
    const charged = won?.kind === "capture" ? (won.amount ?? 60) : 0;
    expect(await balanceOn(storeOf(1), account)).toEqual({ balance: 100 - charged, held: 0 });
    const resolved = await here.database.history.hold(account, hold.id);
    expect(resolved).toMatchObject({ captured: charged, released: 60 - charged, expired: 0 });
  });

  test("concurrent refunds of one charge never exceed the charge", async () => {
    const account = newAccount();
    await perform(storeOf(0), granting(account, 100));
    const { entry } = done(await perform(storeOf(0), consuming(account, 50)));
    const alone = times(20, (n) => [refunding(account, entry.id, 1 + (n % 4))]);
    const together = times(5, () => times(4, () => refunding(account, entry.id, 3)));
    const answers = await Promise.all(
      [...alone, ...together].map((commands, n) => untilKnown(() => performTogether(storeOf(n), commands))),
    );
    const given = answers.flat().flatMap((answer) => (answer.ok ? [answer.value.entry.amount] : []));
    for (const answer of answers.flat()) if (!answer.ok) expect(answer.refusal.code).toBe("REFUND_EXCEEDS_CHARGE");
    const sum = given.reduce((total, amount) => total + amount, 0);
    // A refused refund was larger than the rest: less than the largest refund is left.
    expect(sum).toBeGreaterThan(50 - 4);
    expect(sum).toBeLessThanOrEqual(50);
    expect(await balanceOn(storeOf(1), account)).toEqual({ balance: 50 + sum, held: 0 });
  });

  test("concurrent batches that name the same accounts in opposite orders all take effect", async () => {
    const accounts = [newAccount(), newAccount(), newAccount()];
    await performTogether(
      storeOf(0),
      accounts.map((account) => granting(account, 100)),
    );
    await Promise.all(
      times(60, (n) => {
        const commands = accounts.map((account) => consuming(account, 1));
        return untilKnown(() => performTogether(storeOf(n), n % 3 === 0 ? commands : commands.toReversed()));
      }),
    );
    for (const account of accounts) expect(await balanceOn(storeOf(0), account)).toEqual({ balance: 40, held: 0 });
  });
}
