import { InvariantError } from "@jifen/core";
import type { ExtraChange } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { balanceOn, consuming, done, granting, newAccount, perform, performTogether } from "./commands.ts";
import { eventsOn, expectBothOrNeither, fundWithOrder, orderOn } from "./expect-extra-writes.ts";
import { describeExtraWriteConflicts } from "./extra-write-conflicts-suite.ts";
import { eventRow, newId, orderChange, orderRow, payOrder, withExtra } from "./extra-writes.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Extra writes of commands: the same on every database. */
export function describeExtraWrites(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.secondUrl);
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

  describe("conflicts of extra writes", () => describeExtraWriteConflicts(kind));
}
