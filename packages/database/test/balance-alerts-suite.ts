import { randomUUID } from "node:crypto";
import { accountOf, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { expect, test } from "vitest";
import type { LowBalance } from "../src/index.ts";
import { persistently, withFourOpenings } from "./claims.ts";
import { consuming, done, granting, perform } from "./commands.ts";
import { newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** Thresholds of balances on every database. */
export function describeBalanceAlerts(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const reported: (LowBalance & { readonly id: string })[] = [];
  const policyOf = (threshold: number | undefined) => ({
    threshold,
    toEvent: (low: LowBalance) => {
      const id = `evt-${randomUUID()}`;
      reported.push({ ...low, id });
      return { userId: low.userId, id, type: "balance.low", data: JSON.stringify(low), createdAtMs: low.atMs };
    },
  });
  /** A user whose account is fed after each command. @returns the balances that were reported low, as they are stored */
  const user = (threshold: number | undefined) => {
    const id = newUserId();
    const feed = () => here.database.spend.feed(accountOf(id), policyOf(threshold));
    const run = async (command: Parameters<typeof perform>[1]) => {
      done(await perform(here.database.ledger, command));
      await feed();
    };
    return {
      ...{ id, feed },
      grant: (amount: number) => run(granting(accountOf(id), amount)),
      consume: (amount: number) => run(consuming(accountOf(id), amount)),
    };
  };
  const reportedOf = async (id: UserId) => {
    const balances: number[] = [];
    for (const each of reported.filter(({ userId }) => userId === id)) {
      const stored = await here.database.webhooks.event(id, each.id);
      if (stored) balances.push(JSON.parse(stored.data).balance);
    }
    return balances;
  };

  test("a balance is reported when spending takes it below the threshold, and again only after it was a fifth above", async () => {
    const { id, grant, consume } = user(100);
    await grant(50);
    expect(await reportedOf(id)).toEqual([]);
    await grant(100);
    await consume(50);
    expect(await reportedOf(id)).toEqual([]);
    await consume(1);
    await consume(9);
    expect(await reportedOf(id)).toEqual([99]);
    expect(await here.database.balanceAlerts.find(id)).toEqual({ threshold: null, lowSinceMs: expect.any(Number) });
    await grant(29);
    await consume(30);
    expect(await reportedOf(id)).toEqual([99]);
    await grant(31);
    expect(await here.database.balanceAlerts.find(id)).toEqual({ threshold: null, lowSinceMs: null });
    await consume(21);
    expect(await reportedOf(id)).toEqual([99, 99]);
  });

  test("a user's own threshold counts instead of the installation's, also 0, which is never", async () => {
    const [own, never, without] = [user(100), user(100), user(undefined)];
    await here.database.balanceAlerts.set(own.id, 10);
    await here.database.balanceAlerts.set(never.id, 0);
    for (const { grant, consume } of [own, never, without]) {
      await grant(30);
      await consume(15);
      await consume(6);
    }
    expect([await reportedOf(own.id), await reportedOf(never.id), await reportedOf(without.id)]).toEqual([[9], [], []]);
    await here.database.balanceAlerts.set(own.id, 8);
    expect(await here.database.balanceAlerts.find(own.id)).toEqual({ threshold: 8, lowSinceMs: null });
    await own.consume(1);
    expect(await reportedOf(own.id)).toEqual([9]);
    await here.database.balanceAlerts.set(own.id, null);
    await own.consume(1);
    expect(await reportedOf(own.id)).toEqual([9, 7]);
  });

  test("a balance that several processes find low is reported once", async () => {
    const { id, grant } = user(100);
    await grant(120);
    done(await perform(here.database.ledger, consuming(accountOf(id), 60)));
    await withFourOpenings(kind, here, async (databases) => {
      await Promise.all(
        times(12, (n) => persistently(async () => databases[n % 4]?.spend.feed(accountOf(id), policyOf(100)))),
      );
    });
    expect(await reportedOf(id)).toEqual([60]);
  });
}
