import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";
import { describeOn, openFaultProxy, promise } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { consuming, done, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { asks } from "./every-query.ts";
import { newLog, newUserId } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Without abortInFlight the drivers would wait three and eight seconds. */
const IMMEDIATELY_MS = 1_000;

/** The ways in which a server stops responding. */
const stops = [
  { says: "loses its network", way: "dropTraffic" },
  { says: "is suspended", way: "suspend" },
] as const;

describe.each(["postgresql", "mysql", "mongodb"] as const)("abortInFlight on %s", (kind) => {
  describeOn(kind)("", promise("abort-in-flight", kind), () => {
    const here = useDatabase(kind);

    test.each(stops)("abortInFlight ends every pending call when the server $says", async ({ way }) => {
      await using proxy = await openFaultProxy(here.url);
      const database = await openDatabase(proxy.url);
      const account = newAccount();
      await perform(database.ledger, granting(account, 10));
      // Each pool has calls that wait for an answer and calls that wait for a connection.
      proxy[way]();
      const all = Promise.allSettled([
        perform(database.ledger, consuming(account, 1, "order-1")),
        ...Array.from({ length: 20 }, () => perform(database.ledger, granting(newAccount(), 1))),
        ...Array.from({ length: 40 }, () => database.users.find(newUserId())),
        database.logs.write([newLog()]),
        database.ping(),
      ]);
      await sleep(100);
      await database.abortInFlight();
      const answers = await Promise.race([all, sleep(IMMEDIATELY_MS, [])]);
      expect(answers).toHaveLength(63);
      const [commit, ...others] = answers;
      // What was in flight is the read of the commit, so that it certainly had no effect.
      expect(commit).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
      for (const each of others.slice(0, 60)) expect(each).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
      expect(others.at(-1)).toMatchObject({ reason: expect.any(DatabaseUnavailable) });

      await proxy.restore();
      for (const { says, ask } of asks) await expect(ask(database), says).resolves.not.toThrow();
      const again = done(await untilKnown(() => perform(database.ledger, consuming(account, 1, "order-1"))));
      expect(again.entry).toMatchObject({ balanceAfter: 9 });
      expect(await journalOf(here.rows, account)).toHaveLength(2);
      await database.close();
    });

    test("a server that is aborted several times is used again as soon as it responds", async () => {
      await using proxy = await openFaultProxy(here.url);
      const database = await openDatabase(proxy.url);
      proxy.suspend();
      for (let times = 0; times < 4; times += 1) {
        const answer = database.ping().catch((error: unknown) => error);
        await sleep(300);
        await database.abortInFlight();
        expect(await Promise.race([answer, sleep(IMMEDIATELY_MS)])).toBeInstanceOf(DatabaseUnavailable);
      }
      await proxy.restore();
      await untilKnown(() => database.ping());
      for (const { says, ask } of asks) await expect(ask(database), says).resolves.not.toThrow();
      await database.close();
    });
  });
});
