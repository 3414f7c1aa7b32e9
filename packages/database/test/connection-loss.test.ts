import { randomUUID } from "node:crypto";
import { accountOf, credits } from "@jifen/core";
import { type CommandOutcome, DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describeOn, type LossMoment, ledgerCommits, promise } from "@jifen/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { consuming, done, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];

/** Ways in which a commit goes, and what of it can be seen on the wire: before COMMIT is on its way, and from then on. */
const waysOn = {
  postgresql: [
    { how: "on what it remembers", reads: [], writes: ["write"] },
    { how: "that reads ahead", reads: ["accounts-with-grants"], writes: ["write"] },
    {
      how: "that takes locks first",
      reads: ["BEGIN", "lock-accounts", "open-grants"],
      writes: ["write", "COMMIT"],
    },
  ],
  // The last of what is read and written before COMMIT is the row of a line.
  mysql: [{ how: "that takes locks", reads: ["FOR", "SYSDATE", "system:earned"], writes: ["COMMIT"] }],
};

describe.each(["postgresql", "mysql"] as const)("when the wire to %s is cut", (kind) => {
  describeOn(kind)("", promise("connection-loss", kind), () => describeCuts(kind));
});

function describeCuts(kind: keyof typeof waysOn): void {
  const here = useDatabase(kind);
  const wired = useFaultyConnection(here);

  const at = (statements: readonly string[]) =>
    statements.flatMap((statement) => moments.map((moment) => ({ statement, moment })));

  /** Has two commits meet at one account, so that those after them take locks first. */
  async function meet(): Promise<void> {
    const account = newAccount();
    await perform(wired.database.ledger, granting(account, 100));
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([1, 2, 3, 4].map(() => perform(wired.database.ledger, consuming(account, 1))));
    }
  }

  describe.each(waysOn[kind])("a commit $how", ({ how, reads, writes }) => {
    const account = newAccount();
    /** Whose commits leave nothing to remember, where that is not to be. */
    const beforehand = () => (how === "that reads ahead" ? here.database : wired.database);
    const linesOf = async (key: string) =>
      (await journalOf(here.rows, account)).filter((line) => line.idempotency_key === `caller:${key}`);
    beforeEach(async () => {
      if (how === "that takes locks first") await meet();
    });

    test.each(at(reads))("has no effect when the wire is cut at $statement, $moment", async ({ statement, moment }) => {
      await perform(beforehand().ledger, granting(account, 10));
      const key = randomUUID();
      wired.proxy.loseConnectionAt(statement, moment);
      await expect(perform(wired.database.ledger, consuming(account, 1, key))).rejects.toThrow(DatabaseUnavailable);
      expect(await linesOf(key)).toEqual([]);
      expect(await perform(wired.database.ledger, consuming(account, 1, key))).toMatchObject({
        value: { replayed: false },
      });
      expect(await linesOf(key)).toHaveLength(1);
    });

    test.each(at(writes))(
      "cut at $statement $moment, which commits or has COMMIT in the same flight, says that it does not know, and a retry settles it",
      async ({ statement, moment }) => {
        const key = randomUUID();
        await perform(beforehand().ledger, granting(account, 10));
        wired.proxy.loseConnectionAt(statement, moment);
        await expect(perform(wired.database.ledger, consuming(account, 1, key))).rejects.toThrow(OutcomeUnknown);
        // The server may be at it still; the retry waits for the account's row until it is not.
        const retried = done(await perform(wired.database.ledger, consuming(account, 1, key)));
        if (statement === writes.at(-1)) expect(retried.replayed).toBe(moment === "after it is answered");
        expect(await linesOf(key)).toHaveLength(1);
      },
    );

    const [read] = reads.slice(-1);
    test.each(at([read ?? [], ...writes].flat()))(
      "of a batch, cut at $statement $moment, is settled by the ledger itself, with or without keys",
      async ({ statement, moment }) => {
        const [keyed, keyless] = [newAccount(), newAccount()];
        const ledger = ledgerOn({ ...wired.database, ledgerShards: 1 });
        for (const each of [keyed, keyless]) await fund(ledgerOn(beforehand()), each, 100);
        const once = () =>
          Promise.all([
            ...["one", "two"].map((key) => spend(ledger, { account: keyed, key, amount: 3 })),
            ...[1, 2].map((amount) =>
              ledger.consume({ accountId: keyless, amount: credits(amount), action: "test", metadata: null }),
            ),
          ]);
        wired.proxy.loseConnectionAt(statement, moment);
        const outcomes = await once().catch((error: unknown) => error);
        if (statement === read) expect(outcomes).toBeInstanceOf(DatabaseUnavailable);
        const answers = statement === read ? await once() : outcomes;
        expect(answers).toMatchObject(Array.from({ length: 4 }, () => ({ ok: true, value: { replayed: false } })));
        expect(await journalOf(here.rows, keyed)).toHaveLength(3);
        expect(await journalOf(here.rows, keyless)).toMatchObject([{ amount: 100 }, { amount: 1 }, { amount: 2 }]);
      },
    );
  });

  test("a commit is refused as before once the wire is mended, without opening the database again", async () => {
    const account = newAccount();
    const spending = () => perform(wired.database.ledger, consuming(account, 1, "order-1"));
    await perform(wired.database.ledger, granting(account, 10));
    await wired.proxy.refuseConnections();
    // Until the pool has heard of it, a write is sent all the same.
    await expect(spending()).rejects.toThrow();
    await expect(spending()).rejects.toThrow(DatabaseUnavailable);
    await wired.proxy.restore();
    expect(await spending()).toMatchObject({ ok: true });
  });
  test("however often it is cut, every request ends with exactly one effect", async () => {
    const account = newAccount();
    await perform(wired.database.ledger, granting(account, 1_000));
    let cuts = 0;
    const cutting = setInterval(() => {
      wired.proxy.loseConnectionAt(ledgerCommits[kind], moments[cuts % 2] as LossMoment);
      cuts += 1;
    }, 10);
    const commands = Array.from({ length: 120 }, (_, n) => consuming(account, 2, `order-${n}`));
    const answers: CommandOutcome[] = [];
    // Six at a time, so that many find their wire cut.
    for (let n = 0; n < commands.length; n += 6) {
      const some = commands.slice(n, n + 6).map((command) => untilKnown(() => perform(wired.database.ledger, command)));
      answers.push(...(await Promise.all(some)));
    }
    clearInterval(cutting);
    expect(cuts).toBeGreaterThan(5);
    const lines = (await journalOf(here.rows, account)).slice(1);
    expect(lines.map((line) => `${line.id} ${line.idempotency_key}`).toSorted()).toEqual(
      answers.map((answer, n) => `${answer.ok && answer.value.entry.id} caller:order-${n}`).toSorted(),
    );
    expect(lines.at(-1)).toMatchObject({ sequence: 121, balance_after: 760 });
  });

  test.each(moments)("at the COMMIT of a new user, %s: a retry ends with one user and one grant", async (moment) => {
    const user = newUser();
    const create = () =>
      wired.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() });
    wired.proxy.loseConnectionAt("COMMIT", moment);
    await expect(create()).rejects.toThrow(OutcomeUnknown);
    const alreadyThere = moment === "after it is answered";
    expect(await create()).toBe(!alreadyThere);
    expect(await journalOf(here.rows, accountOf(user.id))).toHaveLength(1);
  });

  test.each(moments)("at the INSERT of a log, %s: a retry ends with one log", async (moment) => {
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    wired.proxy.loseConnectionAt("INSERT", moment);
    await expect(wired.database.logs.create(log)).rejects.toThrow(OutcomeUnknown);
    expect(await wired.database.logs.create({ ...log, id: `${log.id}-again` })).toMatchObject({
      id: moment === "after it is answered" ? log.id : `${log.id}-again`,
    });
    expect(await here.sql.query(`SELECT id FROM logs WHERE user_id = '${log.userId}'`)).toHaveLength(1);
  });

  test.each(moments)("at the SELECT of a user, %s: nothing is known, nothing was written", async (moment) => {
    wired.proxy.loseConnectionAt("SELECT", moment);
    await expect(wired.database.users.find(newUserId())).rejects.toThrow(DatabaseUnavailable);
  });
}
