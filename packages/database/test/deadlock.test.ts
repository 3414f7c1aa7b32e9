import type { AccountId } from "@jifen/core";
import { type Command, decideBatch, readSetOf } from "@jifen/ledger";
import { describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { balanceOn, consuming, granting, newAccount, perform, performTogether, untilKnown } from "./commands.ts";
import { readDeadlocks, untilLockWaits } from "./lock-waits.ts";
import { openRawSql } from "./raw-sql.ts";
import { journalOf, useDatabase } from "./use-database.ts";

describeOn("postgresql")("a commit on PostgreSQL", () => {
  const here = useDatabase("postgresql");

  test("a commit locks its accounts in one order, so that two commits never deadlock", async () => {
    const accounts = [newAccount(), newAccount(), newAccount(), newAccount()];
    const database = await openDatabase(here.url);
    const together = (order: typeof accounts, make: (account: AccountId) => Command) =>
      untilKnown(() => performTogether(database.ledger, order.map(make)));
    await together(accounts, (account) => granting(account, 100));
    const before = await readDeadlocks(here.sql);
    const orders = Array.from({ length: 80 }, (_, n) => (n % 2 === 0 ? accounts : accounts.toReversed()));
    await Promise.all(orders.map((order) => together(order, (account) => consuming(account, 1))));
    await database.close();
    expect(await readDeadlocks(here.sql)).toEqual(before);
  });

  test("a commit with a write conflict is decided again on the current rows and leaves nothing of its first attempt", async () => {
    const account = newAccount();
    await perform(here.database.ledger, granting(account, 100));
    // Another session spends 60 and has not committed yet: an optimistic read still sees 100.
    const other = await openRawSql(here.url);
    await other.query("BEGIN");
    await other.query(`UPDATE accounts SET balance = 40, sequence = 2 WHERE id = '${account}'`);
    await other.query(`UPDATE grants SET remaining = 40 WHERE account_id = '${account}'`);
    await other.query(`INSERT INTO transactions
      SELECT account_id, 2, 'txn-${account}', 'caller:other', 'consume', 60, 'a', NULL, NULL, NULL, account_id, 'system:earned',
        40, 0, jsonb_set(shares::jsonb, '{0,amount}', '60')::text, 0, NULL, created_at_ms
      FROM transactions WHERE account_id = '${account}'`);
    const seen: unknown[] = [];
    const commands = [consuming(account, 30), consuming(account, 50)];
    const commit = here.database.ledger.commit(readSetOf(commands, "first"), (snapshot) => {
      seen.push(snapshot.accounts.get(account)?.account.balance);
      return decideBatch(commands, snapshot);
    });
    await untilLockWaits(here.sql, 1);
    await other.query("COMMIT");
    await other.close();

    expect(await commit).toMatchObject([{ ok: true }, { ok: false, refusal: { balance: 10, required: 50 } }]);
    expect(seen).toEqual([100, 40]);
    expect(await journalOf(here.rows, account)).toMatchObject([{ amount: 100 }, { amount: 60 }, { amount: 30 }]);
    expect(await balanceOn(here.database.ledger, account)).toEqual({ balance: 10, held: 0 });
  });

  test("a commit that is the victim of a deadlock is decided again on the current rows", async () => {
    const [known, opened] = [newAccount(), newAccount()];
    await perform(here.database.ledger, granting(known, 100));
    // Another session opens one account and then locks the other: the opposite order of ours.
    const other = await openRawSql(here.url);
    await other.query("BEGIN");
    await other.query(`INSERT INTO accounts (id, balance, held, sequence) VALUES ('${opened}', 0, 0, 0)`);
    // The server itself waits for our commit: a session looks for a deadlock once, one second after its wait began, and ours
    // is the victim only when the other one waits by then.
    const locked = other.query(`DO $$ BEGIN
      FOR attempt IN 1..3000 LOOP
        EXIT WHEN EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)));
        PERFORM pg_sleep(0.01);
      END LOOP;
      PERFORM 1 FROM accounts WHERE id = '${known}' FOR UPDATE;
    END $$`);
    const seen: boolean[] = [];
    const commands = [consuming(known, 1, "order-1"), granting(opened, 5, "order-1")];
    const commit = here.database.ledger.commit(readSetOf(commands, "first"), (snapshot) => {
      seen.push(snapshot.accounts.has(opened));
      return decideBatch(commands, snapshot);
    });
    await locked;
    await other.query("COMMIT");
    await other.close();

    expect(await commit).toMatchObject([{ ok: true }, { ok: true }]);
    // It can take one more attempt: a statement does not see a row that appears while it waits.
    expect([seen.at(0), seen.at(-1)]).toEqual([false, true]);
    expect(await journalOf(here.rows, known)).toHaveLength(2);
    expect(await journalOf(here.rows, opened)).toHaveLength(1);
  });

  describe("with another default isolation level", () => {
    test.each(["repeatable read", "serializable"])(
      "commits work when the default of the server is %s",
      async (level) => {
        const name = new URL(here.url).pathname.slice(1);
        await here.sql.query(`ALTER DATABASE ${name} SET default_transaction_isolation = '${level}'`);
        const database = await openDatabase(here.url);
        const account = newAccount();
        await perform(database.ledger, granting(account, 100));
        await Promise.all(Array.from({ length: 20 }, () => perform(database.ledger, consuming(account, 1))));
        expect(await balanceOn(database.ledger, account)).toEqual({ balance: 80, held: 0 });
        await database.close();
      },
    );
  });
});
