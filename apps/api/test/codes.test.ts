import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addToBalance, changeDatabase } from "./change-database.ts";
import { jifen } from "./jifen-command.ts";
import { answerOf, makeBatch } from "./redemption.ts";
import { type ApiWithAdmin, inMs, startApiWithAdmin, wait } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`redemption codes on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { RATE_LIMIT_CODES: "off" });
    });
    afterAll(() => api.server.stop());
    const redeem = (code: string, as?: "user" | "other" | "admin") => api.post("/codes/redeem", { code }, { as });
    const end = (batchId: string) =>
      api.post(`/admin/codes/batches/${batchId}/end`, { reason: "leaked" }, { as: "admin" });

    const changeBalance = (by: number) => changeDatabase(api.server.database, addToBalance(by, `user:${user.email}`));

    test("a code as a person types it grants its credits, which the history and the grants name", async () => {
      const { code } = await makeBatch(api, { validDays: 30, priority: 7, source: "bonus" });
      expect(code).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
      const { balance } = await api.balance();
      const redeemed = await redeem(` ${code.toLowerCase().replaceAll("-", " ")} `);
      expect(redeemed).toMatchObject({ status: 200, body: { credits: 50, balance: balance + 50 } });
      const { expiresAt, transactionId, grantId } = redeemed.body;
      const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(29.9);
      expect(days).toBeLessThanOrEqual(30);
      const transaction = await api.get(`/credits/transactions/${transactionId}`);
      expect(transaction.body).toMatchObject({
        kind: "grant",
        amount: 50,
        action: "Spring 春",
        actor: `user:${user.email}`,
      });
      const [grant] = (await api.get("/credits/grants?limit=1")).body.items;
      expect(grant).toMatchObject({ grantId, source: "bonus", priority: 7, remaining: 50, expiresAt });
    });

    test("a user who redeems a code again gets the same answer, also after the end of its batch", async () => {
      const { batchId, code } = await makeBatch(api, { maxUsesPerCode: 2 });
      const first = answerOf(await redeem(code));
      expect(first.status).toBe(200);
      expect(answerOf(await redeem(code))).toEqual(first);
      expect(await end(batchId)).toMatchObject({ status: 200, body: { batch: { batchId, claims: 1 } } });
      expect(answerOf(await redeem(code))).toEqual(first);
      expect((await redeem(code, "other")).body.code).toBe("CODE_NOT_VALID");
    });

    test("every code that is not valid gets the same answer", async () => {
      const used = await makeBatch(api);
      expect((await redeem(used.code, "other")).status).toBe(200);
      const ended = await makeBatch(api);
      await end(ended.batchId);
      const early = await makeBatch(api, { from: inMs(60_000) });
      const short = await makeBatch(api, { until: inMs(1_500) });
      await wait(1_600);
      const others = await makeBatch(api, { priceGroup: "vip" });
      const typo = used.code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
      const texts = [
        used.code,
        ended.code,
        early.code,
        short.code,
        others.code,
        typo,
        "K7WQ2",
        "积分",
        "00000-00000-00000-00000",
      ];
      const answers = await Promise.all(texts.map(async (text) => answerOf(await redeem(text))));
      expect(answers[0]).toMatchObject({ status: 404, body: { code: "CODE_NOT_VALID" } });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    });

    test("a batch for a price group is listed with it, and only users who are in the group now redeem its codes", async () => {
      const { batchId, code } = await makeBatch(api, { priceGroup: "vip", maxUsesPerCode: 9 });
      const { codes } = await makeBatch(api, { priceGroup: "default", codes: 2, maxPerUser: 2 });
      const setGroup = async (priceGroup: string) => {
        const path = `/admin/users/${user.email}/price-group`;
        expect(await api.post(path, { priceGroup, reason: "a deal" }, { as: "admin" })).toMatchObject({ status: 200 });
      };
      expect((await api.get("/admin/codes/batches", "admin")).body.items).toContainEqual(
        expect.objectContaining({ batchId, priceGroup: "vip" }),
      );
      const listed = await jifen(api.server.database.url, "codes", "list");
      expect(listed.stdout).toContain(`${batchId}  50  redeemed 0 of 9, for vip  `);
      expect(await redeem(codes[0] ?? "")).toMatchObject({ status: 200 });
      expect((await redeem(code)).body.code).toBe("CODE_NOT_VALID");
      await setGroup("vip");
      const first = answerOf(await redeem(code));
      expect(first.status).toBe(200);
      expect((await redeem(codes[1] ?? "")).body.code).toBe("CODE_NOT_VALID");
      await setGroup("default");
      expect(answerOf(await redeem(code))).toEqual(first);
    });

    test("staff cannot redeem codes that they have made", async () => {
      const { code } = await makeBatch(api);
      expect((await redeem(code, "admin")).body.code).toBe("SELF_ACTION_FORBIDDEN");
      expect((await redeem(code)).status).toBe(200);
    });

    test("batches are listed with their claims, and are made and ended with lines in the audit log", async () => {
      const { batchId, codes } = await makeBatch(api, { codes: 3, maxPerUser: 2, name: "for the list" });
      expect(new Set(codes).size).toBe(3);
      await redeem(codes[0] ?? "");
      const listed = await api.get("/admin/codes/batches?limit=1", "admin");
      expect(listed.body.items).toEqual([
        expect.objectContaining({ batchId, name: "for the list", codes: 3, claims: 1, endedAt: null, maxPerUser: 2 }),
      ]);
      const next = await api.get(`/admin/codes/batches?limit=1&cursor=${listed.body.nextCursor}`, "admin");
      expect(next.body.items).not.toEqual(listed.body.items);
      expect((await end(batchId)).body.batch.endedAt).not.toBeNull();
      expect(await end(batchId)).toMatchObject({ status: 409, body: { code: "CODE_BATCH_ENDED" } });
      expect(await end("batch-none")).toMatchObject({ status: 404, body: { code: "CODE_BATCH_NOT_FOUND" } });
      const events = await api.get(`/admin/audit?subject=batch:${batchId}`, "admin");
      expect(events.body.items.map(({ action, reason }: Record<string, string>) => [action, reason])).toEqual([
        ["codes.end", "leaked"],
        ["codes.make", "a test"],
      ]);
      expect(JSON.stringify(events.body)).not.toContain(codes[0]);
    });

    test.each([
      { input: { codes: 0 }, path: "codes" },
      { input: { codes: 5_001 }, path: "codes" },
      { input: { credits: 0 }, path: "credits" },
      { input: { credits: "5" }, path: "credits" },
      { input: { validDays: 0 }, path: "validDays" },
      { input: { maxUsesPerCode: 1.5 }, path: "maxUsesPerCode" },
      { input: { maxPerUser: -1 }, path: "maxPerUser" },
      { input: { priority: 101 }, path: "priority" },
      { input: { source: "gift" }, path: "source" },
      { input: { name: "" }, path: "name" },
      { input: { priceGroup: "not a name" }, path: "priceGroup" },
      { input: { reason: undefined }, path: "reason" },
      { input: { until: "2020-01-01T00:00:00Z" }, path: "until" },
      { input: { from: "2099-01-02T00:00:00Z", until: "2099-01-01T00:00:00Z" }, path: "until" },
      { input: { from: "tomorrow" }, path: "from" },
    ])("a batch with $input is refused, and the error names $path", async ({ input, path }) => {
      const body = { name: "n", credits: 50, codes: 1, reason: "a test", ...input };
      const refused = await api.post("/admin/codes/batches", body, { as: "admin" });
      expect(refused).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path }] } });
    });

    test("a balance that would exceed the limit refuses a code, which stays unused", async () => {
      const { batchId, code } = await makeBatch(api, { credits: 1_000_000_000_000 });
      await changeBalance(999_999_999_999_000);
      expect((await redeem(code)).body.code).toBe("BALANCE_LIMIT");
      await changeBalance(-999_999_999_999_000);
      const [batch] = (await api.get("/admin/codes/batches?limit=1", "admin")).body.items;
      expect(batch).toMatchObject({ batchId, claims: 0 });
    });

    test("the command line makes, lists and ends codes", async () => {
      const { url } = api.server.database;
      const made = await jifen(url, ...["codes", "make", "Fair", "--codes", "2", "--credits", "5", "--reason", "fair"]);
      expect(made).toMatchObject({ exitCode: 0, stderr: "" });
      const [first = "", second = ""] = made.stdout.trim().split("\n");
      expect((await redeem(first, "admin")).status).toBe(200);
      const listed = JSON.parse((await jifen(url, "codes", "list", "--json")).stdout).items;
      expect(listed[0]).toMatchObject({ name: "Fair", codes: 2, claims: 1, credits: 5, madeBy: "operator" });
      expect((await jifen(url, "codes", "list")).stdout).toMatch(/redeemed 1 of 2 {2}Fair|已兑换 1\/2 {2}Fair/);
      const { batchId } = listed[0];
      expect(await jifen(url, "codes", "end", batchId, "--reason", "over")).toMatchObject({ exitCode: 0 });
      expect((await redeem(second)).body.code).toBe("CODE_NOT_VALID");
      expect(await jifen(url, "codes", "end", batchId, "--reason", "over")).toMatchObject({ exitCode: 1, stdout: "" });
      const wrong = await jifen(
        url,
        ...["codes", "make", "Fair", "--codes", "many", "--credits", "5", "--reason", "fair"],
      );
      expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("codes") });
      const vip = ["codes", "make", "Vip", "--codes", "1", "--credits", "5", "--reason", "r", "--price-group", "vip"];
      const forVip = await jifen(url, ...vip, "--json");
      expect(JSON.parse(forVip.stdout)).toMatchObject({ batch: { priceGroup: "vip" } });
    });
  });
}

describe("wrong redemption codes", () => {
  test("a user with too many wrong codes has to wait, another user of the address does not, typing errors and good codes do not count", async () => {
    const api = await startApiWithAdmin("sqlite", { RATE_LIMIT_CODES: "3/1h", TRUST_PROXY: "loopback" });
    const { codes } = await makeBatch(api, { codes: 4, maxPerUser: 4 });
    const unknown = "00000-00000-00000-00000";
    const redeem = async (code: string, { as = "user", from }: { as?: "user" | "other"; from: string }) => {
      const headers = { "x-forwarded-for": from };
      const token = api.tokens[as];
      return (await api.server.call("POST", "/codes/redeem", { token, headers, body: { code } })).status;
    };
    const [first, second] = ["198.51.100.1", "198.51.100.2"];
    for (const code of codes.slice(0, 3)) expect(await redeem(code, { from: first })).toBe(200);
    for (const _ of codes) expect(await redeem("K7WQ2-9XH4M-0BTRC-5E8N0", { from: first })).toBe(404);
    for (const _ of [1, 2, 3]) expect(await redeem(unknown, { from: first })).toBe(404);
    expect(await redeem(codes[3] ?? "", { from: first })).toBe(429);
    expect(await redeem(codes[3] ?? "", { from: second })).toBe(429);
    expect(await redeem(codes[3] ?? "", { as: "other", from: first })).toBe(200);
    await api.server.stop();
  });
});
