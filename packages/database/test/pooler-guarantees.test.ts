import { accountId, accountOf } from "@jifen/core";
import { type FreshDatabase, freshDatabase, hasPgbouncer, type OwnPgbouncer, startPgbouncer } from "@jifen/testkit";
import { onPostgresql } from "@jifen/testkit/processes";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { firstGrantOf, untilKnown } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { newEvent, newUser } from "./samples.ts";

const isPossible = hasPgbouncer() && inject("postgresqlUrl") !== "";
const account = accountId("user:ann@example.com");

/** Notes the settings under which each entry and each user is written. */
const WITNESS = `
  CREATE TABLE witness (of text, synchronous text, statement text, lock text, idle text, path text);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.witness SELECT TG_TABLE_NAME, current_setting('synchronous_commit'),
      current_setting('statement_timeout'), current_setting('lock_timeout'),
      current_setting('idle_in_transaction_session_timeout'), current_setting('search_path');
    RETURN NEW; END $$;
  CREATE TRIGGER note_entries AFTER INSERT ON transactions FOR EACH ROW EXECUTE FUNCTION note();
  CREATE TRIGGER note_users AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION note();`;

const wanted = { synchronous: "on", statement: "5s", lock: "3s", idle: "10s", path: "public" };

describe.skipIf(!isPossible).each(["transaction", "session"])("behind PgBouncer in %s mode", (mode) => {
  let fresh: FreshDatabase;
  let pooler: OwnPgbouncer;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase("postgresql");
    // Unsafe defaults, of which the sessions of the pooler begin with.
    const name = new URL(fresh.url).pathname.slice(1);
    await onPostgresql(fresh.url, (client) =>
      client.query(`ALTER DATABASE ${name} SET synchronous_commit = off; ALTER DATABASE ${name} SET lock_timeout = 0`),
    );
    pooler = await startPgbouncer(fresh.url, { pool_mode: mode, default_pool_size: 14 });
    database = await openDatabase(pooler.url);
    await onPostgresql(fresh.url, (client) => client.query(WITNESS));
  });
  afterAll(async () => {
    await database?.close();
    await pooler?.[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  /** Leaves settings in sessions of the pooler, as another client of it may. */
  const poison = async () => {
    const client = new pg.Client({ connectionString: pooler.url });
    await client.connect();
    await client.query(
      "SET synchronous_commit = off; SET statement_timeout = 0; SET lock_timeout = 0; SET search_path = pg_catalog",
    );
    await client.end();
  };

  test("durability, timeouts and the schema hold in every transaction, whatever the session has", async () => {
    const ledger = ledgerOn(database);
    await fund(ledger, account, 1_000);
    for (let at = 0; at < 5; at += 1) {
      if (mode === "transaction") await poison();
      const user = newUser();
      await database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
      await Promise.all([0, 1, 2].map((n) => spend(ledger, { account, key: `order-${at}-${n}`, amount: 1 })));
    }
    const { rows } = await onPostgresql(fresh.url, (client) =>
      client.query("SELECT DISTINCT of, synchronous, statement, lock, idle, path FROM witness ORDER BY of"),
    );
    expect(rows).toEqual([
      { of: "transactions", ...wanted },
      { of: "users", ...wanted },
    ]);
  });

  test("a pooler that is killed while credits are spent loses and doubles nothing", async () => {
    const ledger = ledgerOn(database);
    const spender = accountId("user:bob@example.com");
    await untilKnown(() => fund(ledger, spender, 1_000));
    let killed: Promise<void> | undefined;
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        if (at === 20) killed = pooler.kill().then(() => pooler.start());
        return untilKnown(() => spend(ledger, { account: spender, key: `n-${at}`, amount: 3 }));
      }),
    );
    await killed;
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const read = await database.ledger.readAccounts([spender]);
    expect(read.accounts.get(spender)?.account).toMatchObject({ balance: 1_000 - 60 * 3, held: 0, sequence: 61 });
  });
});

describe.skipIf(!isPossible)("behind PgBouncer in statement mode", () => {
  test("the start is refused before a table is made", async () => {
    const fresh = await freshDatabase("postgresql");
    await using pooler = await startPgbouncer(fresh.url, { pool_mode: "statement" });
    await expect(openDatabase(pooler.url)).rejects.toThrow(/statement pooling.*transaction or session/);
    const { rows } = await onPostgresql(fresh.url, (client) =>
      client.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'"),
    );
    expect(rows).toEqual([]);
    await pooler.kill();
    await fresh.drop();
  });
});
