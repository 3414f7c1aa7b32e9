import { randomUUID } from "node:crypto";
import { idBound } from "@jifen/database";
import { callRest, databaseKinds, describeOn, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { type FormerRow, insertFormerLogs } from "./former-logs.ts";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const DAY_MS = 86_400_000;

/** Logs of an earlier version over two years, every third with a key. */
const formerRows = (count: number): readonly FormerRow[] =>
  Array.from({ length: count }, (_, n) => {
    const timeMs = Date.UTC(2024, 0) + n * DAY_MS;
    return {
      user_id: user.email,
      id: `${idBound(timeMs)}-7${randomUUID().slice(15)}`,
      idempotency_key: n % 3 === 0 ? `key-${n}` : null,
      action: "video",
      details: JSON.stringify({ n }),
      success: n % 2 === 0,
      occurred_at_ms: timeMs - 500,
      created_at_ms: timeMs,
    };
  });

for (const kind of databaseKinds) {
  describeOn(kind)(`logs of an earlier version on ${kind}`, () => {
    test("are moved when the server starts, and a repeated request finds its log", async () => {
      const database = await freshDatabase(kind);
      const list = `${user.email}:${user.password}`;
      await createTestUsers(database.url, list, 100);
      const rows = formerRows(450);
      await insertFormerLogs(database.url, rows);
      const api = await startApi({ databaseUrl: database.url, env: { USER_WHITELIST: list } });
      const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
      const repeat = (row: FormerRow) => {
        const [details, timestamp] = [JSON.parse(row.details), new Date(row.occurred_at_ms).toISOString()];
        const body = { userId: user.email, action: row.action, details, success: row.success, timestamp };
        return callRest(api.url, "POST", "/logs/create", {
          token,
          body: { ...body, idempotencyKey: row.idempotency_key },
        });
      };
      const last = rows.at(-3) as FormerRow;
      expect((await repeat(last)).body).toMatchObject({ logId: last.id });

      const everyId = async () => {
        const ids: unknown[] = [];
        for (let cursor = ""; ; ) {
          const { body } = await callRest(api.url, "GET", `/logs?limit=100${cursor}`, { token });
          ids.push(...body["items"].map(({ logId }: { logId: string }) => logId));
          if (body["nextCursor"] === null) return ids;
          cursor = `&cursor=${body["nextCursor"]}`;
        }
      };
      await expect
        .poll(everyId, { timeout: timeLimit(40), interval: 200 })
        .toEqual(rows.map(({ id }) => id).toReversed());
      expect((await repeat(last)).body).toMatchObject({ logId: last.id });
      expect((await callRest(api.url, "GET", `/logs/${last.id}`, { token })).body).toMatchObject({
        timestamp: new Date(last.occurred_at_ms).toISOString(),
        countedAt: new Date(last.created_at_ms).toISOString(),
        receivedAt: new Date(last.created_at_ms).toISOString(),
        details: JSON.parse(last.details),
        durationMs: null,
      });
      await api.stop();
      await database.drop();
    });
  });
}
