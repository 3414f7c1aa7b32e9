import { setTimeout as sleep } from "node:timers/promises";
import {
  type CitusPlacement,
  citusUrl,
  createCitusDatabase,
  moveCitusShard,
  onCitusNode,
  onPostgresql,
  readCitusPlacements,
} from "@jifen/testkit/processes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Database,
  distributeDatabase,
  inspectDatabase,
  migrateDatabase,
  openDatabase,
  UnusableDatabase,
} from "../src/index.ts";
import { balanceOn, newAccount } from "./commands.ts";
import { fund, fundUntil, ledgerOn, spend } from "./ledger-on.ts";

const serverUrl = citusUrl();
if (serverUrl === undefined) console.error("\n!!! NO CITUS: NO SHARDS ARE TESTED. TEST_CITUS_URL is not set\n");
const times = <Result>(count: number, make: (n: number) => Result) => Array.from({ length: count }, (_, n) => make(n));

/** The shard of an account, its node, and another node. */
async function placementOf(url: string, account: string): Promise<CitusPlacement> {
  const { rows } = await onPostgresql(url, (client) =>
    client.query<{ shard: string }>("SELECT get_shard_id_for_distribution_column('accounts', $1::text) AS shard", [
      account,
    ]),
  );
  const placements = await readCitusPlacements(url);
  return placements.find(({ shard }) => shard === rows[0]?.shard) as CitusPlacement;
}

/** Moves a shard; writes wait until it has moved. */
const move = (url: string, placement: CitusPlacement) => moveCitusShard(url, placement, "block_writes");

describe.skipIf(serverUrl === undefined)("accounts in several shards", () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  beforeAll(async () => {
    ({ url, drop } = await createCitusDatabase(serverUrl ?? ""));
    await migrateDatabase(url);
    await distributeDatabase(url, { shardCount: 6 });
    database = await openDatabase(url);
  });
  afterAll(async () => {
    await database?.close();
    await drop?.();
  });

  test("accounts of all shards are funded, charged and read concurrently", async () => {
    const ledger = ledgerOn(database);
    const accounts = times(60, () => newAccount());
    await Promise.all(accounts.map((account) => fund(ledger, account, 10)));
    await Promise.all(accounts.map((account, n) => spend(ledger, { account, key: `spend-${n}`, amount: 4 })));
    const balances = await Promise.all(accounts.map((account) => ledger.balance(account)));
    expect(new Set(balances.map(({ balance }) => balance))).toEqual(new Set([6]));
    const shards = await Promise.all(accounts.map((account) => placementOf(url, account)));
    expect(new Set(shards.map(({ shard }) => shard)).size).toBeGreaterThan(1);
  });

  test("after a move of its shard, an account is charged on the new node", async () => {
    const ledger = ledgerOn(database);
    const account = newAccount();
    await fund(ledger, account, 10);
    const placement = await placementOf(url, account);
    await move(url, placement);
    expect((await ledger.balance(account)).balance).toBe(10);
    expect(await spend(ledger, { account, key: "after the move", amount: 4 })).toMatchObject({ ok: true });
    expect(await placementOf(url, account)).toMatchObject({ host: placement.toHost, port: placement.toPort });
    expect(await balanceOn(database.ledger, account)).toEqual({ balance: 6, held: 0 });
    await move(url, await placementOf(url, account));
    expect(await spend(ledger, { account, key: "after the second move", amount: 4 })).toMatchObject({ ok: true });
    expect((await ledger.balance(account)).balance).toBe(2);
  });

  test("a move of a shard waits for a transaction on it, and takes its writes along", async () => {
    const account = newAccount();
    await fund(ledgerOn(database), account, 10);
    const placement = await placementOf(url, account);
    let isMoved = false;
    const moved = await onPostgresql(onCitusNode(url, placement), async (client) => {
      await client.query("BEGIN; SET LOCAL citus.enable_manual_changes_to_shards = on");
      await client.query(`SELECT jifen_shard_is_here(${placement.shard})`);
      await client.query(`UPDATE accounts_${placement.shard} SET held = 3 WHERE id = $1`, [account]);
      const moving = move(url, placement).then(() => {
        isMoved = true;
      });
      await sleep(1_500);
      expect(isMoved).toBe(false);
      await client.query("COMMIT");
      return { moving };
    });
    await moved.moving;
    const { rows } = await onPostgresql(url, (client) =>
      client.query("SELECT held::int FROM accounts WHERE id = $1", [account]),
    );
    expect(rows).toEqual([{ held: 3 }]);
  });

  test("after a split of its shard, an account is charged in the new shard", async () => {
    const ledger = ledgerOn(database);
    const accounts = times(40, () => newAccount());
    await Promise.all(accounts.map((account) => fund(ledger, account, 10)));
    const { shard, node, min } = await placementOf(url, accounts[0] as string);
    await onPostgresql(url, (client) =>
      client.query("SELECT citus_split_shard_by_split_points($1, ARRAY[$2], ARRAY[$3::int, $3::int], 'block_writes')", [
        ...[shard, String(Number(min) + 300_000_000), node],
      ]),
    );
    // Calls that were on their way to the old shard are refused without effect.
    const results = await Promise.allSettled(
      accounts.map((account) => spend(ledger, { account, key: "after the split", amount: 4 })),
    );
    for (const each of results) {
      if (each.status === "rejected") expect(each.reason).toMatchObject({ name: "DatabaseUnavailable" });
    }
    for (const account of accounts) {
      expect(await spend(ledger, { account, key: "after the split", amount: 4 })).toMatchObject({ ok: true });
      expect((await ledger.balance(account)).balance).toBe(6);
    }
  });

  test("expired accounts of every shard are found and processed", async () => {
    const ledger = ledgerOn(database);
    const accounts = times(20, () => newAccount());
    await Promise.all(
      accounts.map((account) => fundUntil(ledger, { account, amount: 10, expiresAtMs: Date.now() + 300 })),
    );
    await sleep(400);
    const found = await database.ledger.findExpiredAccounts(100);
    expect(found).toEqual(expect.arrayContaining([...accounts]));
    expect(await ledger.sweep(100)).toMatchObject({ due: 20 });
    expect(await database.ledger.findExpiredAccounts(100)).toEqual([]);
  });

  test("an audit finds accounts that only occur in other tables, in the order of their ids", async () => {
    await onPostgresql(url, (client) =>
      client.query(
        `INSERT INTO grants (account_id, id, source, amount, remaining, priority, created_at_ms)
         SELECT 'stray:' || n, 'g', 'admin', 5, 5, 50, 1 FROM generate_series(1, 30) n`,
      ),
    );
    const ids: string[] = [];
    for (let page = await database.audit.accountIds(undefined, 7); page.length > 0; ) {
      ids.push(...page);
      page = await database.audit.accountIds(page.at(-1), 7);
    }
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids.filter((id) => id.startsWith("stray:"))).toHaveLength(30);
    await onPostgresql(url, (client) => client.query("DELETE FROM grants WHERE account_id LIKE 'stray:%'"));
  });
});

describe.skipIf(serverUrl === undefined)("distributing a database", () => {
  test("a database that is half distributed is refused until the rest is done", async () => {
    const { url, drop } = await createCitusDatabase(serverUrl ?? "");
    await migrateDatabase(url);
    const left = await distributeDatabase(url, { isDryRun: true });
    expect(left.map(({ table }) => table)).toContain("accounts");
    await onPostgresql(url, (client) => client.query("SELECT create_distributed_table('users', 'id')"));
    await expect(openDatabase(url)).rejects.toThrow(UnusableDatabase);
    await expect(inspectDatabase(url)).rejects.toThrow("jifen distribute");
    await distributeDatabase(url, { shardCount: 4 });
    expect(await distributeDatabase(url, { isDryRun: true })).toEqual([]);
    await (await openDatabase(url)).close();
    await drop();
  });

  test("rows are kept, no copy of them stays on the coordinator, and later migrations run on every node", async () => {
    const { url, drop } = await createCitusDatabase(serverUrl ?? "");
    const before = await openDatabase(url);
    const accounts = times(20, () => newAccount());
    await Promise.all(accounts.map((account) => fund(ledgerOn(before), account, 10)));
    await before.close();
    await distributeDatabase(url, { shardCount: 4 });
    const { rows } = await onPostgresql(url, (client) =>
      client.query("SELECT pg_relation_size('accounts')::int AS bytes"),
    );
    expect(rows).toEqual([{ bytes: 0 }]);
    // As if a migration of a distributed table and one that creates a table were still to come.
    await onPostgresql(url, async (client) => {
      await client.query("ALTER TABLE users DROP COLUMN last_lock, DROP COLUMN claim, DROP COLUMN whitelist_tag");
      await client.query("ALTER TABLE one_time_links DROP COLUMN issuer");
      await client.query("DROP TABLE job_leases");
      await client.query("DELETE FROM jifen_migrations WHERE version IN (4, 6, 7)");
    });
    await migrateDatabase(url);
    const after = await openDatabase(url);
    for (const account of accounts) expect(await balanceOn(after.ledger, account)).toEqual({ balance: 10, held: 0 });
    await after.close();
    await drop();
  });
});
