import type { UserId } from "@jifen/core";
import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dropMonth } from "../src/drivers/postgresql/logs/drop-month.ts";
import { createPostgresqlLogBackend } from "../src/drivers/postgresql/logs/log-backend.ts";
import { createPool, findRoute, type Pool } from "../src/drivers/postgresql/pool.ts";
import { idBound, type LogFilter, quarterOf } from "../src/index.ts";
import type { LogBackend } from "../src/logs/log-backend.ts";
import { monthOf } from "../src/logs/months.ts";
import { useDatabase } from "./use-database.ts";

const user = "user:busy@example.com";
const DAY_MS = 86_400_000;

/** Logs of one busy user and of many others over the last months. The partitions of the next months are new and empty. */
const manyLogs = (fromMs: number) => `
  INSERT INTO call_logs
  SELECT CASE WHEN n % 3 = 0 THEN '${user}' ELSE 'user:' || n % 2000 END,
    'log-' || substr(lpad(to_hex(at_ms), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(at_ms), 12, '0'), 9, 4)
      || '-7000-8000-' || lpad(to_hex(n), 12, '0'),
    at_ms, 'action-' || (n % 97) % 30, n % 12 <> 0, n % 1000,
    CASE WHEN n % 2 = 0 THEN 'txn-' || n END, CASE WHEN n % 5 = 0 THEN 'job-' || n END,
    '{"a":"' || n || '"}', 10, at_ms, at_ms
  FROM (SELECT n, ${fromMs}::bigint + n::bigint * 60000 AS at_ms FROM generate_series(1, 60000) n) AS made`;

/** Their keys, and the sums of users and of all, of one process. */
const keysAndSums = [
  `INSERT INTO log_keys (user_id, idempotency_key, log_id)
    SELECT user_id, 'key-' || reference, id FROM call_logs WHERE reference IS NOT NULL`,
  `INSERT INTO log_rollups (user_id, quarter, action, calls, failures, timed, duration_sum_ms)
    SELECT user_id, counted_at_ms / 900000, action, count(*), 0, 0, 0 FROM call_logs GROUP BY 1, 2, 3`,
  `INSERT INTO log_totals (part, quarter, action, calls, failures, timed, duration_sum_ms)
    SELECT user_number % 16, quarter, action, calls, 0, 0, 0
    FROM (SELECT abs(hashtext(user_id)) AS user_number, quarter, action, calls FROM log_rollups) AS summed
    ON CONFLICT DO NOTHING`,
];

type Sent = { readonly text: string; readonly values: readonly unknown[] };
type Node = { readonly "Node Type": string; readonly "Index Name"?: string; readonly Plans?: readonly Node[] };

const nodesOf = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
/** The texts of an array in the binary format of PostgreSQL: a head of 20 bytes, then each text after its length. */
function textsIn(array: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 20; at < array.length; ) {
    const end = at + 4 + array.readInt32BE(at);
    texts.push(array.toString("utf8", at + 4, end));
    at = end;
  }
  return texts;
}

const literal = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return literal(textsIn(value));
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(", ")}]`;
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
};
const typeOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return "text[]";
  if (Array.isArray(value)) return `${typeOf(value[0])}[]`;
  return typeof value === "number" ? "bigint" : "text";
};

/** The index of a partition, without the month: PostgreSQL names it after the columns, and cuts long names. */
const indexKind = (name: string): string =>
  /^call_logs.*_(pkey|user_id_action_id_idx|user_id_id_idx|subject_id_id_idx|reference_id_idx|counted_at_ms_id_idx)\d*$/.exec(
    name,
  )?.[1] ?? name;

describeOn("postgresql")("the plans of the call log on PostgreSQL", () => {
  const here = useDatabase("postgresql");
  let pool: Pool;
  let backend: LogBackend;
  let sent: Sent[] = [];
  beforeAll(async () => {
    const fromMs = Date.now() - 60_000 * 60_000;
    const months = Array.from({ length: 4 }, (_, at) => monthOf(fromMs, at).beginMs);
    await here.database.logs.makePlaces(Date.now(), months);
    await here.sql.query(manyLogs(fromMs));
    for (const sql of keysAndSums) await here.sql.query(sql);
    await here.sql.query("ANALYZE call_logs, log_keys, log_rollups, log_totals");
    pool = createPool(await findRoute(here.url), { max: 1, use: "logs" });
    const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
    const capturing = (config: pg.QueryConfig) => {
      sent.push({ text: config.text, values: config.values ?? [] });
      return query(config);
    };
    const reads = Object.assign(Object.create(pool), { query: capturing });
    backend = createPostgresqlLogBackend(
      { writes: pool, reads, dropMonth: (beforeMs) => dropMonth(here.url, beforeMs) },
      { isDistributed: false },
    );
  }, timeLimit(120));
  afterAll(() => pool?.end());

  /** The plan of a statement on a connection of the logs, the tenth time that it runs. */
  async function planOf({ text, values }: Sent): Promise<readonly Node[]> {
    const list = (items: readonly string[]) => (items.length === 0 ? "" : `(${items.join(", ")})`);
    const run = `EXECUTE planned${list(values.map(literal))}`;
    const types = list(values.map(typeOf));
    const client = await pool.connect();
    try {
      await client.query(`PREPARE planned${types} AS ${text}`);
      for (let times = 1; times < 10; times += 1) await client.query(run);
      const { rows } = await client.query<{ "QUERY PLAN": { Plan: Node }[] }>(`EXPLAIN (FORMAT JSON) ${run}`);
      await client.query("DEALLOCATE planned");
      return nodesOf(rows[0]?.["QUERY PLAN"][0]?.Plan as Node);
    } finally {
      client.release();
    }
  }

  const beforeId = idBound(Date.now() - 10 * DAY_MS);
  const ofUser = { userId: user } as LogFilter;
  test.each<{ says: string; filter: LogFilter; index: string }>([
    { says: "the first page of a user", filter: ofUser, index: "pkey" },
    { says: "a deep page of a user", filter: { ...ofUser, beforeId }, index: "pkey" },
    { says: "a range of a user", filter: { ...ofUser, fromId: beforeId }, index: "pkey" },
    { says: "an action of a user", filter: { ...ofUser, action: "action-3" }, index: "user_id_action_id_idx" },
    { says: "an action that never was", filter: { ...ofUser, action: "never" }, index: "user_id_action_id_idx" },
    { says: "the failures of a user", filter: { ...ofUser, success: false }, index: "user_id_id_idx" },
    { says: "a transaction", filter: { ...ofUser, subjectId: "txn-4" }, index: "subject_id_id_idx" },
    { says: "a reference", filter: { ...ofUser, reference: "job-5" }, index: "reference_id_idx" },
    { says: "a text in the logs of a user", filter: { ...ofUser, text: "needle" }, index: "pkey" },
    {
      says: "what arrived lately for a user",
      filter: { ...ofUser, receivedFromMs: 1, fromId: beforeId },
      index: "pkey",
    },
    { says: "all users", filter: {}, index: "counted_at_ms_id_idx" },
    { says: "a deep page of all users", filter: { beforeId }, index: "counted_at_ms_id_idx" },
    { says: "the failures of all users", filter: { success: false }, index: "counted_at_ms_id_idx" },
  ])("$says: rows come from one index in its order, without a sort, in both directions", async ({ filter, index }) => {
    sent = [];
    await backend.scan(filter, 50);
    await backend.scan({ ...filter, afterId: idBound(0) }, 50, { order: "oldest first", details: "all" });
    expect(sent.length).toBeGreaterThan(1);
    for (const statement of sent) {
      const nodes = await planOf(statement);
      const kinds = new Set(nodes.map((node) => node["Node Type"]));
      for (const kind of ["Sort", "Incremental Sort", "Seq Scan", "Bitmap Heap Scan"])
        expect(kinds).not.toContain(kind);
      const used = nodes.flatMap((node) => (node["Index Name"] === undefined ? [] : [indexKind(node["Index Name"])]));
      expect([...new Set(used)]).toEqual([index]);
    }
  });

  test.each([1, 100])("the calls of quarters of %i users come from ranges of one key", async (count) => {
    sent = [];
    const users = Array.from({ length: count }, (_, n) => `user:${n}` as UserId);
    await backend.quarterCalls(users, quarterOf(Date.now()) - 24);
    const nodes = await planOf(sent[0] as Sent);
    expect(nodes.flatMap((node) => node["Index Name"] ?? [])).toEqual(["log_rollups_pkey"]);
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
  });

  test("the logs under keys come from the keys and then by their ids", async () => {
    sent = [];
    const keys = Array.from({ length: 50 }, (_, n) => ({
      userId: user as UserId,
      idempotencyKey: `key-job-${n * 15}`,
    }));
    await backend.findByKeys(keys);
    const nodes = await planOf(sent[0] as Sent);
    const used = nodes.flatMap((node) => node["Index Name"] ?? []);
    expect(new Set(used.map(indexKind))).toEqual(new Set(["log_keys_pkey", "pkey"]));
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
  });

  const quarters = { fromQuarter: quarterOf(Date.now()) - 24, toQuarter: quarterOf(Date.now()) };
  const days = {
    ...quarters,
    byAction: true,
    unitSeconds: 86_400,
    offsets: [{ untilQuarter: 1, offsetSeconds: 20_700 }],
  } as const;
  test.each([
    { says: "a user", index: "log_rollups_pkey", read: () => backend.sums({ ...days, userId: ofUser.userId }) },
    { says: "all users", index: "log_totals_pkey", read: () => backend.sums(days) },
    {
      ...{ says: "the actions with most of all users", index: "log_totals_pkey" },
      read: () => backend.sums({ ...days, named: { most: "calls", limit: 8 } }),
    },
    {
      says: "two hundred users",
      index: "log_rollups_pkey",
      read: () =>
        backend.sumsOfUsers({ ...quarters, owners: Array.from({ length: 200 }, (_, n) => `user:${n}` as UserId) }),
    },
  ])("sums of $says come from ranges of one key", async ({ index, read }) => {
    sent = [];
    await read();
    expect(sent.length).toBeGreaterThan(0);
    for (const statement of sent) {
      const nodes = await planOf(statement);
      expect(new Set(nodes.flatMap((node) => node["Index Name"] ?? []))).toEqual(new Set([index]));
      expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    }
  });

  describe("one log", () => {
    test.each([
      { says: "of a user", userId: ofUser.userId, index: "pkey" },
      { says: "of any user", userId: undefined, index: "counted_at_ms_id_idx" },
    ])("one log $says is found through an index", async ({ userId, index }) => {
      sent = [];
      await backend.find(`${beforeId}-7000-8000-000000000001`, userId);
      const nodes = await planOf(sent[0] as Sent);
      const used = nodes.flatMap((node) => (node["Index Name"] === undefined ? [] : [indexKind(node["Index Name"])]));
      expect([...new Set(used)]).toEqual([index]);
      expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    });
  });
});
