import { randomUUID } from "node:crypto";
import { accountOf, credits } from "@jifen/core";
import { type CommandOutcome, DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describeOn, type LossMoment, ledgerCommits, promise } from "@jifen/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { byShop, consuming, done, firstGrantOf, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { newEvent, newLog, newUser, newUserId, storedLog } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];

/** The strategies of a commit, with words of the statements that are sent before the commit and with it. */
const strategiesOn = {
  postgresql: [
    { strategy: "optimistic", reads: ["accounts-with-grants"], writes: ["write"] },
    {
      strategy: "pessimistic",
      reads: ["BEGIN", "lock-accounts", "open-grants"],
      writes: ["write", "COMMIT"],
    },
  ],
  // The last statement before COMMIT inserts an entry.
  mysql: [{ strategy: "locking", reads: ["FOR", "SYSDATE", "system:earned"], writes: ["COMMIT"] }],
};

describe.each(["postgresql", "mysql"] as const)("a connection loss on %s", (kind) => {
  describeOn(kind)("", promise("connection-loss", kind), () => describeConnectionLoss(kind));
});

function describeConnectionLoss(kind: keyof typeof strategiesOn): void {
  const here = useDatabase(kind);
  const faulty = useFaultyConnection(here);

  const at = (statements: readonly string[]) =>
    statements.flatMap((statement) => moments.map((moment) => ({ statement, moment })));

  /** Causes write conflicts on one account, so that the following commits use the pessimistic strategy. */
  async function causeWriteConflicts(): Promise<void> {
    const account = newAccount();
    await perform(faulty.database.ledger, granting(account, 100));
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([1, 2, 3, 4].map(() => perform(faulty.database.ledger, consuming(account, 1))));
    }
  }

  describe.each(strategiesOn[kind])("during a $strategy commit", ({ strategy, reads, writes }) => {
    const account = newAccount();
    const entriesOf = async (key: string) =>
      (await journalOf(here.rows, account)).filter((entry) => entry.idempotency_key === `caller:${key}`);
    beforeEach(async () => {
      if (strategy === "pessimistic") await causeWriteConflicts();
    });

    test.each(at(reads))(
      "a connection loss at $statement, $moment, leaves no effect",
      async ({ statement, moment }) => {
        await perform(faulty.database.ledger, granting(account, 10));
        const key = randomUUID();
        faulty.proxy.loseConnectionAt(statement, moment);
        await expect(perform(faulty.database.ledger, consuming(account, 1, key))).rejects.toThrow(DatabaseUnavailable);
        expect(await entriesOf(key)).toEqual([]);
        expect(await perform(faulty.database.ledger, consuming(account, 1, key))).toMatchObject({
          value: { replayed: false },
        });
        expect(await entriesOf(key)).toHaveLength(1);
      },
    );

    test.each(at(writes))(
      "a connection loss at $statement, $moment, leaves the outcome unknown, and a retry settles it",
      async ({ statement, moment }) => {
        const key = randomUUID();
        await perform(faulty.database.ledger, granting(account, 10));
        faulty.proxy.loseConnectionAt(statement, moment);
        await expect(perform(faulty.database.ledger, consuming(account, 1, key))).rejects.toThrow(OutcomeUnknown);
        // The server may still be working on it. The retry waits for the row lock of the account.
        const retried = done(await perform(faulty.database.ledger, consuming(account, 1, key)));
        if (statement === writes.at(-1)) expect(retried.replayed).toBe(moment === "after it is answered");
        expect(await entriesOf(key)).toHaveLength(1);
      },
    );

    const [read] = reads.slice(-1);
    test.each(at([read ?? [], ...writes].flat()))(
      "the ledger settles a batch after a connection loss at $statement, $moment, with and without keys",
      async ({ statement, moment }) => {
        const [keyed, keyless] = [newAccount(), newAccount()];
        const ledger = ledgerOn({ ...faulty.database, ledgerShards: 1 });
        for (const each of [keyed, keyless]) await fund(ledgerOn(faulty.database), each, 100);
        const once = () =>
          Promise.all([
            ...["one", "two"].map((key) => spend(ledger, { account: keyed, key, amount: 3 })),
            ...[1, 2].map((amount) =>
              ledger.consume({
                ...byShop,
                accountId: keyless,
                amount: credits(amount),
                action: "test",
                metadata: null,
              }),
            ),
          ]);
        faulty.proxy.loseConnectionAt(statement, moment);
        const outcomes = await once().catch((error: unknown) => error);
        if (statement === read) expect(outcomes).toBeInstanceOf(DatabaseUnavailable);
        const answers = statement === read ? await once() : outcomes;
        expect(answers).toMatchObject(Array.from({ length: 4 }, () => ({ ok: true, value: { replayed: false } })));
        expect(await journalOf(here.rows, keyed)).toHaveLength(3);
        expect(await journalOf(here.rows, keyless)).toMatchObject([{ amount: 100 }, { amount: 1 }, { amount: 2 }]);
      },
    );
  });

  test("commits work again after the server is back, without opening the database again", async () => {
    const account = newAccount();
    const spending = () => perform(faulty.database.ledger, consuming(account, 1, "order-1"));
    await perform(faulty.database.ledger, granting(account, 10));
    await faulty.proxy.refuseConnections();
    // Until the pool has noticed the loss, a write is sent on the closed connection.
    await expect(spending()).rejects.toThrow();
    await expect(spending()).rejects.toThrow(DatabaseUnavailable);
    await faulty.proxy.restore();
    expect(await spending()).toMatchObject({ ok: true });
  });

  test("however often the connection is lost, every retried command has exactly one effect", async () => {
    const account = newAccount();
    await perform(faulty.database.ledger, granting(account, 1_000));
    let losses = 0;
    const losing = setInterval(() => {
      faulty.proxy.loseConnectionAt(ledgerCommits[kind], moments[losses % 2] as LossMoment);
      losses += 1;
    }, 10);
    const commands = Array.from({ length: 120 }, (_, n) => consuming(account, 2, `order-${n}`));
    const answers: CommandOutcome[] = [];
    // Six at a time, so that many lose their connection.
    for (let n = 0; n < commands.length; n += 6) {
      const some = commands
        .slice(n, n + 6)
        .map((command) => untilKnown(() => perform(faulty.database.ledger, command)));
      answers.push(...(await Promise.all(some)));
    }
    clearInterval(losing);
    expect(losses).toBeGreaterThan(5);
    const entries = (await journalOf(here.rows, account)).slice(1);
    expect(entries.map((entry) => `${entry.id} ${entry.idempotency_key}`).toSorted()).toEqual(
      answers.map((answer, n) => `${answer.ok && answer.value.entry.id} caller:order-${n}`).toSorted(),
    );
    expect(entries.at(-1)).toMatchObject({ sequence: 121, balance_after: 760 });
  });

  test.each(moments)(
    "a connection loss at the COMMIT of a new user, %s, and a retry leave one user and one grant",
    async (moment) => {
      const user = newUser();
      const create = () =>
        faulty.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() });
      faulty.proxy.loseConnectionAt("COMMIT", moment);
      await expect(create()).rejects.toThrow(OutcomeUnknown);
      const alreadyThere = moment === "after it is answered";
      expect(await create()).toBe(!alreadyThere);
      expect(await journalOf(here.rows, accountOf(user.id))).toHaveLength(1);
    },
  );

  test.each(moments)("a connection loss at the COMMIT of a log, %s, leaves one log", async (moment) => {
    const log = newLog(newUserId(), { idempotencyKey: "order-1" });
    faulty.proxy.loseConnectionAt("COMMIT", moment);
    expect(await faulty.database.logs.write([log])).toEqual([storedLog(log)]);
    expect(await here.sql.query(`SELECT id FROM call_logs WHERE user_id = '${log.userId}'`)).toHaveLength(1);
    expect(await here.sql.query(`SELECT calls FROM log_rollups WHERE user_id = '${log.userId}'`)).toEqual([
      { calls: 1 },
    ]);
  });

  test.each(moments)("a connection loss at the SELECT of a user, %s, is reported as no effect", async (moment) => {
    faulty.proxy.loseConnectionAt("SELECT", moment);
    await expect(faulty.database.users.find(newUserId())).rejects.toThrow(DatabaseUnavailable);
  });
}
