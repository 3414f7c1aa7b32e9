import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describeOn, type LossMoment, promise } from "@jifen/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { consuming, done, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { asks } from "./every-query.ts";
import { newEvent, newLog, newUser, newUserId, storedLog } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];
const at = (statements: readonly string[]) =>
  statements.flatMap((statement) => moments.map((moment) => ({ statement, moment })));

describeOn("mongodb")("over a faulty connection to MongoDB", () => {
  const here = useDatabase("mongodb");
  const faulty = useFaultyConnection(here);
  beforeEach(() => faulty.database.ping());
  const entriesOf = async (account: ReturnType<typeof newAccount>) => (await journalOf(here.rows, account)).slice(1);

  describe("a connection loss", promise("connection-loss", "mongodb"), () => {
    describe("with a server that is reachable again", () => {
      test.each(at(["aggregate", "update", "insert", "commitTransaction"]))(
        "a commit that loses its connection at $statement, $moment, takes effect once",
        async ({ statement, moment }) => {
          const account = newAccount();
          await perform(faulty.database.ledger, granting(account, 10));
          faulty.proxy.loseConnectionAt(statement, moment);
          expect(done(await perform(faulty.database.ledger, consuming(account, 3, "order-1")))).toMatchObject({
            replayed: false,
            entry: { balanceAfter: 7 },
          });
          expect(faulty.proxy.lostConnections()).toBe(1);
          expect(await entriesOf(account)).toMatchObject([{ amount: 3, balance_after: 7, sequence: 2 }]);
        },
      );

      test.each(moments)(
        "a connection loss at the commit of a new user, %s, leaves one user and one grant",
        async (moment) => {
          const user = newUser();
          faulty.proxy.loseConnectionAt("commitTransaction", moment);
          const creation = { user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() };
          expect(await faulty.database.users.create(creation)).toBe(true);
          expect(await journalOf(here.rows, accountOf(user.id))).toHaveLength(1);
        },
      );

      test.each(at(["insert", "update", "commitTransaction"]))(
        "a connection loss of a log at $statement, $moment, leaves one log that is counted once",
        async ({ statement, moment }) => {
          const log = newLog(newUserId(), { idempotencyKey: "order-1" });
          faulty.proxy.loseConnectionAt(statement, moment);
          expect(await faulty.database.logs.write([log])).toEqual([storedLog(log)]);
          expect(faulty.proxy.lostConnections()).toBe(1);
          expect(await here.rows.find("call_logs", { user_id: log.userId })).toHaveLength(1);
          expect(await here.rows.find("log_rollups", { user_id: log.userId })).toMatchObject([{ calls: 1 }]);
        },
      );

      test.each(moments)("a read that loses its connection, %s, is retried", async (moment) => {
        faulty.proxy.loseConnectionAt("find", moment);
        expect(await faulty.database.users.find(newUserId())).toBeUndefined();
        expect(faulty.proxy.lostConnections()).toBe(1);
      });
    });

    describe("with a server that is gone", () => {
      test.each(moments)(
        "a connection loss at the commit, %s, leaves the outcome unknown; a retry settles it, and the orphaned transaction blocks no process",
        async (moment) => {
          const [account, spending] = [newAccount(), consuming];
          await perform(faulty.database.ledger, granting(account, 10));
          faulty.proxy.loseConnectionAt("commitTransaction", moment, "gone");
          await expect(perform(faulty.database.ledger, spending(account, 3, "order-1"))).rejects.toThrow(
            OutcomeUnknown,
          );
          await faulty.proxy.restore();
          const retried = done(
            await untilKnown(() => perform(faulty.database.ledger, spending(account, 3, "order-1"))),
          );
          expect(retried.replayed).toBe(moment === "after it is answered");
          expect(await entriesOf(account)).toMatchObject([{ amount: 3, balance_after: 7 }]);
          // Another process is not blocked by it either.
          expect(await perform(here.database.ledger, spending(account, 1))).toMatchObject({ ok: true });
        },
      );

      test.each(["update", "insert"])(
        "a connection loss before the commit, at %s, leaves no effect",
        async (statement) => {
          const account = newAccount();
          await perform(faulty.database.ledger, granting(account, 10));
          faulty.proxy.loseConnectionAt(statement, "after it is answered", "gone");
          await expect(perform(faulty.database.ledger, consuming(account, 3, "order-1"))).rejects.toThrow(
            DatabaseUnavailable,
          );
          expect(await entriesOf(account)).toEqual([]);
          await faulty.proxy.restore();
          const retried = done(
            await untilKnown(() => perform(faulty.database.ledger, consuming(account, 3, "order-1"))),
          );
          expect(retried.replayed).toBe(false);
          expect(await entriesOf(account)).toHaveLength(1);
        },
      );
    });

    test("however often the connection is lost, every retried command has exactly one effect", async () => {
      const account = newAccount();
      await perform(faulty.database.ledger, granting(account, 1_000));
      const commands = Array.from({ length: 60 }, (_, n) => consuming(account, 2, `order-${n}`));
      const ids: string[] = [];
      for (let n = 0; n < commands.length; n += 4) {
        faulty.proxy.loseConnectionAt("commitTransaction", moments[(n / 4) % 2] as LossMoment);
        const some = commands
          .slice(n, n + 4)
          .map((command) => untilKnown(() => perform(faulty.database.ledger, command)));
        ids.push(...(await Promise.all(some)).map((answer) => done(answer).entry.id));
      }
      expect(faulty.proxy.lostConnections()).toBe(15);
      const entries = await entriesOf(account);
      expect(entries.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(entries.at(-1)).toMatchObject({ sequence: 61, balance_after: 880 });
    });
  });

  describe("an unavailable server", promise("database-unavailable", "mongodb"), () => {
    describe("that refuses connections", () => {
      beforeEach(async () => {
        await faulty.proxy.refuseConnections();
        // The pool notices the end of its idle connections a little later.
        await sleep(50);
      });

      test.each(asks)("$says is reported as no effect while the server is gone", async ({ ask }) => {
        await expect(ask(faulty.database)).rejects.toThrow(DatabaseUnavailable);
      });

      test("every call works again when the server is back, without opening the database again", async () => {
        await expect(faulty.database.ping()).rejects.toThrow(DatabaseUnavailable);
        await faulty.proxy.restore();
        for (const { says, ask } of asks) await expect(ask(faulty.database), says).resolves.not.toThrow();
      });

      test("opening the database reports DatabaseUnavailable while the server is gone", async () => {
        await expect(openDatabase(faulty.proxy.url)).rejects.toThrow(DatabaseUnavailable);
      });
    });

    test("every call to a server that never answers has a timeout, and no commit has an effect", async () => {
      faulty.proxy.dropTraffic();
      const answers = await Promise.allSettled(asks.map(({ ask }) => ask(faulty.database)));
      await faulty.proxy.restore();
      for (const [n, answer] of answers.entries()) {
        const expected = [expect.any(String), { reason: expect.any(DatabaseUnavailable) }];
        expect([asks[n]?.says, answer]).toMatchObject(expected);
      }
    });
  });
});
