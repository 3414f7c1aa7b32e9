import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf, credits } from "@jifen/core";
import { OutcomeUnknown } from "@jifen/ledger";
import { describeOn, promise } from "@jifen/testkit";
import { hasOwnPostgresql, type PostgresqlPair, startPostgresqlPair } from "@jifen/testkit/processes";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { balanceOn, byShop, consuming, done, firstGrantOf, granting, newAccount, perform } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { openRawSql, type RawSql } from "./raw-sql.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";

const WAITS = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

// The pair is started from the installed programs, which CI must have.
const canStartPair = hasOwnPostgresql() || Boolean(process.env["CI"]);
if (!canStartPair) console.error("\n!!! POSTGRESQL IS NOT INSTALLED: SYNCHRONOUS STANDBYS ARE NOT TESTED.\n");

(canStartPair ? describeOn("postgresql") : describe.skip)(
  "while the synchronous standby of postgresql is disconnected",
  promise("unreplicated-commit", "postgresql"),
  () => {
    let pair: PostgresqlPair;
    let database: Database;
    let sql: RawSql;
    beforeAll(async () => {
      pair = await startPostgresqlPair();
      database = await openDatabase(pair.primary.url);
      sql = await openRawSql(pair.primary.url);
    });
    afterEach(() => pair.reconnect());
    afterAll(async () => {
      await sql.close();
      await database.close();
      await pair[Symbol.asyncDispose]();
    });

    /** Runs `work` while an operator cancels every wait for the standby. */
    async function withCancelledWaits<Result>(work: () => Promise<Result>): Promise<Result> {
      const running = work();
      let isDone = false;
      const ended = running.then(
        () => undefined,
        () => undefined,
      );
      void ended.then(() => {
        isDone = true;
      });
      while (!isDone) {
        await sql.query(`SELECT pg_cancel_backend(pid) FROM (${WAITS}) AS waiting`);
        await sleep(20);
      }
      return running;
    }

    /** Causes write conflicts on one account, so that the following commits use the pessimistic strategy. */
    async function causeWriteConflicts(): Promise<void> {
      const account = newAccount();
      await perform(database.ledger, granting(account, 100));
      for (let round = 0; round < 4; round += 1) {
        await Promise.all([1, 2, 3, 4].map(() => perform(database.ledger, consuming(account, 1))));
      }
    }

    describe.each([
      { strategy: "optimistic", before: async () => undefined },
      { strategy: "pessimistic", before: causeWriteConflicts },
    ])("with the $strategy strategy", ({ before }) => {
      test("a commit whose wait is cancelled has an unknown outcome, and is replayed only when the standby has it", async () => {
        const account = newAccount();
        const spending = consuming(account, 1, randomUUID());
        await perform(database.ledger, granting(account, 10));
        await before();
        await pair.disconnect();
        await expect(withCancelledWaits(() => perform(database.ledger, spending))).rejects.toThrow(OutcomeUnknown);
        // It is in the tables of the primary and would be lost with it.
        expect(await balanceOn(database.ledger, account)).toMatchObject({ balance: 9 });
        await expect(withCancelledWaits(() => perform(database.ledger, spending))).rejects.toThrow(OutcomeUnknown);
        await pair.reconnect();
        expect(done(await perform(database.ledger, spending)).replayed).toBe(true);
        expect(await balanceOn(database.ledger, account)).toMatchObject({ balance: 9 });
      });
    });

    test("the ledger leaves the outcome unknown while the standby is disconnected, with and without keys", async () => {
      const ledger = ledgerOn(database);
      const account = newAccount();
      await fund(ledger, account, 10);
      await pair.disconnect();
      const key = randomUUID();
      const both = () =>
        Promise.allSettled([
          spend(ledger, { account, key, amount: 2 }),
          ledger.consume({ ...byShop, accountId: account, amount: credits(3), action: "test", metadata: null }),
        ]);
      for (const outcome of await withCancelledWaits(both)) {
        expect(outcome).toMatchObject({ reason: expect.any(OutcomeUnknown) });
      }
      await pair.reconnect();
      expect(await spend(ledger, { account, key, amount: 2 })).toMatchObject({ ok: true, value: { replayed: true } });
      expect(await balanceOn(database.ledger, account)).toMatchObject({ balance: 5 });
    });

    test("a new user and a log have an unknown outcome while the standby is disconnected", async () => {
      const user = newUser();
      const firstGrant = firstGrantOf(accountOf(user.id), 5);
      await pair.disconnect();
      for (const work of [
        () => database.users.create({ user, firstGrant, event: newEvent() }),
        () => database.logs.write([newLog(newUserId())]),
      ]) {
        await expect(withCancelledWaits<unknown>(work)).rejects.toThrow(OutcomeUnknown);
      }
      await pair.reconnect();
      // The connections with cancelled waits are not used again.
      expect(await database.users.find(user.id)).toMatchObject({ id: user.id });
      expect(await database.users.create({ user, firstGrant, event: newEvent() })).toBe(false);
    });
  },
);
