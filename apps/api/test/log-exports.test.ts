import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, admin, grantsOf, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type Row = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

/** The lines of a CSV file by the names of their columns, read by a strict parser; the total last. */
const rowsOf = (file: string): Row[] => parse(file, { bom: true, columns: true, relax_quotes: false });

/** The objects of an NDJSON file, and its total. */
function objectsOf(file: string): { objects: readonly Json[]; total: Json } {
  const lines = file.trimEnd().split("\n");
  const { total } = JSON.parse(lines.pop() ?? "{}");
  return { objects: lines.map((line) => JSON.parse(line)), total };
}

const nasty = ["=1+1", '@SUM("a",b)', "积分，不足\r\n第二行", "＝1", "\t-5"];

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`exports of the call log on ${kind}`, () => {
    let api: ApiWithAdmin;
    const spent: string[] = [];
    const logIds: string[] = [];
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
      await api.post(grantsOf(user.email), { amount: 1_000, reason: "a gift" }, { as: "admin" });
      for (const amount of [10, 20]) {
        const { body } = await api.post("/credits/consume", { amount, action: "video" }, { key: newKey() });
        spent.push(body.transactionId);
      }
      await api.post("/credits/refunds", { transactionId: spent[1], amount: 5 }, { as: "admin" });
      const held = await api.post("/credits/holds", { amount: 50, action: "song" });
      const nowMs = Date.now();
      for (const [at, text] of nasty.entries()) {
        const log = {
          ...{ userId: user.email, action: text.replaceAll(/[\r\n\t]/g, " "), success: at % 2 === 0 },
          ...{ details: { prompt: text, at }, durationMs: at * 100 },
          timestamp: new Date(nowMs - (10 - at) * 60_000).toISOString(),
          ...(at < 2 ? { transactionId: spent[at] } : {}),
          ...(at === 2 ? { holdId: held.body.holdId } : {}),
          ...(at === 3 ? { reference: "job-7" } : {}),
        };
        const { status, body } = await api.post("/logs/create", log);
        expect(status).toBe(200);
        logIds.push(body.logId);
      }
      const log = { userId: other.email, action: "secret", details: { prompt: "another user's" }, success: true };
      await api.post("/logs/create", { ...log, timestamp: new Date().toISOString() }, { as: "other" });
    });
    afterAll(() => api.server.stop());

    const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
    const get = (path: string, { as = "user" as "user" | "other" | "admin", language = "en", method = "GET" } = {}) =>
      api.server.call(method, path, { token: api.tokens[as], headers: { "accept-language": language } });
    const csv = async (fields: Record<string, string> = {}, options = {}) => {
      const answer = await get(`/logs/export?${query(fields)}`, options);
      expect(answer).toMatchObject({ status: 200 });
      return rowsOf(answer.body);
    };
    const ndjson = async (fields: Record<string, string> = {}) => {
      const answer = await get(`/logs/export?${query({ ...fields, format: "ndjson" })}`);
      expect(answer).toMatchObject({ status: 200 });
      return objectsOf(answer.body);
    };

    describe("the file", () => {
      test("a CSV file has the logs oldest first, with what the ledger has of them, and the total in its last line", async () => {
        const rows = await csv({ tz: "Asia/Kathmandu" });
        expect(rows.slice(0, -1).map((row) => row["Log"])).toEqual(logIds);
        expect(rows[1]).toMatchObject({
          ...{ User: user.email, Action: '\'@SUM("a",b)', Success: "false", "Duration (ms)": "100" },
          ...{ Transaction: spent[1], Kind: "consume", Charged: "20", Refunded: "5", Net: "15", Reference: "" },
        });
        expect(rows[2]).toMatchObject({ "Hold state": "pending", Held: "50", Captured: "0", Transaction: "" });
        expect(rows[3]).toMatchObject({ Reference: "job-7", Action: "'＝1" });
        expect(rows.at(-1)).toMatchObject({
          ...{ Log: "Total", User: "5 rows", Success: "2 failed", "Duration (ms)": "1000" },
          ...{ Charged: "30", Refunded: "5", Net: "25", Kind: expect.stringMatching(/^as of 2/) },
        });
      });

      test("times are in the time zone and in UTC, and mean the same moment", async () => {
        const [row] = await csv({ tz: "Asia/Kathmandu" });
        expect(row?.["Counted at (Asia/Kathmandu)"]).toMatch(/\+05:45$/);
        const [local, utc] = [row?.["Counted at (Asia/Kathmandu)"], row?.["Counted at (UTC)"]].map((time) =>
          Date.parse(time ?? ""),
        );
        expect(Math.floor((utc ?? 0) / 1_000) * 1_000).toBe(local);
        expect(Object.keys((await csv())[0] ?? {})).toContain("Counted at (Asia/Shanghai)");
      });

      test("the header and the total are in the language of the request", async () => {
        const rows = await csv({}, { language: "zh" });
        expect(rows.at(-1)).toMatchObject({ 日志: "合计", 用户: "5 条", 成功: "失败 2 条", 净额: "25" });
      });

      test("details are in a CSV file when it is asked for them, and read back unchanged", async () => {
        expect(Object.keys((await csv())[0] ?? {})).not.toContain("Details");
        const rows = (await csv({ details: "true" })).slice(0, -1);
        expect(rows.map((row) => JSON.parse(row["Details"] ?? "").prompt)).toEqual(nasty);
      });

      test("an NDJSON file has the logs as a list shows them, with local times, and a total", async () => {
        const listed = (await api.get("/logs")).body.items.toReversed();
        const { objects, total } = await ndjson({ details: "true", tz: "America/New_York" });
        expect(objects.map(({ local: _, ...log }) => log)).toEqual(listed);
        for (const { local } of objects) {
          expect((local as Json)["countedAt"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00$/);
        }
        expect(total).toMatchObject({ rows: 5, failures: 2, durationMs: 1_000, ledger: { charges: 2, net: 25 } });
        const without = await ndjson();
        expect(without.objects[0]).not.toHaveProperty("details");
        expect(without.objects[0]).toMatchObject({ logId: logIds[0], charge: { amount: 10, net: 10 } });
      });

      test("the file has the name and the headers of a download", async () => {
        const { headers } = await get("/logs/export");
        expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
        expect(headers.get("content-disposition")).toMatch(/^attachment; filename="logs-\d{8}T\d{6}Z\.csv"$/);
        expect(headers.get("cache-control")).toBe("no-store");
        const json = await get("/logs/export?format=ndjson");
        expect(json.headers.get("content-type")).toBe("application/x-ndjson");
      });
    });

    describe("the filters", () => {
      test.each<{ filter: Record<string, string>; rows: readonly number[] }>([
        { filter: { success: "false" }, rows: [1, 3] },
        { filter: { action: "=1+1" }, rows: [0] },
        { filter: { reference: "job-7" }, rows: [3] },
        { filter: { text: "第二行" }, rows: [2] },
        { filter: { text: "nothing has this" }, rows: [] },
      ])("a file by $filter has the same logs as the list, and no credits of the ledger", async ({ filter, rows }) => {
        const { objects, total } = await ndjson(filter);
        expect(objects.map(({ logId }) => logId)).toEqual(rows.map((at) => logIds[at]));
        expect(total).not.toHaveProperty("ledger");
        const [last] = (await csv(filter)).slice(-1);
        expect(last).toMatchObject({ Log: "Total", User: `${rows.length} rows`, Charged: "" });
      });

      test("after continues a file behind a log, without the credits of the whole range", async () => {
        const { objects, total } = await ndjson({ after: logIds[1] ?? "" });
        expect(objects.map(({ logId }) => logId)).toEqual(logIds.slice(2));
        expect(total).toMatchObject({ rows: 3 });
        expect(total).not.toHaveProperty("ledger");
      });

      test("a range has its logs, and the credits that the ledger has in it to the millisecond", async () => {
        const entries = (await api.get("/credits/transactions?kind=consume")).body.items;
        const [second, first] = entries.map(({ createdAt }: Json) => String(createdAt));
        const justAfter = new Date(Date.parse(String(first)) + 1).toISOString();
        expect((await ndjson({ from: String(first) })).total["ledger"]).toMatchObject({ charged: 30, refunded: 5 });
        if (second !== first) {
          expect((await ndjson({ to: justAfter })).total["ledger"]).toMatchObject({ charges: 1, charged: 10 });
          expect((await ndjson({ from: justAfter })).total["ledger"]).toMatchObject({ charged: 20, net: 15 });
        }
        expect((await ndjson({ from: "2020-01-01T00:00:00Z", to: "2020-02-01T00:00:00Z" })).total).toEqual({
          ...{ rows: 0, failures: 0, durationMs: 0 },
          ledger: { charges: 0, charged: 0, refunded: 0, net: 0, asOf: expect.any(String) },
        });
      });
    });

    describe("bad input", () => {
      test.each<{ fields: Record<string, string>; names: string; says: RegExp }>([
        { fields: { format: "xlsx" }, names: "format", says: /csv or ndjson/ },
        { fields: { tz: "UTC+8" }, names: "tz", says: /IANA/ },
        { fields: { tz: "Asia/Beijing" }, names: "tz", says: /IANA/ },
        { fields: { from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }, names: "to", says: /later than from/ },
        { fields: { details: "yes" }, names: "details", says: /true or false/ },
        { fields: { after: "log-1" }, names: "after", says: /logId of one of these logs/ },
        { fields: { after: "不" }, names: "after", says: /letters, digits or hyphens/ },
        { fields: { limit: "5" }, names: "limit", says: /not a known field/ },
        { fields: { cursor: "abc" }, names: "cursor", says: /not a known field/ },
      ])("$fields names $names and says what would be right", async ({ fields, names, says }) => {
        const { status, body, headers } = await get(`/logs/export?${query(fields)}`);
        expect({ status, body }).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
        expect(body.issues).toEqual([{ path: names, message: expect.stringMatching(says) }]);
        expect(headers.get("content-disposition")).toBeNull();
      });

      test("after of another user's log is refused as one that does not exist", async () => {
        const path = (after: string) => `/logs/export?${query({ after })}`;
        const [foreign, unknown] = await Promise.all([
          get(path(logIds[0] ?? ""), { as: "other" }),
          get(path(`${logIds[0]?.slice(0, -1)}x`), { as: "other" }),
        ]);
        expect(foreign.status).toBe(400);
        expect(foreign.body.issues).toEqual(unknown.body.issues);
      });

      test("HEAD has the headers and no body, and a range is ignored", async () => {
        const head = await get("/logs/export?format=ndjson", { method: "HEAD" });
        expect(head).toMatchObject({ status: 200, body: "" });
        expect(head.headers.get("content-type")).toBe("application/x-ndjson");
        expect((await get("/logs/export?format=xlsx", { method: "HEAD" })).status).toBe(400);
        const ranged = await api.server.call("GET", "/logs/export", {
          token: api.tokens.user,
          headers: { range: "bytes=0-9" },
        });
        expect({ status: ranged.status, total: rowsOf(ranged.body).length }).toEqual({ status: 200, total: 6 });
        expect(ranged.headers.get("accept-ranges")).toBe("none");
      });
    });

    describe("exports by staff", () => {
      test("staff exports the logs of a user with the user's credits, and of all users", async () => {
        const own = objectsOf(
          (await get(`/admin/logs/export?${query({ userId: user.email, format: "ndjson" })}`, { as: "admin" })).body,
        );
        expect(own.objects.map(({ logId }) => logId)).toEqual(logIds);
        expect(own.total["ledger"]).toMatchObject({ charged: 30, refunded: 5, net: 25 });
        const all = objectsOf((await get("/admin/logs/export?format=ndjson", { as: "admin" })).body);
        expect(new Set(all.objects.map(({ userId }) => userId))).toEqual(new Set([user.email, other.email]));
        expect(all.total["ledger"]).toMatchObject({ asOf: expect.any(String) });
      });

      test("each file that staff takes away is in the audit log with what was asked for", async () => {
        await get(`/admin/logs/export?${query({ userId: other.email, success: "true" })}`, { as: "admin" });
        await get("/admin/logs/export", { as: "admin" });
        const { body } = await api.get("/admin/audit?action=logs.export&limit=2", "admin");
        expect(body.items).toMatchObject([
          { actor: `user:${admin.email}`, subject: "user:*" },
          { actor: `user:${admin.email}`, subject: `user:${other.email}`, details: { success: true, format: "csv" } },
        ]);
      });

      test("a file of a user who does not exist is refused, and no event is written", async () => {
        const before = (await api.get("/admin/audit?action=logs.export", "admin")).body.items.length;
        const answer = await get("/admin/logs/export?userId=unknown@example.com", { as: "admin" });
        expect(answer).toMatchObject({ status: 404, body: { code: "USER_NOT_FOUND" } });
        expect((await get("/admin/logs/export", { as: "user" })).status).toBe(403);
        await get("/admin/logs/export", { as: "admin", method: "HEAD" });
        expect((await api.get("/admin/audit?action=logs.export", "admin")).body.items).toHaveLength(before);
      });
    });

    describe("exports of transactions", () => {
      const transactions = async (fields: Record<string, string> = {}) => {
        const answer = await get(`/credits/transactions/export?${query({ ...fields, format: "ndjson" })}`);
        expect(answer).toMatchObject({ status: 200 });
        return objectsOf(answer.body);
      };

      test("a file has the transactions of the list, oldest first, and a total of them", async () => {
        const listed = (await api.get("/credits/transactions")).body.items.toReversed();
        const { objects, total } = await transactions({ tz: "Asia/Kolkata" });
        expect(objects.map(({ local: _, ...transaction }) => transaction)).toEqual(listed);
        expect(objects[0]).toMatchObject({ local: { createdAt: expect.stringMatching(/\+05:30$/) } });
        const { balance } = await api.balance();
        expect(total).toEqual({ rows: listed.length, change: balance, charged: 30, refunded: 5, net: 25 });
      });

      test("a CSV file has the same rows, with times in the time zone and in UTC", async () => {
        const listed = (await api.get("/credits/transactions")).body.items.toReversed();
        const rows = rowsOf((await get("/credits/transactions/export")).body);
        expect(rows.slice(0, -1).map((row) => [row["Transaction"], row["Amount"], row["Created at (UTC)"]])).toEqual(
          listed.map(({ transactionId, amount, createdAt }: Json) => [transactionId, String(amount), createdAt]),
        );
        expect(rows.at(-1)).toMatchObject({ Transaction: "Total", Action: "charged 30, refunded 5, net 25" });
        expect(rows[0]?.["Created at (Asia/Shanghai)"]).toMatch(/\+08:00$/);
      });

      test("the kinds in a CSV file are in the language of the request", async () => {
        const kinds = async (language: string, name: string) =>
          rowsOf((await get("/credits/transactions/export?kind=consume", { language })).body)
            .slice(0, -1)
            .map((row) => row[name]);
        expect(new Set(await kinds("zh", "类型"))).toEqual(new Set(["消费"]));
        expect(new Set(await kinds("en", "Kind"))).toEqual(new Set(["consume"]));
      });

      test("filters and after choose the same transactions as in the list", async () => {
        const { objects } = await transactions({ kind: "consume" });
        expect(objects.map(({ transactionId }) => transactionId)).toEqual(spent);
        const rest = await transactions({ kind: "consume", after: spent[0] ?? "" });
        expect(rest.objects.map(({ transactionId }) => transactionId)).toEqual(spent.slice(1));
      });

      test("after of another user's transaction, and a time zone that does not exist, are refused", async () => {
        const foreign = await get(`/credits/transactions/export?after=${spent[0]}`, { as: "other" });
        expect(foreign).toMatchObject({ status: 400, body: { issues: [{ path: "after" }] } });
        const zone = await get("/credits/transactions/export?tz=CST");
        expect(zone).toMatchObject({ status: 400, body: { issues: [{ path: "tz" }] } });
      });
    });
  });
}
