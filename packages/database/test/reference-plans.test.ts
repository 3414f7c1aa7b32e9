import { holdId } from "@jifen/core";
import { describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { SnapshotRead } from "../src/stores/audit-reads.ts";
import { createReferenceReads } from "../src/stores/reference-reads.ts";
import { logIdAt } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { withValues } from "./with-values.ts";

const BEGAN_MS = Date.UTC(2026, 0);

/** A hundred entries a second of one busy account, a third of which refer to something, and many accounts with one entry each. */
const manyRows = `
  INSERT INTO transactions SELECT 'user:hot', n, 'txn-' || substr(at, 1, 8) || '-' || substr(at, 9, 4) || '-' || n, 'caller:' || n,
    'consume', 1, 'a', NULL, NULL, CASE WHEN n % 3 = 0 THEN 'hold-' || n END, 'a', 'b', 1, 0, '[]', 0, NULL, 1
    FROM (SELECT n, lpad(to_hex(${BEGAN_MS}::bigint + n * 10), 12, '0') AS at FROM generate_series(1, 60000) n) AS made;
  INSERT INTO transactions SELECT 'user:' || n, 1, 'txn-' || n, NULL, 'consume', 1, 'a', NULL, NULL,
    NULL, 'a', 'b', 1, 0, '[]', 0, NULL, 1 FROM generate_series(1, 20000) n`;

/** How the database would execute a search for a hold of this time. */
async function planOf(explain: SnapshotRead, timeMs: number): Promise<string> {
  let plan = "";
  const read: SnapshotRead = async (sql, values) => {
    plan = JSON.stringify(await explain(sql, values));
    return [];
  };
  await createReferenceReads((work) => work(read)).accountOfReference(holdId(logIdAt(timeMs).replace("log", "hold")));
  return plan;
}

describe("a search for a hold or grant by its id alone", () => {
  describeOn("postgresql")("on PostgreSQL", () => {
    const here = useDatabase("postgresql");
    const explain: SnapshotRead = (sql, values) =>
      here.sql.query(`EXPLAIN ${withValues(sql, values)}`) as Promise<never>;

    test.each([
      { says: "without statistics", prepare: "SELECT 1" },
      { says: "with many rows and no statistics", prepare: manyRows },
      { says: "with statistics", prepare: "ANALYZE transactions" },
    ])("reads the index of ids $says", async ({ prepare }) => {
      await here.sql.query(prepare);
      for (const afterMs of [0, 300_000, 598_000]) {
        const plan = await planOf(explain, BEGAN_MS + afterMs);
        expect(plan).toMatch(/Index Scan (using|on) transactions_id/);
        expect(plan).not.toMatch(/Seq Scan|transactions_(?!id)/);
      }
    });
  });

  describeOn("mysql")("on MySQL", () => {
    const here = useDatabase("mysql");

    test("reads the index of ids", async () => {
      const plan = await planOf(
        (sql, values) => here.sql.query(`EXPLAIN ${withValues(sql, values)}`) as never,
        BEGAN_MS,
      );
      expect(plan).toMatch(/"type":"range","possible_keys":"transactions_id","key":"transactions_id"/);
    });
  });

  describeOn("sqlite")("on SQLite", () => {
    const here = useDatabase("sqlite");

    test("reads the index of ids", async () => {
      const explain: SnapshotRead = (sql, values) =>
        here.sql.query(`EXPLAIN QUERY PLAN ${withValues(sql, values)}`) as Promise<never>;
      expect(await planOf(explain, BEGAN_MS)).toMatch(
        /SEARCH transactions USING INDEX transactions_id \(id>\? AND id<\?\)/,
      );
    });
  });
});
