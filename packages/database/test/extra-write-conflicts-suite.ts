import { credits, idempotencyKey } from "@jifen/core";
import { ExtraWriteConflict, type ExtraWrites } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import {
  accountOn,
  balanceOn,
  byShop,
  consuming,
  done,
  granting,
  newAccount,
  perform,
  untilKnown,
} from "./commands.ts";
import { eventsOn, expectBothOrNeither, fundWithOrder } from "./expect-extra-writes.ts";
import { eventRow, newId, orderChange, orderRow, payOrder, withExtra } from "./extra-writes.ts";
import { fund, ledgerOn } from "./ledger-on.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Conflicts of extra writes and races between commands with extra writes: the same on every database. */
export function describeExtraWriteConflicts(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.secondUrl);
  });
  afterAll(() => other?.close());
  const store = () => here.database.ledger;

  describe("a conflict rejects the command with ExtraWriteConflict and leaves nothing of it", () => {
    const conflicts: { says: string; reason: string; table: string; extra: (order: string) => ExtraWrites }[] = [
      {
        says: "a row with the same primary key exists",
        reason: "ROW_EXISTS",
        table: "one_time_links",
        extra: (order) => ({ rows: [orderRow(order)] }),
      },
      {
        says: "a row with the same primary key is inserted twice",
        reason: "ROW_EXISTS",
        table: "one_time_links",
        extra: (order) => ({ rows: [orderRow(`${order}-new`), orderRow(`${order}-new`)] }),
      },
      {
        says: "the row to change does not exist",
        reason: "ROW_NOT_AS_EXPECTED",
        table: "one_time_links",
        extra: (order) => ({ changes: [orderChange(`${order}-missing`, { from: "open", to: "paid", by: "x" })] }),
      },
      {
        says: "the row to change has another value",
        reason: "ROW_NOT_AS_EXPECTED",
        table: "one_time_links",
        extra: (order) => ({ changes: [orderChange(order, { from: "cancelled", to: "paid", by: "x" })] }),
      },
      {
        says: "the row to change has null instead of a value",
        reason: "ROW_NOT_AS_EXPECTED",
        table: "one_time_links",
        extra: (order) => ({
          changes: [{ ...orderChange(order, { from: "open", to: "paid", by: "x" }), expected: { payload: "x" } }],
        }),
      },
    ];

    test.each(conflicts)("a conflict is reported when $says", async ({ reason, table, extra }) => {
      const [account, event, key] = [newAccount(), newId(), newId()];
      const order = await fundWithOrder(here, account);
      const before = await accountOn(store(), account);
      const command = withExtra(consuming(account, 1, key), (entry) => {
        const { rows = [], changes = [] } = extra(order);
        return { rows: [eventRow(event, entry), ...rows], changes };
      });
      for (const database of [here.database, other, here.database]) {
        const failure = await perform(database.ledger, command).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(ExtraWriteConflict);
        expect(failure).toMatchObject({ reason, table });
      }
      expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(false);
      expect(await accountOn(store(), account)).toEqual(before);
      expect(await here.rows.find("one_time_links", { user_id: `${order}-new` })).toEqual([]);
      // The key is still free, and the connection is still usable.
      expect(done(await perform(store(), consuming(account, 1, key)))).toMatchObject({ replayed: false });
    });

    test("a conflict is reported when another unique index than the primary key has the row", async () => {
      const account = newAccount();
      const row = (id: string) => ({
        table: "logs",
        values: {
          ...{ user_id: account, id, idempotency_key: "caller:1", action: "a", details: "{}", success: true },
          ...{ occurred_at_ms: 1, created_at_ms: 1 },
        },
      });
      done(
        await perform(
          store(),
          withExtra(granting(account, 5), () => ({ rows: [row(newId())] })),
        ),
      );
      const again = perform(
        store(),
        withExtra(granting(account, 5), () => ({ rows: [row(newId())] })),
      );
      await expect(again).rejects.toMatchObject({ name: "ExtraWriteConflict", reason: "ROW_EXISTS", table: "logs" });
      expect(await journalOf(here.rows, account)).toHaveLength(1);
    });
  });

  test("a conflict rejects its command alone, and its neighbours in the batch take effect", async () => {
    const [account, taken] = [newAccount(), newId()];
    const ledger = ledgerOn({ ...here.database, ledgerShards: 1 });
    await fund(ledger, account, 100);
    done(
      await perform(
        store(),
        withExtra(consuming(account, 1), (entry) => ({ rows: [eventRow(taken, entry)] })),
      ),
    );
    const events = times(9, (n) => (n === 4 ? taken : newId()));
    const results = await Promise.allSettled(
      events.map((event) =>
        ledger.consume({
          ...{ ...byShop, accountId: account, amount: credits(10), action: "test", metadata: null },
          idempotencyKey: idempotencyKey.ofCaller(event),
          extra: (entry) => ({ rows: [eventRow(event, entry)] }),
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(times(9, (n) => (n === 4 ? "rejected" : "fulfilled")));
    expect(results[4]).toMatchObject({ reason: { name: "ExtraWriteConflict", reason: "ROW_EXISTS" } });
    expect(await balanceOn(store(), account)).toEqual({ balance: 19, held: 0 });
    expect(await eventsOn(here, taken)).toHaveLength(1);
  });

  test("of 40 concurrent commands that expect the same state of a row, exactly one takes effect", async () => {
    const shared = newAccount();
    const order = await fundWithOrder(here, shared, 1_000);
    const attempts = await Promise.all(
      times(40, async (n) => {
        const account = n % 2 === 0 ? shared : newAccount();
        if (account !== shared) await perform(store(), granting(account, 1_000));
        return { account, event: newId(), database: n % 4 < 2 ? here.database : other };
      }),
    );
    const results = await Promise.allSettled(
      attempts.map(({ account, event, database }) => {
        const command = withExtra(consuming(account, 7), payOrder(order, event));
        return untilKnown(() => perform(database.ledger, command));
      }),
    );
    const winners = attempts.filter((_, n) => results[n]?.status === "fulfilled");
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ reason: "ROW_NOT_AS_EXPECTED" });
    }
    const stored = await Promise.all(attempts.map(({ event }) => eventsOn(here, event)));
    expect(stored.flat()).toHaveLength(1);
    const balances = await Promise.all(
      [...new Set(attempts.map(({ account }) => account))].map((account) => balanceOn(store(), account)),
    );
    const spent = balances.reduce((sum, balance) => sum + 1_000 - (balance?.balance ?? 0), 0);
    expect(spent).toBe(7);
  });

  test("of 20 concurrent commands that insert the same row, exactly one takes effect", async () => {
    const order = newId();
    const accounts = times(20, () => newAccount());
    const results = await Promise.allSettled(
      accounts.map((account, n) => {
        const command = withExtra(granting(account, 3), () => ({ rows: [orderRow(order)] }));
        return untilKnown(() => perform((n % 2 === 0 ? here.database : other).ledger, command));
      }),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ reason: "ROW_EXISTS" });
    }
    const entries = await Promise.all(accounts.map((account) => journalOf(here.rows, account)));
    expect(entries.flat()).toHaveLength(1);
  });

  test("an account that another process has changed is decided again and is no conflict", async () => {
    const account = newAccount();
    const order = await fundWithOrder(here, account);
    done(await perform(other.ledger, consuming(account, 1)));
    done(await perform(store(), consuming(account, 1)));
    done(await perform(other.ledger, consuming(account, 1)));
    const [event, key] = [newId(), newId()];
    done(await perform(store(), withExtra(consuming(account, 1, key), payOrder(order, event))));
    expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(true);
    expect(await balanceOn(store(), account)).toEqual({ balance: 96, held: 0 });
  });
}
