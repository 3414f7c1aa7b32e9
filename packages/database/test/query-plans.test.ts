import { accountId, credits, grantId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import type { LedgerStore, WriteSet } from "@jifen/ledger";
import { describeOn } from "@jifen/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLedgerStatements } from "../src/drivers/postgresql/ledger-statements.ts";
import { createPostgresqlLedgerStore } from "../src/drivers/postgresql/ledger-store.ts";
import { createPool, findRoute } from "../src/drivers/postgresql/pool.ts";
import { ownTables } from "../src/drivers/postgresql/table-names.ts";
import { decided, nothing } from "./commands.ts";
import { accountRow, entryRow, grantRow, holdRow, released, takenFrom } from "./rows.ts";
import { useDatabase } from "./use-database.ts";

/** The indexes by which each statement of the ledger finds its rows. */
const indexes: Readonly<Record<string, readonly string[]>> = {
  "accounts-with-grants": ["accounts_pkey", "grants_open"],
  "expired-accounts": ["accounts_due"],
  "expired-holds": ["holds_pending"],
  "grants-by-id": ["grants_pkey"],
  "holds-by-id": ["holds_pkey"],
  "lock-accounts": ["accounts_pkey"],
  now: [],
  "open-grants": ["grants_open"],
  "other-holds": ["holds_pending"],
  "transactions-by-id": ["transactions_id"],
  "transactions-by-idempotency_key": ["transactions_key"],
  "transactions-by-subject_id": ["transactions_subject"],
  "write-AGHT": [],
  "write-agh": ["accounts_pkey", "grants_pkey", "holds_pkey"],
};

/** A busy account among many others. The rows only have to be numerous. */
const manyRows = `
  INSERT INTO accounts SELECT 'user:' || n, 5, 0, 3, CASE WHEN n % 10 = 0 THEN n END FROM generate_series(1, 20000) n;
  INSERT INTO grants (account_id, id, source, amount, remaining, priority, created_at_ms)
    SELECT 'user:' || n, 'grant-' || n, 'admin', 9, n % 2, 50, 1 FROM generate_series(1, 20000) n;
  INSERT INTO grants (account_id, id, source, amount, remaining, priority, created_at_ms)
    SELECT 'user:hot', 'grant-hot-' || n, 'admin', 9, 0, 50, 1 FROM generate_series(1, 5000) n;
  INSERT INTO holds SELECT 'user:hot', 'hold-hot-' || n, 'user', 'a', NULL, 1, '[]',
    CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'released' END, 0, (n % 50 <> 0)::int, 0, n, 1, 1 FROM generate_series(1, 20000) n;
  INSERT INTO transactions SELECT 'user:hot', n + 5, 'txn-hot-' || n, 'caller:' || n, 'consume', 1, 'a', NULL, NULL,
    CASE WHEN n % 3 = 0 THEN 'txn-hot-' || n / 3 END, 'a', 'b', 1, 0, '[]', 0, NULL, 1 FROM generate_series(1, 60000) n;
  INSERT INTO transactions SELECT 'user:' || n, 1, 'txn-' || n, NULL, 'consume', 1, 'a', NULL, NULL,
    NULL, 'a', 'b', 1, 0, '[]', 0, NULL, 1 FROM generate_series(1, 20000) n;`;

type Sent = { readonly name: string; readonly values: readonly unknown[] };
type Plan = { readonly "Node Type": string; readonly "Index Name"?: string; readonly Plans?: readonly Plan[] };

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const literal = (value: unknown): string => {
  if (value === null) return "NULL";
  return Array.isArray(value)
    ? `ARRAY[${value.map(literal).join(", ")}]::text[]`
    : `'${String(value).replaceAll("'", "''")}'`;
};

/** The name of a write contains the columns that are equal in all rows; the indexes are the same for all of these names. */
const withoutForm = (name: string): string =>
  name.replace(/^write-(.*?)(-now)?$/, (_, writes: string) => `write-${writes.replaceAll(/(\w)\w*\.?/g, "$1")}`);

/** Makes the store send each of its statements, for these accounts together. */
async function sendEverything(store: LedgerStore, names: readonly string[]): Promise<void> {
  const of = names.map((name, at) => {
    const id = accountId(`user:${name}`);
    const closed = grantRow(id, { id: grantId(`grant-of-${name}-1`), remaining: credits(0) });
    const grant = grantRow(id, {
      id: grantId(`grant-of-${name}-2`),
      amount: credits(100 + at),
      remaining: credits(50 + at),
    });
    const hold = holdRow(id, { id: holdId(`hold-of-${name}`), expiresAtMs: 5 + at, allocations: takenFrom(closed) });
    return {
      account: accountRow(id, { nextExpiryMs: 5 + at }),
      ...{ closed, grant, hold },
      charge: entryRow(id, { id: transactionId(`txn-of-${name}`), allocations: takenFrom(closed) }),
    };
  });
  const readSet = {
    accountIds: of.map(({ account }) => account.id),
    keys: of.flatMap(({ account, charge }) =>
      [charge.idempotencyKey, idempotencyKey.ofTransaction(charge.id)].map((key) => ({
        accountId: account.id,
        idempotencyKey: key,
      })),
    ),
    holds: of.map(({ account, hold }) => ({ accountId: account.id, holdId: hold.id })),
    charges: of.map(({ account, charge }) => ({ accountId: account.id, chargeId: charge.id })),
  };
  const write = (writeSet: Partial<WriteSet>) =>
    store.commit(readSet, () => decided({ ...nothing, ...writeSet }, undefined));
  const accounts = of.map(({ account }) => account);
  await write({
    ...{ accountsOpened: accounts, grantsAdded: of.flatMap(({ closed, grant }) => [closed, grant]) },
    ...{ holdsAdded: of.map(({ hold }) => hold), entries: of.map(({ charge }) => charge) },
  });
  await write({
    ...{ accountsChanged: accounts, grantsChanged: of.map(({ grant }) => grant) },
    holdsChanged: of.map(({ hold }) => ({ ...hold, ...released })),
  });
  await store.readAccounts(readSet.accountIds);
  await store.findExpiredAccounts(10);
}

describeOn("postgresql")("the ledger's statements on PostgreSQL", () => {
  const here = useDatabase("postgresql");
  const sent = new Map<string, Sent>();
  let pool: pg.Pool;
  let client: pg.PoolClient;

  beforeAll(async () => {
    for (const table of ["accounts", "grants", "holds", "transactions"]) {
      await here.sql.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
    }
    pool = createPool(await findRoute(here.url), { max: 1, use: "ledger" });
    pool.on("connect", (opened) => {
      const query = opened.query.bind(opened) as (...asked: readonly unknown[]) => unknown;
      const listening = (...asked: readonly [Sent, ...unknown[]]) => {
        if (asked[0].name) sent.set(asked[0].name, asked[0]);
        return query(...asked);
      };
      Object.assign(opened, { query: listening });
    });
    const store = createPostgresqlLedgerStore({ pool, statements: createLedgerStatements(ownTables) });
    await sendEverything(store, ["hot"]);
    await sendEverything(store, ["warm", "cold"]);
    client = await pool.connect();
  });
  afterAll(async () => {
    client?.release();
    await pool?.end();
  });

  /** The indexes in the plan of the statement that the connection has prepared under this name. */
  async function indexesOf(name: string): Promise<readonly (string | undefined)[]> {
    const values = (sent.get(name)?.values ?? []).map(literal);
    const execute = `EXECUTE "${name}"${values.length > 0 ? `(${values.join(", ")})` : ""}`;
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${execute}`);
    const nodes = rows.flatMap((row) => nodesOf(row["QUERY PLAN"][0].Plan));
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    return [...new Set(nodes.flatMap((node) => node["Index Name"] ?? []))].toSorted();
  }

  test("are all listed in this test", () => {
    expect([...new Set([...sent.keys()].map(withoutForm))].toSorted()).toEqual(Object.keys(indexes));
    // Every statement with one row, and with several.
    expect(sent.size).toBe(Object.keys(indexes).length + 2);
  });

  test("use only index scans also when the URL has options of its own", async () => {
    const url = new URL(here.url);
    url.searchParams.set("options", "-c work_mem=5MB -c search_path=public");
    const other = createPool(await findRoute(url.href), { max: 1, use: "ledger" });
    const settings = "SELECT current_setting('work_mem') AS own, current_setting('enable_seqscan') AS ours";
    expect((await other.query(settings)).rows).toEqual([{ own: "5MB", ours: "off" }]);
    await other.end();
  });

  describe.each([
    { says: "without statistics", prepare: "SELECT 1" },
    { says: "with many rows and no statistics", prepare: manyRows },
    { says: "with statistics", prepare: "ANALYZE" },
  ])("$says", ({ prepare }) => {
    beforeAll(() => here.sql.query(prepare));

    describe.each(["force_generic_plan", "force_custom_plan"])("with %s", (mode) => {
      beforeAll(() => client.query(`SET plan_cache_mode = ${mode}; DISCARD PLANS`));

      test.each(Object.entries(indexes))("%s uses the indexes %j", async (name, expected) => {
        const forms = [...sent.keys()].filter((each) => withoutForm(each) === name);
        for (const form of forms) expect(await indexesOf(form)).toEqual(expected);
      });
    });
  });
});
