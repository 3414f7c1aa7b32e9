import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { consuming, done, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { newEvent, newLog, newUser, newUserId, storedLog } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

describeOn("mongodb")("abortInFlight on MongoDB", () => {
  const here = useDatabase("mongodb");
  const faulty = useFaultyConnection(here);

  /** Aborts a call whose command is held back at `statement`, then delivers the command. @returns the result of the call */
  const abortAt = async (statement: string, work: () => Promise<unknown>): Promise<unknown> => {
    const { reached, resume } = faulty.proxy.pauseAt(statement);
    const answer = work().catch((error: unknown) => error);
    await reached;
    await faulty.database.abortInFlight();
    const result = await Promise.race([answer, sleep(500, "nothing")]);
    resume();
    return result;
  };

  test("a call that is aborted at its commit has an unknown outcome, and a retry leaves one effect", async () => {
    const account = newAccount();
    await perform(faulty.database.ledger, granting(account, 10));
    const spend = () => perform(faulty.database.ledger, consuming(account, 3, "order-1"));
    expect(await abortAt("commitTransaction", spend)).toBeInstanceOf(OutcomeUnknown);
    expect(done(await untilKnown(spend))).toMatchObject({ entry: { balanceAfter: 7 } });
    expect((await journalOf(here.rows, account)).map(({ amount }) => amount)).toEqual([10, 3]);
  });

  test.each(["aggregate", "update", "insert"])(
    "a call that is aborted before its commit, at %s, never takes effect",
    async (statement) => {
      const account = newAccount();
      await perform(faulty.database.ledger, granting(account, 10));
      const spend = () => perform(faulty.database.ledger, consuming(account, 3, "order-1"));
      expect(await abortAt(statement, spend)).toBeInstanceOf(DatabaseUnavailable);
      // Another process is not blocked by the transaction that was left open.
      expect(done(await untilKnown(() => perform(here.database.ledger, consuming(account, 4))))).toMatchObject({
        entry: { balanceAfter: 6 },
      });
      expect((await journalOf(here.rows, account)).map(({ amount }) => amount)).toEqual([10, 4]);
      expect(done(await untilKnown(spend))).toMatchObject({ replayed: false, entry: { balanceAfter: 3 } });
    },
  );

  test("an aborted creation of a user leaves neither the user nor the grant", async () => {
    const user = newUser();
    const create = () =>
      faulty.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() });
    expect(await abortAt("insert", create)).toBeInstanceOf(DatabaseUnavailable);
    expect(await untilKnown(create)).toBe(true);
    expect(await journalOf(here.rows, accountOf(user.id))).toHaveLength(1);
  });

  test("a log that is aborted before its commit has no effect, and a retry leaves one log", async () => {
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    const write = () => faulty.database.logs.write([log]);
    expect(await abortAt("insert", write)).toBeInstanceOf(DatabaseUnavailable);
    expect(await untilKnown(write)).toEqual([storedLog(log)]);
    expect(await here.rows.find("call_logs", { user_id: log.userId })).toHaveLength(1);
  });

  test("a log that is aborted at its commit is sent again on the new connection, and stored and counted once", async () => {
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    let answer: Promise<unknown> = Promise.resolve();
    await abortAt("commitTransaction", () => {
      answer = untilKnown(() => faulty.database.logs.write([log]));
      return answer;
    });
    expect(await answer).toEqual([storedLog(log)]);
    expect(await here.rows.find("call_logs", { user_id: log.userId })).toHaveLength(1);
    expect(await here.rows.find("log_rollups", { user_id: log.userId })).toMatchObject([{ calls: 1 }]);
  });

  test("an aborted read is reported as no effect", async () => {
    const ask = () => faulty.database.users.find(newUserId());
    expect(await abortAt("find", ask)).toBeInstanceOf(DatabaseUnavailable);
    expect(await ask()).toBeUndefined();
  });
});
