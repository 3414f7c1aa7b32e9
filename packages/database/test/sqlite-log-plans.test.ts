import { freshDatabase } from "@jifen/testkit";
import Driver from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSqliteLogBackend } from "../src/drivers/sqlite/logs/log-backend.ts";
import { type LogFilter, openDatabase } from "../src/index.ts";
import { logFileOf } from "./raw-sql.ts";
import { logIdAt, newUserId } from "./samples.ts";

const mine = { userId: newUserId() };
const range = { fromId: logIdAt(1_700_000_000_000), beforeId: logIdAt(1_800_000_000_000) };

const plans: readonly { readonly filter: LogFilter; readonly index: string }[] = [
  { filter: {}, index: "call_logs_time" },
  { filter: { action: "video" }, index: "call_logs_time" },
  { filter: { success: false, text: "x" }, index: "call_logs_time" },
  { filter: mine, index: "sqlite_autoindex_call_logs_1" },
  { filter: { ...mine, success: true, text: "x" }, index: "sqlite_autoindex_call_logs_1" },
  { filter: { ...mine, action: "video" }, index: "call_logs_action" },
  { filter: { ...mine, action: "video", success: false }, index: "call_logs_action" },
  { filter: { ...mine, success: false }, index: "call_logs_failed" },
  { filter: { subjectId: "txn-1" }, index: "call_logs_subject" },
  { filter: { ...mine, reference: "job-1" }, index: "call_logs_reference" },
];

describe("the plans of the call log on SQLite", () => {
  let connection: Driver.Database;
  let drop: () => Promise<void>;
  let sent: { sql: string; values: readonly unknown[] }[] = [];
  beforeAll(async () => {
    const fresh = await freshDatabase("sqlite");
    await (await openDatabase(fresh.url)).close();
    connection = new Driver(logFileOf(fresh.url.slice("file:".length)));
    drop = fresh.drop;
  });
  afterAll(async () => {
    connection.close();
    await drop();
  });

  /** A connection that records what is read. */
  const recording = () =>
    ({
      prepare: (sql: string) => ({
        all: (...values: readonly unknown[]) => {
          sent.push({ sql, values });
          return [];
        },
      }),
    }) as unknown as Driver.Database;

  test.each(
    plans.flatMap(({ filter, index }) => [
      { filter, index },
      { filter: { ...filter, ...range }, index },
    ]),
  )("a list by $filter reads $index in its order and sorts nothing", async ({ filter, index }) => {
    sent = [];
    await createSqliteLogBackend(recording()).scan(filter, 50);
    const oldestFirst = { order: "oldest first", details: "all" } as const;
    await createSqliteLogBackend(recording()).scan({ ...filter, afterId: range.fromId }, 50, oldestFirst);
    expect(sent.length).toBeGreaterThan(0);
    for (const { sql, values } of sent) {
      const rows = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
      const details = rows.map(({ detail }) => detail);
      const ofTable = details.filter((detail) => detail.includes("call_logs"));
      expect(ofTable).toEqual([expect.stringMatching(new RegExp(` INDEX ${index}( |$)`))]);
      expect(details.filter((detail) => detail.includes("TEMP B-TREE"))).toEqual([]);
    }
  });
});
