import { setTimeout as sleep } from "node:timers/promises";
import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { type NewCallLog, openDatabase } from "../src/index.ts";
import { quarterOf } from "../src/logs/log-sums.ts";
import { readDeadlocks, untilLockWaits } from "./lock-waits.ts";
import { openRawSql } from "./raw-sql.ts";
import { newLog, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const LETTERS = [..."abcdefghijklmnopqrst"];
/** The letter in the middle, whose row another session holds. */
const HELD = "k";

type Round = {
  readonly logOf: (letter: string) => NewCallLog;
  /** The statement that locks a row which these logs need. */
  readonly held: string;
};

describeOn("postgresql")("locks of batches of logs on PostgreSQL", () => {
  const here = useDatabase("postgresql");

  /**
   * In each round, two processes write logs while another session holds a row that both need, so that each has locked the
   * rows before it in its own order. @returns how many transactions ended in a deadlock
   */
  async function deadlocksIn(rounds: readonly Round[]): Promise<number> {
    const connections = async () =>
      (await here.sql.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()")).length;
    const [before, connectedBefore] = [await readDeadlocks(here.sql), await connections()];
    const processes = [await openDatabase(here.url), await openDatabase(here.url)] as const;
    const session = await openRawSql(here.url);
    for (const { logOf, held } of rounds) {
      await session.query("BEGIN");
      await session.query(held);
      const writes = [
        processes[0].logs.write(LETTERS.map(logOf)),
        processes[1].logs.write(LETTERS.map(logOf).toReversed()),
      ];
      await untilLockWaits(here.sql, 2);
      await session.query("ROLLBACK");
      await Promise.all(writes);
    }
    await Promise.all([session, ...processes].map((each) => each.close()));
    while ((await connections()) > connectedBefore) await sleep(5);
    return (await readDeadlocks(here.sql)) - before;
  }

  test("two processes that write the same keys in opposite orders do not deadlock", async () => {
    const user = newUserId();
    const held = `INSERT INTO log_keys (user_id, idempotency_key, log_id) VALUES ('${user}', '${HELD}', 'log-held')`;
    const logOf = (letter: string) => newLog(user, { idempotencyKey: letter });
    expect(await deadlocksIn([{ logOf, held }])).toBe(0);
  });

  test("two processes that change the same sums do not deadlock", async () => {
    const countedAtMs = Date.now();
    // Whether two batches in other orders deadlock depends on these orders.
    const rounds = times(12, (): Round => {
      const user = newUserId();
      const held = `INSERT INTO log_rollups (user_id, quarter, action, calls, failures, timed, duration_sum_ms)
        VALUES ('${user}', ${quarterOf(countedAtMs)}, '${HELD}', 1, 0, 0, 0)`;
      return { logOf: (action) => newLog(user, { action, countedAtMs }), held };
    });
    expect(await deadlocksIn(rounds)).toBe(0);
  });
});
