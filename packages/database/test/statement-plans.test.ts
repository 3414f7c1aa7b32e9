import { describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { SnapshotRead } from "../src/stores/audit-reads.ts";
import { createStatementReads } from "../src/stores/statement-reads.ts";
import { newAccount } from "./commands.ts";
import { useDatabase } from "./use-database.ts";
import { withValues } from "./with-values.ts";

const account = newAccount();

/** A busy account among many others, the half of whose entries are grants. */
const manyRows = `
  INSERT INTO grants (account_id, id, source, amount, remaining, priority, created_at_ms)
    SELECT '${account}', 'grant-' || n, 'admin', 9, 0, 50, 1 FROM generate_series(1, 30000) n;
  INSERT INTO transactions SELECT '${account}', n, 'txn-hot-' || n, 'caller:' || n,
    CASE WHEN n % 2 = 0 THEN 'grant' ELSE 'consume' END, 1, 'a', NULL, NULL, CASE WHEN n % 2 = 0 THEN 'grant-' || n / 2 END,
    'a', 'b', 1, 0, '[]', 0, NULL, n FROM generate_series(1, 60000) n;
  INSERT INTO transactions SELECT 'user:' || n, 1, 'txn-' || n, NULL, 'consume', 1, 'a', NULL, NULL,
    NULL, 'a', 'b', 1, 0, '[]', 0, NULL, 1 FROM generate_series(1, 20000) n;
  ANALYZE`;

/** Runs the reads, and collects how the database would execute each of them. */
async function plansOf(explain: SnapshotRead): Promise<string> {
  const plans: string[] = [];
  const read: SnapshotRead = async (sql, values) => {
    plans.push(JSON.stringify(await explain(sql, values)));
    return [];
  };
  const reads = createStatementReads((work) => work(read));
  await reads.withPoints(account, async (points) => {
    await points([1, 16, 256, 4_096, 65_536]);
    await points([40_000, 40_001]);
  });
  await reads.sumsOf(account, { after: 30_000, through: 35_000 });
  await reads.sumsOf(account, { after: 59_999, through: 60_000 });
  return plans.join("\n");
}

describe("the reads of a statement", () => {
  describeOn("postgresql")("on PostgreSQL", () => {
    const here = useDatabase("postgresql");

    test("find entries by their numbers, also in a long journal", async () => {
      await here.sql.query(manyRows);
      const plans = await plansOf(
        (sql, values) => here.sql.query(`EXPLAIN ${withValues(sql, values)}`) as Promise<never>,
      );
      expect(plans).toMatch(/transactions_pkey/);
      expect(plans).toMatch(/grants_pkey/);
      expect(plans).not.toMatch(/Seq Scan|(transactions|grants)_(?!pkey)/);
    });
  });

  describeOn("sqlite")("on SQLite", () => {
    const here = useDatabase("sqlite");

    test("find entries by their numbers, and grants by their ids", async () => {
      const explain: SnapshotRead = (sql, values) =>
        here.sql.query(`EXPLAIN QUERY PLAN ${withValues(sql, values)}`) as Promise<never>;
      const plans = await plansOf(explain);
      expect(plans).toMatch(/SEARCH transactions USING PRIMARY KEY \(account_id=\? AND sequence=\?\)/);
      expect(plans).toMatch(/SEARCH t USING PRIMARY KEY \(account_id=\? AND sequence>\? AND sequence<\?\)/);
      expect(plans).toMatch(/SEARCH g USING PRIMARY KEY \(account_id=\? AND id=\?\)/);
      expect(plans).not.toMatch(/SCAN/);
    });
  });
});
