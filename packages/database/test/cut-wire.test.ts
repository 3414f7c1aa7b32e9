import { randomUUID } from "node:crypto";
import { accountOf, DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { type CutMoment, type CuttableProxy, describeOn, openCuttableProxy } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { type Answer, consuming, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { newLog, newUser, newUserId } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

const moments: CutMoment[] = ["before it is sent", "after it is answered"];

describeOn("postgresql")("when the wire to PostgreSQL is cut", () => {
  const here = useDatabase("postgresql");
  let proxy: CuttableProxy;
  let database: Database;
  beforeEach(async () => {
    proxy = await openCuttableProxy(here.url);
    database = await openDatabase(proxy.url);
  });
  afterEach(async () => {
    await proxy.mend();
    await database.close();
    await proxy[Symbol.asyncDispose]();
  });

  describe("a commit", () => {
    const account = newAccount();
    const spending = () => perform(database.ledger, consuming(account, 1, "order-1"));
    const linesOf = async (key: string) =>
      (await journalOf(here.sql, account)).filter((line) => line.idempotency_key === `caller:${key}`);

    test.each(
      ["BEGIN", "lock-accounts", "add-transactions"].flatMap((statement) =>
        moments.map((moment) => ({ statement, moment })),
      ),
    )("has no effect when the wire is cut at $statement, $moment", async ({ statement, moment }) => {
      await perform(database.ledger, granting(account, 10));
      const key = randomUUID();
      proxy.cutAt(statement, moment);
      await expect(perform(database.ledger, consuming(account, 1, key))).rejects.toThrow(DatabaseUnavailable);
      expect(await linesOf(key)).toEqual([]);
      expect(await perform(database.ledger, consuming(account, 1, key))).toMatchObject({ value: { replayed: false } });
      expect(await linesOf(key)).toHaveLength(1);
    });

    test.each([
      { moment: moments[0], effects: 0 },
      { moment: moments[1], effects: 1 },
    ])(
      "cut at COMMIT $moment has $effects effects, says that it does not know, and a retry settles it",
      async (row) => {
        const key = randomUUID();
        await perform(database.ledger, granting(account, 10));
        proxy.cutAt("COMMIT", row.moment as CutMoment);
        await expect(perform(database.ledger, consuming(account, 1, key))).rejects.toThrow(OutcomeUnknown);
        expect(await linesOf(key)).toHaveLength(row.effects);
        expect(await perform(database.ledger, consuming(account, 1, key))).toMatchObject({
          value: { replayed: row.effects === 1 },
        });
        expect(await linesOf(key)).toHaveLength(1);
      },
    );

    test("is refused as before once the wire is mended, without opening the database again", async () => {
      await perform(database.ledger, granting(account, 10));
      await proxy.refuse();
      await expect(spending()).rejects.toThrow(DatabaseUnavailable);
      await proxy.mend();
      expect(await spending()).toMatchObject({ ok: true });
    });
  });

  test("however often it is cut, every request ends with exactly one effect", async () => {
    const account = newAccount();
    await perform(database.ledger, granting(account, 1_000));
    let cuts = 0;
    const cutting = setInterval(() => {
      proxy.cutAt("COMMIT", moments[cuts % 2] as CutMoment);
      cuts += 1;
    }, 10);
    const commands = Array.from({ length: 120 }, (_, n) => consuming(account, 2, `order-${n}`));
    const answers: Answer[] = [];
    // Six at a time, so that many find their wire cut.
    for (let n = 0; n < commands.length; n += 6) {
      const some = commands.slice(n, n + 6).map((command) => untilKnown(() => perform(database.ledger, command)));
      answers.push(...(await Promise.all(some)));
    }
    clearInterval(cutting);
    expect(cuts).toBeGreaterThan(5);
    const lines = (await journalOf(here.sql, account)).slice(1);
    expect(lines.map((line) => `${line.id} ${line.idempotency_key}`).toSorted()).toEqual(
      answers.map((answer, n) => `${answer.ok && answer.value.transaction.id} caller:order-${n}`).toSorted(),
    );
    expect(lines.at(-1)).toMatchObject({ sequence: 121, balance_after: 760 });
  });

  test.each(moments)("at the COMMIT of a new user, %s: a retry ends with one user and one grant", async (moment) => {
    const user = newUser();
    const create = () => database.users.create(user, firstGrantOf(accountOf(user.id), 100));
    proxy.cutAt("COMMIT", moment);
    await expect(create()).rejects.toThrow(OutcomeUnknown);
    const alreadyThere = moment === "after it is answered";
    expect(await create()).toBe(!alreadyThere);
    expect(await journalOf(here.sql, accountOf(user.id))).toHaveLength(1);
  });

  test.each(moments)("at the INSERT of a log, %s: a retry ends with one log", async (moment) => {
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    proxy.cutAt("INSERT", moment);
    await expect(database.logs.create(log)).rejects.toThrow(OutcomeUnknown);
    expect(await database.logs.create({ ...log, id: `${log.id}-again` })).toMatchObject({
      id: moment === "after it is answered" ? log.id : `${log.id}-again`,
    });
    expect(await here.sql.query(`SELECT id FROM logs WHERE user_id = '${log.userId}'`)).toHaveLength(1);
  });

  test.each(moments)("at the SELECT of a user, %s: nothing is known, nothing was written", async (moment) => {
    proxy.cutAt("SELECT", moment);
    await expect(database.users.find(newUserId())).rejects.toThrow(DatabaseUnavailable);
  });
});
