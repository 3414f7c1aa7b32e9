import { callRest, databaseKinds, describeOn, type RestAnswer, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { createUsers } from "./redemption.ts";
import { newKey } from "./start-api-with-admin.ts";
import { useTwoServers } from "./two-live-servers.ts";

const times = <Result>(count: number, make: (n: number) => Result) => Array.from({ length: count }, (_, n) => make(n));

type Result = { readonly userId: string; readonly transactionId?: string; readonly replayed?: boolean };

describe.each(databaseKinds)("grants to many users at two servers on one %s database", (kind) => {
  describeOn(kind)("", { timeout: timeLimit(120) }, () => {
    const servers = useTwoServers(kind);
    let users: readonly string[];
    /** What each user has, by what this client knows. */
    const model = new Map<string, number>();
    beforeAll(async () => {
      users = await createUsers(servers.api, 120);
      for (const userId of users) model.set(userId, await balanceOf(userId));
    });
    const urls = () => [servers.api.server.api.url, servers.elsewhere.url];
    const post = (url: string, key: string, entries: readonly object[]): Promise<RestAnswer> =>
      callRest(url, "POST", "/admin/grants/batch", {
        token: servers.api.tokens.admin,
        body: { entries, amount: 10, reason: "campaign", idempotencyKey: key },
      });
    const balanceOf = async (userId: string): Promise<number> => {
      const path = `/admin/users/${encodeURIComponent(userId)}/account`;
      return (await servers.api.get(path, "admin")).body.balance;
    };
    const add = (userId: string, amount: number) => model.set(userId, (model.get(userId) ?? 0) + amount);
    const expectBalancesOfModel = async () => {
      const stored = await Promise.all(users.map(async (userId) => [userId, await balanceOf(userId)] as const));
      expect(new Map(stored)).toEqual(model);
    };
    afterAll(async () => {
      const { stdout } = await jifen(servers.api.server.database.url, "audit", "--json");
      expect(JSON.parse(stdout).differences).toEqual([]);
    });

    test("a request that is sent eight times concurrently to two servers grants to each user once", async () => {
      const key = newKey();
      const entries = users.map((userId, n) => (n % 2 ? { userId } : { userId, amount: n + 1 }));
      const answers = await Promise.all(times(8, (n) => post(urls()[n % 2] ?? "", key, entries)));
      for (const { status, body } of answers)
        expect({ status, refused: body.refused }).toEqual({ status: 200, refused: 0 });
      for (const [at, userId] of users.entries()) {
        const results: readonly Result[] = answers.map(({ body }) => body.results[at]);
        expect(results.map((result) => result.userId)).toEqual(times(8, () => userId));
        expect(new Set(results.map(({ transactionId }) => transactionId)).size).toBe(1);
        expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
        add(userId, at % 2 ? 10 : at + 1);
      }
      await expectBalancesOfModel();
    });

    test("requests that overlap in users, each with its own key, all take effect", async () => {
      const parts = times(6, (n) => users.filter((_, at) => (at + n) % 3 !== 0));
      const answers = await Promise.all(
        parts.map((part, n) =>
          post(
            urls()[n % 2] ?? "",
            newKey(),
            part.map((userId) => ({ userId, amount: n + 1 })),
          ),
        ),
      );
      for (const [n, { body }] of answers.entries()) {
        expect(body).toMatchObject({ granted: parts[n]?.length, replayed: 0, refused: 0 });
        for (const userId of parts[n] ?? []) add(userId, n + 1);
      }
      await expectBalancesOfModel();
    });

    test("a server that is killed during a request loses nothing: the same request grants what is missing, once", async () => {
      const key = newKey();
      const entries = users.map((userId) => ({ userId }));
      const third = await startApi({ databaseUrl: servers.api.server.database.url, env: { ...servers.env } });
      const cut = post(third.url, key, entries).catch(() => undefined);
      const isGranted = async (userId: string) => (await balanceOf(userId)) > (model.get(userId) ?? 0);
      const answer = cut.then(() => true);
      // Killed as soon as the first users have their credits.
      while (!(await isGranted(users[0] ?? ""))) {
        if (await Promise.race([answer, new Promise<boolean>((resolve) => setTimeout(resolve, 1, false))])) break;
      }
      await third.stop("SIGKILL");
      await cut;
      const before = (await Promise.all(users.map(isGranted))).filter(Boolean).length;
      const [one, two] = await Promise.all([post(urls()[0] ?? "", key, entries), post(urls()[1] ?? "", key, entries)]);
      expect(one.body.granted + two.body.granted).toBe(users.length - before);
      expect([one.body.refused, two.body.refused]).toEqual([0, 0]);
      for (const userId of users) add(userId, 10);
      await expectBalancesOfModel();
      expect((await post(urls()[0] ?? "", key, entries)).body).toMatchObject({ granted: 0, replayed: users.length });
      await expectBalancesOfModel();
    });
  });
});
