import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describeOn, type LossMoment, promise } from "@jifen/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { consuming, done, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { asks } from "./every-query.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];
const at = (statements: readonly string[]) =>
  statements.flatMap((statement) => moments.map((moment) => ({ statement, moment })));

describeOn("mongodb")("when the wire to MongoDB", () => {
  const here = useDatabase("mongodb");
  const wired = useFaultyConnection(here);
  beforeEach(() => wired.database.ping());
  const linesOf = async (account: ReturnType<typeof newAccount>) => (await journalOf(here.rows, account)).slice(1);

  describe("is cut", promise("connection-loss", "mongodb"), () => {
    describe("once", () => {
      test.each(at(["aggregate", "update", "insert", "commitTransaction"]))(
        "at $statement, $moment, a commit is done all the same, and once",
        async ({ statement, moment }) => {
          const account = newAccount();
          await perform(wired.database.ledger, granting(account, 10));
          wired.proxy.loseConnectionAt(statement, moment);
          expect(done(await perform(wired.database.ledger, consuming(account, 3, "order-1")))).toMatchObject({
            replayed: false,
            entry: { balanceAfter: 7 },
          });
          expect(wired.proxy.lostConnections()).toBe(1);
          expect(await linesOf(account)).toMatchObject([{ amount: 3, balance_after: 7, sequence: 2 }]);
        },
      );

      test.each(moments)("at the commit of a new user, %s, there is one user and one grant", async (moment) => {
        const user = newUser();
        wired.proxy.loseConnectionAt("commitTransaction", moment);
        const creation = { user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() };
        expect(await wired.database.users.create(creation)).toBe(true);
        expect(await journalOf(here.rows, accountOf(user.id))).toHaveLength(1);
      });

      test.each(moments)("at a log, %s: nobody knows, and a retry ends with one log", async (moment) => {
        const log = newLog(newUserId(), { idempotencyKey: "order-1" });
        wired.proxy.loseConnectionAt("findAndModify", moment);
        await expect(wired.database.logs.create(log)).rejects.toThrow(OutcomeUnknown);
        // The server may be at it still.
        if (moment === "after it is answered") await sleep(200);
        expect(await wired.database.logs.create({ ...log, id: `${log.id}-again` })).toMatchObject({
          id: moment === "after it is answered" ? log.id : `${log.id}-again`,
        });
        expect(await here.rows.find("logs", { user_id: log.userId })).toHaveLength(1);
      });

      test.each(moments)("at a question, %s, it is asked again", async (moment) => {
        wired.proxy.loseConnectionAt("find", moment);
        expect(await wired.database.users.find(newUserId())).toBeUndefined();
        expect(wired.proxy.lostConnections()).toBe(1);
      });
    });

    describe("and the server is gone", () => {
      test.each(moments)(
        "at a commit, %s: nobody knows; once it is back a retry settles it, and the open transaction is in nobody's way",
        async (moment) => {
          const [account, spending] = [newAccount(), consuming];
          await perform(wired.database.ledger, granting(account, 10));
          wired.proxy.loseConnectionAt("commitTransaction", moment, "gone");
          await expect(perform(wired.database.ledger, spending(account, 3, "order-1"))).rejects.toThrow(OutcomeUnknown);
          await wired.proxy.restore();
          const retried = done(await untilKnown(() => perform(wired.database.ledger, spending(account, 3, "order-1"))));
          expect(retried.replayed).toBe(moment === "after it is answered");
          expect(await linesOf(account)).toMatchObject([{ amount: 3, balance_after: 7 }]);
          // Somebody else's process is not stopped by it either.
          expect(await perform(here.database.ledger, spending(account, 1))).toMatchObject({ ok: true });
        },
      );

      test.each(["update", "insert"])("before the commit, at %s: it had no effect", async (statement) => {
        const account = newAccount();
        await perform(wired.database.ledger, granting(account, 10));
        wired.proxy.loseConnectionAt(statement, "after it is answered", "gone");
        await expect(perform(wired.database.ledger, consuming(account, 3, "order-1"))).rejects.toThrow(
          DatabaseUnavailable,
        );
        expect(await linesOf(account)).toEqual([]);
        await wired.proxy.restore();
        const retried = done(await untilKnown(() => perform(wired.database.ledger, consuming(account, 3, "order-1"))));
        expect(retried.replayed).toBe(false);
        expect(await linesOf(account)).toHaveLength(1);
      });
    });

    test("however often, every request ends with exactly one effect", async () => {
      const account = newAccount();
      await perform(wired.database.ledger, granting(account, 1_000));
      const commands = Array.from({ length: 60 }, (_, n) => consuming(account, 2, `order-${n}`));
      const ids: string[] = [];
      for (let n = 0; n < commands.length; n += 4) {
        wired.proxy.loseConnectionAt("commitTransaction", moments[(n / 4) % 2] as LossMoment);
        const some = commands
          .slice(n, n + 4)
          .map((command) => untilKnown(() => perform(wired.database.ledger, command)));
        ids.push(...(await Promise.all(some)).map((answer) => done(answer).entry.id));
      }
      expect(wired.proxy.lostConnections()).toBe(15);
      const lines = await linesOf(account);
      expect(lines.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(lines.at(-1)).toMatchObject({ sequence: 61, balance_after: 880 });
    });
  });

  describe("leads to a server", promise("database-unavailable", "mongodb"), () => {
    describe("that is gone", () => {
      beforeEach(async () => {
        await wired.proxy.refuseConnections();
        // The pool hears of its idle connections' end in the next moment.
        await sleep(50);
      });

      test.each(asks)("$says says that it had no effect", async ({ ask }) => {
        await expect(ask(wired.database)).rejects.toThrow(DatabaseUnavailable);
      });

      test("everything works again when it is back, without opening it again", async () => {
        await expect(wired.database.ping()).rejects.toThrow(DatabaseUnavailable);
        await wired.proxy.restore();
        for (const { says, ask } of asks) await expect(ask(wired.database), says).resolves.not.toThrow();
      });

      test("opening says so", async () => {
        await expect(openDatabase(wired.proxy.url)).rejects.toThrow(DatabaseUnavailable);
      });
    });

    test("that never answers, every question has an end, and no commit an effect", async () => {
      wired.proxy.dropTraffic();
      const answers = await Promise.allSettled(asks.map(({ ask }) => ask(wired.database)));
      await wired.proxy.restore();
      for (const [n, answer] of answers.entries()) {
        const expected = asks[n]?.says === "a log" ? expect.any(Error) : expect.any(DatabaseUnavailable);
        expect([asks[n]?.says, answer]).toMatchObject([expect.any(String), { reason: expected }]);
      }
    });
  });
});
