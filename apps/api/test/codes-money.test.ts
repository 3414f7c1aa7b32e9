import { openDatabase } from "@jifen/database";
import { callRest, databaseKinds, describeOn, eventually, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { actingKey, answerOf, claimWithoutGrant, createUsers, makeBatch } from "./redemption.ts";
import { other } from "./start-server.ts";
import { useTwoServers } from "./two-live-servers.ts";

const env = { RATE_LIMIT_CODES: "off" };
const times = <Result>(count: number, make: (n: number) => Result) => Array.from({ length: count }, (_, n) => make(n));

describe.each(databaseKinds)("redemption codes at two servers on one %s database", (kind) => {
  describeOn(kind)("", { timeout: timeLimit(120) }, () => {
    const servers = useTwoServers(kind, { here: env, elsewhere: env });
    let key: string;
    let users: readonly string[];
    beforeAll(async () => {
      key = await actingKey(servers.api);
      users = await createUsers(servers.api, 64);
    });
    const urls = () => [servers.api.server.api.url, servers.elsewhere.url];
    const redeem = (code: string, userId: string, n = 0) =>
      callRest(urls()[n % 2] ?? "", "POST", "/codes/redeem", { token: key, userId, body: { code } });
    const balanceOf = async (userId: string) =>
      (await callRest(urls()[0] ?? "", "GET", "/credits/balance", { token: key, userId })).body.balance;
    const claimsIn = async (batchId: string) => {
      const { body } = await servers.api.get("/admin/codes/batches?limit=100", "admin");
      return body.items.find((batch: { batchId: string }) => batch.batchId === batchId)?.claims;
    };
    const expectCleanAudit = async () => {
      const { stdout } = await jifen(servers.api.server.database.url, "audit", "--json");
      expect(JSON.parse(stdout).differences).toEqual([]);
    };
    afterAll(expectCleanAudit);

    test("of 64 users who redeem a code concurrently, as many get its credits as it has uses", async () => {
      const { batchId, code } = await makeBatch(servers.api, { maxUsesPerCode: 10 });
      const before = await Promise.all(users.map(balanceOf));
      const answers = await Promise.all(users.map((userId, n) => redeem(code, userId, n)));
      const gained = (await Promise.all(users.map(balanceOf))).map((after, n) => after - (before[n] ?? 0));
      expect(answers.map(({ status }) => (status === 200 ? 50 : 0))).toEqual(gained);
      expect(gained.filter((credits) => credits === 50)).toHaveLength(10);
      const refused = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
      expect(refused).toEqual(times(54, () => "CODE_NOT_VALID"));
      expect(await claimsIn(batchId)).toBe(10);
    });

    test("a user who redeems a code 64 times concurrently gets its credits once, and one answer", async () => {
      const { batchId, code } = await makeBatch(servers.api, { maxUsesPerCode: 64, maxPerUser: 64 });
      const before = await balanceOf(other.email);
      const answers = await Promise.all(times(64, (n) => redeem(code, other.email, n)));
      expect(new Set(answers.map((answer) => JSON.stringify(answerOf(answer)))).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 200, body: { credits: 50, balance: before + 50, expiresAt: null } });
      expect(await balanceOf(other.email)).toBe(before + 50);
      expect(await claimsIn(batchId)).toBe(1);
    });

    test("a user who redeems many codes of a batch concurrently gets as many as a user can", async () => {
      const { codes } = await makeBatch(servers.api, { codes: 16, maxPerUser: 3 });
      const before = await balanceOf(other.email);
      const answers = await Promise.all(codes.map((code, n) => redeem(code, other.email, n)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
      const refused = answers
        .filter(({ status }) => status !== 200)
        .map(({ status, body }) => [status, body.code, body.limit]);
      expect(refused).toEqual(times(13, () => [409, "CODE_LIMIT", 3]));
      expect(await balanceOf(other.email)).toBe(before + 150);
    });

    test("a claim that was cut off before its grant gets its credits from a background job, once", async () => {
      const { code } = await makeBatch(servers.api, { maxUsesPerCode: 5 });
      const { url } = servers.api.server.database;
      const [early = "", late = ""] = users;
      const [earlyBefore, lateBefore] = [await balanceOf(early), await balanceOf(late)];
      await claimWithoutGrant(url, { code, user: late, nextCheckMs: Date.now() + 3_600_000 });
      await claimWithoutGrant(url, { code, user: early, nextCheckMs: Date.now() });
      for (let checks = 0; (await balanceOf(early)) === earlyBefore; checks += 1) {
        expect(checks).toBeLessThan(300);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await balanceOf(early)).toBe(earlyBefore + 50);
      expect(await balanceOf(late)).toBe(lateBefore);
      // The user asks again before the job does.
      expect(await redeem(code, late)).toMatchObject({ status: 200, body: { credits: 50, balance: lateBefore + 50 } });
      expect(await redeem(code, early)).toMatchObject({
        status: 200,
        body: { credits: 50, balance: earlyBefore + 50 },
      });
      expect(await balanceOf(early)).toBe(earlyBefore + 50);
    });

    test("a server that is killed while users redeem loses no claim and grants none twice", async () => {
      const { batchId, codes } = await makeBatch(servers.api, { codes: users.length, maxPerUser: 1 });
      const { url } = servers.api.server.database;
      const before = await Promise.all(users.map(balanceOf));
      const third = await startApi({ databaseUrl: url, env: { ...servers.env, ...env } });
      const redeemAt = (n: number) =>
        callRest(third.url, "POST", "/codes/redeem", { token: key, userId: users[n] ?? "", body: { code: codes[n] } });
      const answers = users.map((_, n) => redeemAt(n).catch(() => undefined));
      await Promise.race(answers);
      await third.stop("SIGKILL");
      const acknowledged = (await Promise.all(answers)).map((answer) => answer?.status === 200);
      // Half of the users ask again, and the background job does the rest when it is due.
      const again = await Promise.all(
        users.map((userId, n) => (n % 2 ? redeem(codes[n] ?? "", userId, n) : undefined)),
      );
      for (const answer of again.filter((each) => each !== undefined)) expect(answer.status).toBe(200);
      const database = await openDatabase(url, { migrate: false });
      for (const claim of await database.codes.dueClaims(Number.MAX_SAFE_INTEGER, 1_000)) {
        if (claim.batchId === batchId) await database.codes.postpone(claim, 0);
      }
      for (let due = 1, checks = 0; due > 0; checks += 1) {
        expect(checks).toBeLessThan(300);
        await new Promise((resolve) => setTimeout(resolve, 100));
        due = (await database.codes.dueClaims(1, 1_000)).length;
      }
      const claims = await Promise.all(users.map((userId) => database.codes.claimsOfUser(userId as never)));
      await database.close();
      const hasClaim = claims.map((all) => all.some((claim) => claim.batchId === batchId));
      const gained = (await Promise.all(users.map(balanceOf))).map((after, n) => after - (before[n] ?? 0));
      expect(gained).toEqual(hasClaim.map((has) => (has ? 50 : 0)));
      for (const [n, isAcknowledged] of acknowledged.entries()) if (isAcknowledged) expect(gained[n]).toBe(50);
      await eventually(expectCleanAudit);
    });
  });
});
