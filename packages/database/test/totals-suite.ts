import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { consuming, granting, newAccount, perform } from "./commands.ts";
import { RandomSpending, randomFrom } from "./random-spending.ts";
import { booksOf } from "./statement-model.ts";
import { useDatabase } from "./use-database.ts";

const kinds = {
  granted: ["grant"],
  spent: ["consume", "capture"],
  refunded: ["refund"],
  revoked: ["revoke"],
  expired: ["expire"],
};

/** The totals of accounts on every database. */
export function describeTotals(kind: DatabaseKind): void {
  const here = useDatabase(kind);

  describe("totals", () => {
    test("totals equal the journal at every read, and concurrent reads agree", async () => {
      const account = newAccount();
      const spending = new RandomSpending(here.database, account, randomFrom(7));
      const beginMs = Date.now() - 40 * 24 * 3_600_000;
      for (let step = 0; step < 60; step += 1) {
        await spending.next(beginMs + step * 3_600_000);
        if (step % 7 !== 0) continue;
        await spending.bringUpToDate(beginMs + step * 3_600_000);
        const { entries } = await booksOf(here.rows, account);
        const last = entries.at(-1);
        if (!last) continue;
        const sumOf = (of: readonly string[]) =>
          entries.reduce((sum, entry) => sum + (of.includes(String(entry["kind"])) ? Number(entry["amount"]) : 0), 0);
        const expected = Object.fromEntries(Object.entries(kinds).map(([name, of]) => [name, sumOf(of)]));
        const read = () => here.database.totals.read(account, Number(last["sequence"]));
        expect(await Promise.all([read(), read(), read()])).toEqual([expected, expected, expected]);
        const net = sumOf(["grant", "refund"]) - sumOf(["consume", "capture", "revoke", "expire"]);
        expect(net).toBe(Number(last["balance_after"]) + Number(last["held_after"]));
      }
    });

    test("a read through an earlier entry than what is kept returns the totals through that entry, and keeps the later ones", async () => {
      const account = newAccount();
      await perform(here.database.ledger, granting(account, 100));
      await perform(here.database.ledger, consuming(account, 30));
      const first = { granted: 100, spent: 0, refunded: 0, revoked: 0, expired: 0 };
      for (const [through, expected] of [
        [2, { ...first, spent: 30 }],
        [1, first],
        [0, { ...first, granted: 0 }],
        [2, { ...first, spent: 30 }],
      ] as const) {
        expect(await here.database.totals.read(account, through)).toEqual(expected);
      }
      expect(
        (await here.rows.find("account_totals", { account_id: account })).map(({ sequence }) => Number(sequence)),
      ).toEqual([2]);
    });
  });
}
