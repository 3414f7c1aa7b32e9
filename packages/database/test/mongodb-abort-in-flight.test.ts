import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { consuming, done, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

describeOn("mongodb")("what is given up on MongoDB", () => {
  const here = useDatabase("mongodb");
  const wired = useFaultyConnection(here);

  /** Gives up what is at `statement`, and has it arrive all the same afterwards. @returns what it was answered */
  const givenUpAt = async (statement: string, work: () => Promise<unknown>): Promise<unknown> => {
    const { reached, resume } = wired.proxy.pauseAt(statement);
    const answer = work().catch((error: unknown) => error);
    await reached;
    await wired.database.abortInFlight();
    const told = await Promise.race([answer, sleep(500, "nothing")]);
    resume();
    return told;
  };

  test("at its commit is done or not, nobody knows, and a retry ends with one effect", async () => {
    const account = newAccount();
    await perform(wired.database.ledger, granting(account, 10));
    const spend = () => perform(wired.database.ledger, consuming(account, 3, "order-1"));
    expect(await givenUpAt("commitTransaction", spend)).toBeInstanceOf(OutcomeUnknown);
    expect(done(await untilKnown(spend))).toMatchObject({ entry: { balanceAfter: 7 } });
    expect((await journalOf(here.rows, account)).map(({ amount }) => amount)).toEqual([10, 3]);
  });

  test.each(["aggregate", "update", "insert"])("before its commit, at %s, is never done", async (statement) => {
    const account = newAccount();
    await perform(wired.database.ledger, granting(account, 10));
    const spend = () => perform(wired.database.ledger, consuming(account, 3, "order-1"));
    expect(await givenUpAt(statement, spend)).toBeInstanceOf(DatabaseUnavailable);
    // Somebody else is not kept waiting by what it has left open.
    expect(done(await untilKnown(() => perform(here.database.ledger, consuming(account, 4))))).toMatchObject({
      entry: { balanceAfter: 6 },
    });
    expect((await journalOf(here.rows, account)).map(({ amount }) => amount)).toEqual([10, 4]);
    expect(done(await untilKnown(spend))).toMatchObject({ replayed: false, entry: { balanceAfter: 3 } });
  });

  test("while a user is being made leaves no user, and no grant", async () => {
    const user = newUser();
    const create = () =>
      wired.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() });
    expect(await givenUpAt("insert", create)).toBeInstanceOf(DatabaseUnavailable);
    expect(await untilKnown(create)).toBe(true);
    expect(await journalOf(here.rows, accountOf(user.id))).toHaveLength(1);
  });

  test("at a log is there or not, nobody knows, and a retry ends with one log", async () => {
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    expect(await givenUpAt("findAndModify", () => wired.database.logs.create(log))).toBeInstanceOf(OutcomeUnknown);
    await untilKnown(() => wired.database.logs.create(log));
    expect(await here.rows.find("logs", { user_id: log.userId })).toHaveLength(1);
  });

  test("at a question had no effect", async () => {
    const ask = () => wired.database.users.find(newUserId());
    expect(await givenUpAt("find", ask)).toBeInstanceOf(DatabaseUnavailable);
    expect(await ask()).toBeUndefined();
  });
});
