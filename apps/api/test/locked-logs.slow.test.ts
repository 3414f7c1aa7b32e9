// Expected duration: 50 s on two cores.

import { setTimeout as sleep } from "node:timers/promises";
import { describeOn, eventually, onMongodb } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, expect, test } from "vitest";
import { lockTables } from "./lock-tables.ts";
import { startServer, user } from "./start-server.ts";

/** Longer than a statement waits for a lock. */
const LOCKED_MS = 10_000;
/** Batches of the largest size, whose logs are more than the queue of a server has room for. */
const BATCHES = 20;
const BATCH = 500;

const tables = ["call_logs", "log_keys", "log_rollups", "log_totals"];

/** Keeps the tables of logs locked for a while: on MongoDB, which locks only documents, the sums that every batch changes. */
const locks = {
  postgresql: (url: string) => lockTables.postgresql(url, tables, LOCKED_MS),
  mysql: (url: string) => lockTables.mysql(url, tables, LOCKED_MS),
  mongodb: (url: string) =>
    onMongodb(url, (db) =>
      db.client.withSession(async (session) => {
        session.startTransaction();
        await db.collection("log_rollups").updateMany({}, { $inc: { calls: 1 } }, { session });
        await sleep(LOCKED_MS);
        await session.abortTransaction();
      }),
    ),
} as const;

describe.each(["postgresql", "mysql", "mongodb"] as const)("locked logs on %s", (kind) => {
  describeOn(kind)("", () => {
    test("credits are spent while logs cannot be written and their queue is full, and logs are written again afterwards", {
      timeout: timeLimit(120),
    }, async () => {
      const server = await startServer(kind, {
        INITIAL_CREDITS: "100000",
        RATE_LIMIT_CALLER: "off",
        RATE_LIMIT_IP: "off",
      });
      const token = await server.token();
      const log = { userId: user.email, action: "video", success: true, timestamp: new Date().toISOString() };
      const write = (logs: number) =>
        server.call("POST", "/logs/batch", { token, body: { logs: Array(logs).fill({ ...log, details: {} }) } });
      expect((await write(1)).status).toBe(200);

      let isLocked = true;
      const unlocked = locks[kind](server.database.url).then(() => (isLocked = false));
      await sleep(500);
      const written = Promise.all(Array.from({ length: BATCHES }, () => write(BATCH)));
      const spent: number[] = [];
      while (isLocked) {
        const answer = await server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "video" } });
        spent.push(answer.status);
      }
      await unlocked;
      expect(new Set(spent)).toEqual(new Set([200]));
      // A consume that waits for the logs is not answered before they are unlocked.
      expect(spent.length).toBeGreaterThan(3);
      const answers = await written;
      expect(answers.filter(({ body }) => body.code === "OVERLOADED").length).toBeGreaterThan(0);
      for (const { status, headers } of answers) {
        expect([200, 503]).toContain(status);
        if (status === 503) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      }
      await eventually(async () => expect((await write(1)).status).toBe(200));
      await server.stop();
    });
  });
});
