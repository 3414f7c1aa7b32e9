import { credits, InvariantError, idempotencyKey } from "@jifen/core";
import { type ExtraChange, ExtraWriteConflict, type ExtraWrites } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import {
  accountOn,
  balanceOn,
  consuming,
  done,
  granting,
  newAccount,
  perform,
  performTogether,
  untilKnown,
} from "./commands.ts";
import { eventsOn, expectBothOrNeither, fundWithOrder, orderOn } from "./expect-extra-writes.ts";
import { eventRow, newId, orderChange, orderRow, payOrder, withExtra } from "./extra-writes.ts";
import { fund, ledgerOn } from "./ledger-on.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Extra writes of commands: the same on every database. */
export function describeExtraWrites(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.url);
  });
  afterAll(() => other?.close());
  const store = () => here.database.ledger;

  test("a command commits its entry, its extra rows and its extra changes together", async () => {
    const [account, event, key] = [newAccount(), newId(), newId()];
    const order = await fundWithOrder(here, account);
    done(await perform(store(), withExtra(consuming(account, 30, key), payOrder(order, event))));
    expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(true);
    expect(await balanceOn(store(), account)).toEqual({ balance: 70, held: 0 });
  });

  test("extra rows keep texts, numbers, booleans and nulls exactly, and columns that are left out are null", async () => {
    const [account, event, user] = [newAccount(), newId(), newId()];
    const text = `积分 "quoted" \\ {a,b} 'x' NULL \n😀`;
    const log = { user_id: user, id: newId(), idempotency_key: null, action: text, details: '{"a":1}' };
    const times = { occurred_at_ms: 1_700_000_000_123, created_at_ms: 9_007_199_254_740_991 };
    const rows = [true, false].map((success, n) => ({
      table: "logs",
      values: { ...log, id: `${log.id}-${n}`, success, ...times },
    }));
    const command = withExtra(granting(account, 1), (entry) => ({ rows: [...rows, eventRow(event, entry)] }));
    done(await perform(store(), command));
    const stored = await here.rows.find("logs", { user_id: user }, "id");
    expect(stored.map((row) => ({ ...row, success: Boolean(row["success"]) }))).toEqual(
      rows.map(({ values }) => values),
    );
    expect(await eventsOn(here, event)).toMatchObject([{ reason: null, details: null, request_id: null }]);
  });

  test("columns that an extra row leaves out get the default of their table", async () => {
    const id = newId();
    const row = { table: "users", values: { id, email: id, name: "n", created_at_ms: 1 } };
    done(
      await perform(
        store(),
        withExtra(granting(newAccount(), 1), () => ({ rows: [row] })),
      ),
    );
    expect(await here.rows.find("users", { id })).toMatchObject([
      { role: "user", token_version: 1, sessions_ended_at_ms: 0, password_hash: null },
    ]);
  });

  test("a refused command writes none of its extra writes", async () => {
    const [account, event, key] = [newAccount(), newId(), newId()];
    const order = await fundWithOrder(here, account);
    const command = withExtra(consuming(account, 101, key), payOrder(order, event));
    expect(await perform(store(), command)).toMatchObject({ refusal: { code: "INSUFFICIENT_CREDITS" } });
    expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(false);
  });

  test("a replay writes none of its extra writes", async () => {
    const [account, event, key] = [newAccount(), newId(), newId()];
    const order = await fundWithOrder(here, account);
    const command = withExtra(consuming(account, 5, key), payOrder(order, event));
    done(await perform(store(), command));
    for (const database of [here.database, other]) {
      const again = withExtra(consuming(account, 5, key), payOrder(order, newId()));
      expect(done(await perform(database.ledger, again))).toMatchObject({ replayed: true });
    }
    expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(true);
  });

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

  test("changes without expected values only need the row, and null equals null", async () => {
    const account = newAccount();
    const order = await fundWithOrder(here, account);
    const change = { table: "one_time_links", key: { purpose: "order", user_id: order } };
    const changes: ExtraChange[] = [
      { ...change, expected: { payload: null }, set: { expires_at_ms: 5 } },
      { ...change, expected: {}, set: { payload: "second" } },
    ];
    done(
      await perform(
        store(),
        withExtra(granting(account, 1), () => ({ changes })),
      ),
    );
    expect(await here.rows.find("one_time_links", { user_id: order })).toMatchObject([
      { expires_at_ms: 5, payload: "second", secret_hash: "open" },
    ]);
  });

  test("a change sees the rows and the earlier changes of its batch", async () => {
    const [account, order] = [newAccount(), newId()];
    const steps = ["open", "paid", "sent"];
    await performTogether(store(), [
      withExtra(granting(account, 1), () => ({ rows: [orderRow(order, "new")] })),
      ...steps.map((to, n) =>
        withExtra(granting(account, 1), () => ({
          changes: [
            {
              ...orderChange(order, { from: "", to, by: "" }),
              expected: { secret_hash: n === 0 ? "new" : (steps[n - 1] ?? null) },
              set: { secret_hash: to },
            },
          ],
        })),
      ),
    ]);
    expect(await orderOn(here, order)).toEqual({ state: "sent", by: null });
  });

  test("a batch of 120 commands writes all of its extra rows", async () => {
    const account = newAccount();
    const order = await fundWithOrder(here, account, 1_000);
    const events = times(120, () => newId());
    const commands = events.map((event) =>
      withExtra(consuming(account, 2), (entry) => ({ rows: [eventRow(event, entry), orderRow(`${event}-${order}`)] })),
    );
    const outcomes = await performTogether(store(), commands);
    const stored = await Promise.all(events.map((event) => eventsOn(here, event)));
    expect(stored.map(([row]) => row?.["subject"])).toEqual(outcomes.map((each) => done(each).entry.id));
    expect(await orderOn(here, `${events[119]}-${order}`)).toEqual({ state: "open", by: null });
    expect(await balanceOn(store(), account)).toEqual({ balance: 760, held: 0 });
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
          ...{ accountId: account, amount: credits(10), action: "test", metadata: null },
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
    // Both processes may have cached the account by now.
    done(await perform(other.ledger, consuming(account, 1)));
    done(await perform(store(), consuming(account, 1)));
    done(await perform(other.ledger, consuming(account, 1)));
    const [event, key] = [newId(), newId()];
    done(await perform(store(), withExtra(consuming(account, 1, key), payOrder(order, event))));
    expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(true);
    expect(await balanceOn(store(), account)).toEqual({ balance: 96, held: 0 });
  });

  test.each([
    { says: "an unknown table", extra: { rows: [{ table: "orders; DROP TABLE users", values: { id: "1" } }] } },
    { says: "a table of the ledger", extra: { rows: [{ table: "grants", values: { id: "1" } }] } },
    { says: "an unknown column", extra: { rows: [{ table: "audit_events", values: { "id) --": "1" } }] } },
    {
      says: "a change without the whole primary key",
      extra: { changes: [{ table: "one_time_links", key: { user_id: "1" }, expected: {}, set: { payload: "x" } }] },
    },
  ])("extra writes to $says are refused before anything is written", async ({ extra }) => {
    const account = newAccount();
    const writing = perform(
      store(),
      withExtra(granting(account, 1), () => extra),
    );
    await expect(writing).rejects.toThrow(InvariantError);
    expect(await journalOf(here.rows, account)).toEqual([]);
    expect(await perform(store(), granting(account, 1))).toMatchObject({ ok: true });
  });
}
