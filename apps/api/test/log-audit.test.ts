import { databaseKinds, describeOn, eventually, type FreshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { jifen } from "./jifen-command.ts";
import { type ApiWithAdmin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`jifen audit --logs on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      for (const [as, { email }] of [
        ["user", user],
        ["other", other],
      ] as const) {
        const logs = Array.from({ length: 40 }, (_, n) => ({
          ...{ userId: email, action: n % 2 === 0 ? "video" : "图片", details: { n }, success: n % 3 !== 0 },
          ...{ timestamp: new Date(Date.now() - n * 3_600_000).toISOString(), durationMs: n * 100 },
          idempotencyKey: newKey(),
        }));
        expect(await api.post("/logs/batch", { logs }, { as })).toMatchObject({ status: 200 });
        const { transactionId } = (await api.post("/credits/consume", { amount: 9, action: "video" }, { as })).body;
        await api.post("/credits/refunds", { transactionId, amount: 2 }, { as: "admin" });
      }
      // The sums of credits follow in the background.
      const total = async () => {
        const { body } = await api.get("/admin/logs/stats?from=2020-01-01&to=2029-01-01&groupBy=month", "admin");
        return body["totals"]["credits"];
      };
      await eventually(async () => expect(await total()).toBe(14));
    });
    afterAll(() => api.server.stop());

    const audit = async () => {
      const { exitCode, stdout } = await jifen(api.server.database.url, "audit", "--logs", "--json");
      return { exitCode, ...JSON.parse(stdout) };
    };

    test("finds no difference, and one for each sum that was changed and each key without a log", async () => {
      expect(await audit()).toMatchObject({ exitCode: 0, users: 2, logs: 80, differences: [] });
      const { items } = (await api.get("/logs?limit=1", "other")).body;
      await damage(api.server.database, items[0].logId);
      const { exitCode, differences } = await audit();
      expect(exitCode).toBe(1);
      const found = differences.map(({ kind: what, owner }: Record<string, string>) => `${what} ${owner}`);
      expect([...new Set(found)].toSorted()).toEqual([
        `KEY_WITHOUT_LOG ${other.email}`,
        `LOG_SUMS ${other.email}`,
        `LOG_SUMS ${user.email}`,
        "LOG_TOTALS null",
        `SPEND_SUMS user:${user.email}`,
      ]);
    });

    test("finds totals of an account and sums of grants that are not those of the journal", async () => {
      const before = (await audit()).differences;
      // A read keeps the totals of the account.
      expect(await api.get(`/admin/users/${encodeURIComponent(other.email)}/account`, "admin")).toMatchObject({
        status: 200,
      });
      expect((await audit()).differences).toEqual(before);
      const account = `user:${other.email}`;
      await changeDatabase(api.server.database, {
        sql: `UPDATE account_totals SET spent = spent + 1 WHERE account_id = '${account}'`,
        mongodb: (db) =>
          db
            .collection<{ _id: string; spent: bigint }>("account_totals")
            .updateOne({ _id: account }, { $inc: { spent: 1n } }),
      });
      await changeDatabase(api.server.database, {
        sql: "UPDATE credit_totals SET amount = amount + 3 WHERE kind = 'grant'",
        mongodb: (db) => db.collection("credit_totals").updateMany({ "_id.kind": "grant" }, { $inc: { amount: 3n } }),
      });
      const found: { kind: string; owner: string | null; where: string }[] = (await audit()).differences;
      const added = found.filter((each) => !before.some(({ where }: { where: string }) => where === each.where));
      expect([...new Set(added.map(({ kind: what, owner }) => `${what} ${owner}`))]).toEqual([
        `ACCOUNT_TOTALS ${account}`,
        "CREDIT_TOTALS null",
      ]);
    });
  });
}

/** Changes a sum of logs and one of credits, and removes a log with a key. */
async function damage(database: FreshDatabase, logId: string): Promise<void> {
  // On SQLite the logs have a file of their own.
  const isFile = database.url.startsWith("file:");
  const ofLogs = isFile ? { ...database, url: database.url.replace(/\.db$/, "-logs.db") } : database;
  await changeDatabase(ofLogs, {
    sql: `UPDATE log_rollups SET calls = calls + 1 WHERE user_id = '${user.email}'`,
    mongodb: (db) => db.collection("log_rollups").updateMany({ user_id: user.email }, { $inc: { calls: 1n } }),
  });
  await changeDatabase(ofLogs, {
    sql: `DELETE FROM call_logs WHERE user_id = '${other.email}' AND id = '${logId}'`,
    mongodb: (db) => db.collection("call_logs").deleteOne({ "_id.id": logId }),
  });
  const account = `user:${user.email}`;
  await changeDatabase(database, {
    sql: `UPDATE spend_rollups SET refunded = 0 WHERE account_id = '${account}'`,
    mongodb: (db) => db.collection("spend_rollups").updateMany({ account_id: account }, { $set: { refunded: 0n } }),
  });
}
