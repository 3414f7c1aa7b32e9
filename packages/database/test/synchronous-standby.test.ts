import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf, credits } from "@jifen/core";
import { OutcomeUnknown } from "@jifen/ledger";
import { describeOn, promise } from "@jifen/testkit";
import { hasOwnPostgresql, type PostgresqlPair, startPostgresqlPair } from "@jifen/testkit/processes";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { balanceOn, consuming, done, firstGrantOf, granting, newAccount, perform } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { openRawSql, type RawSql } from "./raw-sql.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";

const WAITS = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

// The pair is started from the installed programs, which CI must have.
const canStartPair = hasOwnPostgresql() || Boolean(process.env["CI"]);
if (!canStartPair) console.error("\n!!! POSTGRESQL IS NOT INSTALLED: SYNCHRONOUS STANDBYS ARE NOT TESTED.\n");

(canStartPair ? describeOn("postgresql") : describe.skip)(
  "while the synchronous standby of postgresql is away",
  promise("unreplicated-commit", "postgresql"),
  () => {
    let pair: PostgresqlPair;
    let database: Database;
    let sql: RawSql;
    beforeAll(async () => {
      pair = await startPostgresqlPair();
      database = await openDatabase(pair.primary.url);
      sql = await openRawSql(pair.primary.url);
    }, 60_000);
    afterEach(() => pair.reconnect());
    afterAll(async () => {
      await sql.close();
      await database.close();
      await pair[Symbol.asyncDispose]();
    });

    /** Does it without the standby, and has an operator end every wait for it. */
    async function unwaitedFor<Result>(work: () => Promise<Result>): Promise<Result> {
      const doing = work();
      let isOver = false;
      const over = doing.then(
        () => undefined,
        () => undefined,
      );
      void over.then(() => {
        isOver = true;
      });
      while (!isOver) {
        await sql.query(`SELECT pg_cancel_backend(pid) FROM (${WAITS}) AS waiting`);
        await sleep(20);
      }
      return doing;
    }

    /** Has two commits meet at one account, so that those after them take locks first. */
    async function meet(): Promise<void> {
      const account = newAccount();
      await perform(database.ledger, granting(account, 100));
      for (let round = 0; round < 4; round += 1) {
        await Promise.all([1, 2, 3, 4].map(() => perform(database.ledger, consuming(account, 1))));
      }
    }

    describe.each([
      { how: "on what it remembers", before: async () => undefined },
      { how: "that takes locks first", before: meet },
    ])("a commit $how", ({ before }) => {
      test("that is told not to wait is not taken for done, nor found to be, until the standby has it", async () => {
        const account = newAccount();
        const spending = consuming(account, 1, randomUUID());
        await perform(database.ledger, granting(account, 10));
        await before();
        await pair.disconnect();
        await expect(unwaitedFor(() => perform(database.ledger, spending))).rejects.toThrow(OutcomeUnknown);
        // It is in the tables of the primary, and would be lost with it.
        expect(await balanceOn(database.ledger, account)).toMatchObject({ balance: 9 });
        await expect(unwaitedFor(() => perform(database.ledger, spending))).rejects.toThrow(OutcomeUnknown);
        await pair.reconnect();
        expect(done(await perform(database.ledger, spending)).replayed).toBe(true);
        expect(await balanceOn(database.ledger, account)).toMatchObject({ balance: 9 });
      });
    });

    test("the ledger does not find out for itself what nobody can know, with or without keys", async () => {
      const ledger = ledgerOn(database);
      const account = newAccount();
      await fund(ledger, account, 10);
      await pair.disconnect();
      const key = randomUUID();
      const both = () =>
        Promise.allSettled([
          spend(ledger, { account, key, amount: 2 }),
          ledger.consume({ accountId: account, amount: credits(3), action: "test", metadata: null }),
        ]);
      for (const outcome of await unwaitedFor(both)) {
        expect(outcome).toMatchObject({ reason: expect.any(OutcomeUnknown) });
      }
      await pair.reconnect();
      expect(await spend(ledger, { account, key, amount: 2 })).toMatchObject({ ok: true, value: { replayed: true } });
      expect(await balanceOn(database.ledger, account)).toMatchObject({ balance: 5 });
    });

    test("a new user and a log are not taken for written", async () => {
      const user = newUser();
      const firstGrant = firstGrantOf(accountOf(user.id), 5);
      await pair.disconnect();
      for (const work of [
        () => database.users.create({ user, firstGrant, event: newEvent() }),
        () => database.logs.create(newLog(newUserId())),
      ]) {
        await expect(unwaitedFor<unknown>(work)).rejects.toThrow(OutcomeUnknown);
      }
      await pair.reconnect();
      // The connections that were given up are not used again.
      expect(await database.users.find(user.id)).toMatchObject({ id: user.id });
      expect(await database.users.create({ user, firstGrant, event: newEvent() })).toBe(false);
    });
  },
);
