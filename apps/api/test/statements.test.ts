import { createHash } from "node:crypto";
import { apiSurfaceKinds, describeOn, type RestAnswer } from "@jifen/testkit";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifenWith, jifen as runJifen } from "./jifen-command.ts";
import { capturing, consuming, granting, holding, revoking, spendInThePast } from "./past-spending.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;
const formula = '=HYPERLINK("http://evil.example")';
const hostile = '<img src=x onerror="alert(1)">&amp;';

/** The first moment of a month in Shanghai, counted from the present one, and its name. */
function monthAt(distance: number) {
  const now = new Date(Date.now() + SHANGHAI_MS);
  const beginMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + distance, 1);
  return { name: new Date(beginMs).toISOString().slice(0, 7), fromMs: beginMs - SHANGHAI_MS };
}
const [before, first, second, present, next] = [monthAt(-4), monthAt(-3), monthAt(-2), monthAt(0), monthAt(1)] as const;

/** Two months of the user: in the first, all kinds of changes; a hold of the first is captured in the second. */
const history = [
  [first.fromMs, granting(500, "purchase")],
  [first.fromMs + DAY_MS, granting(40, "code", first.fromMs + 10 * DAY_MS)],
  [first.fromMs + 2 * DAY_MS, consuming(30, "video", 10)],
  [first.fromMs + 3 * DAY_MS, consuming(5, hostile)],
  [first.fromMs + 4 * DAY_MS, consuming(1, formula)],
  [first.fromMs + 5 * DAY_MS, granting(60, "purchase")],
  [first.fromMs + 20 * DAY_MS, revoking(9)],
  [second.fromMs - 2, holding("hold-1", 50, 40 * 86_400)],
  [second.fromMs - 1, consuming(7, "video")],
  [second.fromMs, consuming(8, "video")],
  [second.fromMs + DAY_MS, capturing("hold-1", 20)],
] as const;

const position = (balance: number, held = 0) => ({ balance, held, total: balance + held });
const none = { total: 0, byAction: [] };

/** What the statement of the first month says. 16 of the 40 credits expired: 24 were spent, after 10 were refunded. */
const expectedFirst = {
  ...{ userId: user.email, month: first.name, tz: "Asia/Shanghai" },
  ...{ from: new Date(first.fromMs).toISOString(), to: new Date(second.fromMs).toISOString() },
  opening: position(0),
  grants: {
    total: 600,
    bySource: [
      { source: "purchase", grants: 2, amount: 560 },
      { source: "code", grants: 1, amount: 40 },
    ],
  },
  revoked: 9,
  spent: {
    ...{ total: 43, charges: 4 },
    byAction: [
      { action: "video", charges: 2, amount: 37 },
      { action: hostile, charges: 1, amount: 5 },
      { action: formula, charges: 1, amount: 1 },
    ],
  },
  refunded: { total: 10, refunds: 1, byAction: [{ action: "video", refunds: 1, amount: 10 }] },
  expired: expect.any(Number),
  closing: { balance: expect.any(Number), held: 50, total: expect.any(Number) },
  ...{ final: true, asOf: new Date(second.fromMs).toISOString() },
};

type Statement = typeof expectedFirst & { closing: ReturnType<typeof position>; expired: number };

const netOf = ({ grants, revoked, spent, refunded, expired }: Statement) =>
  grants.total - revoked - spent.total + refunded.total - expired;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`statements on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { INITIAL_CREDITS: "0" });
      await spendInThePast(api.server.database.url, user.email, history);
    });
    afterAll(() => api.server.stop());

    const call = (month: string, query = "", language = "en"): Promise<RestAnswer> =>
      api.server.call("GET", `/billing/statements/${month}${query}`, {
        token: api.tokens.user,
        headers: { "accept-language": language },
      });
    const statement = async (month: string, query = ""): Promise<Statement> => {
      const answer = await call(month, query);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };

    test("the statement of a month adds up what its journal has, and is the same at each read", async () => {
      const read = await statement(first.name);
      expect(read).toEqual(expectedFirst);
      expect(read.expired).toBeGreaterThan(0);
      expect(read.opening.total + netOf(read)).toBe(read.closing.total);
      expect(await statement(first.name)).toEqual(read);
    });

    test("the next month opens with what the month closed with, and charges what is captured in it", async () => {
      const [one, two] = [await statement(first.name), await statement(second.name)];
      expect(two.opening).toEqual(one.closing);
      expect(two).toMatchObject({
        grants: { total: 0, bySource: [] },
        spent: {
          ...{ total: 28, charges: 2 },
          byAction: [
            { action: "held", charges: 1, amount: 20 },
            { action: "video", charges: 1, amount: 8 },
          ],
        },
        refunded: { ...none, refunds: 0 },
        closing: { held: 0 },
        final: true,
      });
      expect(two.opening.total + netOf(two)).toBe(two.closing.total);
    });

    test("the present month closes with the balance, also right after it changed, and is not final", async () => {
      for (const held of [0, 3]) {
        await api.post("/credits/consume", { amount: 2, action: "now" });
        if (held > 0) await api.post("/credits/holds", { amount: held, action: "now" });
        const { balance } = await api.balance();
        const read = await statement(present.name);
        expect(read).toMatchObject({ final: false, closing: { balance, held } });
        expect(read.opening.total + netOf(read)).toBe(read.closing.total);
        expect(Math.abs(Date.parse(read.asOf) - Date.now())).toBeLessThan(60_000);
      }
    });

    test("the time zone moves the ends of the month, and what happens between them", async () => {
      const inUtc = await statement(first.name, "?tz=UTC");
      expect(inUtc).toMatchObject({ tz: "UTC", from: `${first.name}-01T00:00:00.000Z` });
      // In UTC the month begins eight hours later than in Shanghai, after the first grant.
      expect(inUtc.opening).toEqual(position(500));
      const kathmandu = await statement(second.name, "?tz=Asia%2FKathmandu");
      expect(kathmandu.from).toMatch(/T18:15:00.000Z$/);
      expect(kathmandu.opening).toEqual((await statement(first.name, "?tz=Asia%2FKathmandu")).closing);
    });

    test("a month before the account existed has zeros", async () => {
      for (const month of [before.name, "2000-01"]) {
        expect(await statement(month)).toMatchObject({
          ...{ opening: position(0), grants: { total: 0, bySource: [] }, revoked: 0, spent: { ...none, charges: 0 } },
          ...{ refunded: { ...none, refunds: 0 }, expired: 0, closing: position(0), final: true },
        });
      }
    });

    test.each([
      { month: next.name, query: "", field: "month", says: "must be the present month or an earlier one" },
      { month: "9999-12", query: "", field: "month", says: "must be the present month or an earlier one" },
      ...["2026-13", "2026-1", "2026-00", "1999-12", "26-11", "2026-11-01", "2026-11%20", "%E4%B8%80", "2026"].map(
        (month) => ({ month, query: "", field: "month", says: "such as 2026-11" }),
      ),
      ...["UTC%2B8", "Asia%2FBeijing", "%2B08:00", "CST", "", "x".repeat(65)].map((tz) => ({
        ...{
          month: "2026-01",
          query: `?tz=${tz}`,
          field: "tz",
          says: "must be an IANA time zone, such as Asia/Shanghai",
        },
      })),
      ...["xlsx", "HTML", ""].map((format) => ({
        ...{ month: "2026-01", query: `?format=${format}`, field: "format", says: "must be json, csv or html" },
      })),
      { month: "2026-01", query: "?format=html&tz=nowhere", field: "tz", says: "must be an IANA time zone" },
    ])(
      "the month $month with the query '$query' is refused, and $field is named",
      async ({ month, query, field, says }) => {
        const answer = await call(month, query);
        expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: field }] } });
        expect(answer.body.issues[0].message).toContain(says);
        expect((await call(month, query, "zh")).body.issues[0].message).toMatch(/\p{Script=Han}/u);
      },
    );

    describe("as files", () => {
      test("CSV lists what adds up to its last line, without formulas, in the asked language", async () => {
        const { closing } = await statement(first.name);
        const answer = await call(first.name, "?format=csv");
        expect(answer).toMatchObject({ status: 200 });
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": `attachment; filename="statement-${user.email}-${first.name}.csv"`,
          "content-language": "en",
          "cache-control": "no-store",
          vary: "Origin, Accept-Language",
        });
        const [head, ...rows] = parse(answer.body) as string[][];
        expect(head).toEqual("Month,User,Time zone,Item,Detail,Count,Credits,Of which held".split(","));
        expect(rows.every(([month, id, tz]) => `${month} ${id} ${tz}` === `${first.name} ${user.email} Asia/Shanghai`));
        expect(rows.map((row) => row.slice(3, 7))).toContainEqual(["Spent", `'${formula}`, "1", "-1"]);
        expect(rows.map((row) => row.slice(3, 7))).toContainEqual(["Spent", hostile, "1", "-5"]);
        const last = rows.pop() ?? [];
        expect(last.slice(3)).toEqual(["Closing balance", "", "", String(closing.total), "50"]);
        expect(rows.reduce((sum, row) => sum + Number(row[6]), 0)).toBe(closing.total);
        expect((await call(first.name, "?format=csv", "zh")).body).toMatch(
          /^\ufeff?月份,用户,时区,项目,明细,笔数,积分,/,
        );
      });

      test("HTML is one page without scripts, whose only style its policy names, and every name in it is text", async () => {
        const { status, headers, body } = await call(first.name, "?format=html");
        expect({ status, type: headers.get("content-type") }).toEqual({
          status: 200,
          type: "text/html; charset=utf-8",
        });
        expect(headers.get("content-disposition")).toBeNull();
        const styles = [...body.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style as string);
        expect(styles).toHaveLength(1);
        const hash = createHash("sha256")
          .update(styles[0] as string)
          .digest("base64");
        expect(headers.get("content-security-policy")).toContain(`default-src 'none'; style-src 'sha256-${hash}';`);
        expect(body).not.toMatch(/<(a|img|script|link|iframe|object|form)\b|style=|url\(|@import/i);
        expect(body).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;amp;");
        expect(body).toContain('<html lang="en">');
        expect(body).toMatch(/Closing balance<\/th><td><\/td><td>[\d,]+<\/td>/);
        const chinese = await call(first.name, "?format=html", "zh-CN");
        expect(chinese.headers.get("content-language")).toBe("zh-CN");
        expect(chinese.body).toContain('<html lang="zh-CN">');
        expect(chinese.body).toContain("期末结余");
      });

      test("typed clients get the statement itself, whatever format they name", async () => {
        const input = encodeURIComponent(JSON.stringify({ json: { month: first.name, format: "html" } }));
        const answer = await api.get(`/trpc/statements.find?input=${input}`);
        expect(answer.body.result.data.json).toEqual(await statement(first.name));
      });
    });

    test("staff read the statement of any user, and a user only the own one", async () => {
      const path = (email: string) => `/admin/users/${encodeURIComponent(email)}/statements/${first.name}`;
      expect((await api.get(path(user.email), "admin")).body).toEqual(await statement(first.name));
      expect((await api.get(path(other.email), "admin")).body).toMatchObject({
        userId: other.email,
        closing: position(0),
      });
      expect(await api.get(path("stranger@example.com"), "admin")).toMatchObject({
        ...{ status: 404, body: { code: "USER_NOT_FOUND" } },
      });
      expect(await api.get(path(user.email), "other")).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
      expect((await api.get(`${path(user.email)}?format=html`, "admin")).body).toContain(user.email);
    });

    test("jifen statement prints the same as text, JSON, CSV and HTML", async () => {
      const jifen = (...words: string[]) => runJifen(api.server.database.url, "statement", user.email, ...words);
      const text = await jifen(first.name);
      expect(text).toMatchObject({ exitCode: 0, stderr: "" });
      expect(text.stdout).toContain(`Statement of credits ${first.name}, Asia/Shanghai, ${user.email} (Final)`);
      expect(text.stdout).toMatch(/^Opening balance: 0$/m);
      expect(text.stdout).toMatch(/^ *−37 {4}video \(2\)$/m);
      for (const options of [["--json"], ["--format", "json"]]) {
        expect(JSON.parse((await jifen(first.name, ...options)).stdout)).toEqual(await statement(first.name));
      }
      expect((await jifen(first.name, "--format", "csv")).stdout.replace(/^\ufeff/, "")).toBe(
        (await call(first.name, "?format=csv")).body.replace(/^\ufeff/, ""),
      );
      expect((await jifen(first.name, "--format", "html", "--lang", "zh")).stdout).toBe(
        (await call(first.name, "?format=html", "zh")).body,
      );
      const inUtc = jifenWith(
        { DATABASE_URL: api.server.database.url, TIME_ZONE: "UTC" },
        ...["statement", user.email, first.name, "--json"],
      );
      expect(JSON.parse((await inUtc).stdout)).toMatchObject({ tz: "UTC" });
    });

    test.each([
      { words: [user.email, "2026-13"], says: /VALIDATION_FAILED.*\n {2}month: must be a month/ },
      { words: [user.email, next.name], says: /VALIDATION_FAILED.*\n {2}month: has not begun/ },
      { words: [user.email, "2026-01", "--tz", "Asia/Beijing"], says: /tz: must be an IANA time zone/ },
      { words: [user.email, "2026-01", "--format", "xlsx"], says: /format: must be json, csv or html/ },
      { words: ["stranger@example.com", "2026-01"], says: /USER_NOT_FOUND/ },
    ])("jifen statement $words fails and says what would be right", async ({ words, says }) => {
      const { exitCode, stdout, stderr } = await runJifen(api.server.database.url, "statement", ...words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(says);
    });
  });
}
