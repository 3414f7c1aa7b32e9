import { setTimeout as sleep } from "node:timers/promises";
import { credits } from "@jifen/core";
import { decideBatch, readSetOf } from "@jifen/ledger";
import { describeOn, hasOwnMysql, startOwnMysql } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { balanceOn, consuming, done, granting, look, newAccount, perform } from "./commands.ts";
import { openRawSql } from "./raw-sql.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

describeOn("mysql")("a commit on MySQL", () => {
  const here = useDatabase("mysql");

  /**
   * Resolves when a statement in this database waits for a lock. The server caches this information for 100 ms, so each
   * query, also the first, comes later than that after any other.
   */
  const untilLockWait = async () => {
    const waiting = `SELECT 1 FROM information_schema.innodb_trx t JOIN information_schema.processlist p
      ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'`;
    do await sleep(150);
    while ((await here.sql.query(waiting)).length === 0);
  };

  test("a commit that waited for a lock is decided on the current rows", async () => {
    const account = newAccount();
    await perform(here.database.ledger, granting(account, 100));
    const other = await openRawSql(here.url);
    await other.query("BEGIN");
    await other.query(`UPDATE accounts SET balance = 40, sequence = 2 WHERE id = '${account}'`);
    await other.query(`UPDATE grants SET remaining = 40 WHERE account_id = '${account}'`);
    await other.query(`INSERT INTO transactions
      SELECT account_id, 2, 'txn-${account}', 'caller:other', 'consume', 60, 'a', NULL, NULL, NULL, account_id,
        'system:earned', 40, 0, JSON_REPLACE(shares, '$[0].amount', 60), 0, NULL, created_at_ms, NULL, NULL
      FROM transactions WHERE account_id = '${account}'`);
    const seen: unknown[] = [];
    const commands = [consuming(account, 30), consuming(account, 50)];
    const commit = here.database.ledger.commit(readSetOf(commands, "first"), (snapshot) => {
      seen.push(snapshot.accounts.get(account)?.account.balance);
      return decideBatch(commands, snapshot);
    });
    await untilLockWait();
    await other.query("COMMIT");
    await other.close();

    expect(await commit).toMatchObject([{ ok: true }, { ok: false, refusal: { balance: 10, required: 50 } }]);
    expect(seen).toEqual([40]);
    expect(await journalOf(here.rows, account)).toMatchObject([{ amount: 100 }, { amount: 60 }, { amount: 30 }]);
  });

  test("a commit that is the victim of a deadlock while writing is decided again and leaves nothing of its first attempt", async () => {
    const known = newAccount();
    await perform(here.database.ledger, granting(known, 100));
    const give = granting(known, 5, "order-1");
    // Another session has the grant row that ours inserts, and locks the account that ours has locked. It has written more
    // rows, so the server rolls back our transaction, and runs the insert of our entry outside of it.
    const other = await openRawSql(here.url);
    await other.query("BEGIN");
    const many = times(50, () => `('${newAccount()}', 0, 0, 0)`);
    await other.query(`INSERT INTO accounts (id, balance, held, sequence) VALUES ${many.join(", ")}`);
    await other.query(`INSERT INTO grants (account_id, id, source, amount, remaining, priority, created_at_ms)
      VALUES ('${known}', '${give.grantId}', 'admin', 1, 1, 1, 1)`);
    let decided = 0;
    const commit = here.database.ledger.commit(readSetOf([give], "first"), (snapshot) => {
      decided += 1;
      return decideBatch([give], snapshot);
    });
    await untilLockWait();
    await other.query(`SELECT 1 FROM accounts WHERE id = '${known}' FOR UPDATE`);
    expect(await other.query(`SELECT 1 FROM transactions WHERE account_id = '${known}'`)).toHaveLength(1);
    await other.query("ROLLBACK");
    await other.close();

    expect(await commit).toMatchObject([{ ok: true, value: { entry: { balanceAfter: 105 } } }]);
    expect(decided).toBe(2);
    expect(await journalOf(here.rows, known)).toHaveLength(2);
    expect(await balanceOn(here.database.ledger, known)).toEqual({ balance: 105, held: 0 });
  });

  test("a commit larger than the packet limit of the server is written completely", async () => {
    const account = newAccount();
    await perform(here.database.ledger, granting(account, 1_000));
    const metadata = JSON.stringify({ prompt: "积".repeat(21_000) });
    const commands = times(400, () => ({ ...consuming(account, 1), metadata }));
    const answers = await here.database.ledger.commit(readSetOf(commands, "first"), (snapshot) =>
      decideBatch(commands, snapshot),
    );
    for (const answer of answers) expect(done(answer).entry.amount).toBe(1);
    const [row] = await here.sql.query(
      `SELECT COUNT(*) AS count, MIN(LENGTH(metadata)) AS least FROM transactions WHERE account_id = '${account}' AND kind = 'consume'`,
    );
    expect(row).toEqual({ count: 400, least: Buffer.byteLength(metadata) });
  });

  test("a key that is too long for its column is never truncated to another key", async () => {
    const account = newAccount();
    const key = "k".repeat(313);
    await perform(here.database.ledger, { ...granting(account, 10, key) });
    const { executed } = await look(here.database.ledger, account, {
      keys: [key, `${key}x`, `${key}${"x".repeat(99)}`],
    });
    expect(executed).toHaveLength(1);
  });
});

if (!hasOwnMysql()) console.error("\n!!! NO MARIADBD TO START: UNUSUAL SERVER SETTINGS ARE NOT TESTED.\n");
describe.skipIf(!hasOwnMysql())("a MariaDB with unusual default settings", () => {
  test("values, times and commits are exact on a MariaDB with unusual default settings", async () => {
    await using server = await startOwnMysql(
      "--transaction-isolation=SERIALIZABLE",
      "--autocommit=0",
      "--sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT",
      "--default-time-zone=+08:00",
      "--character-set-server=latin1",
      "--lower-case-table-names=1",
      "--innodb-rollback-on-timeout",
    );
    const sql = await openRawSql(server.url);
    await sql.query("CREATE DATABASE jifen");
    const url = `${server.url}jifen`;
    const database = await openDatabase(url);
    const account = newAccount();
    await perform(database.ledger, granting(account, 100));
    const metadata = '{"path":"C:\\\\temp\\\\\'","quote":"\\"\'😀"}';
    const command = { ...consuming(account, 30, "back\\slash'"), metadata };
    const answers = await Promise.all(times(20, () => perform(database.ledger, command)));
    for (const answer of answers) expect(done(answer).entry).toMatchObject({ metadata, amount: 30 });
    const { nowMs } = await look(database.ledger, account);
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
    await database.close();
    const again = await openDatabase(url);
    expect(await balanceOn(again.ledger, account)).toEqual({ balance: credits(70), held: 0 });
    await again.close();
    await sql.close();
  });
});
