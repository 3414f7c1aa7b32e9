import { type AccountId, transactionId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { quarterOf } from "../src/index.ts";
import {
  capturing,
  consuming,
  done,
  granting,
  holding,
  newAccount,
  perform,
  placed,
  refunding,
  revoking,
} from "./commands.ts";
import { times } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** The sums over all accounts on every database. */
export function describeAllAccounts(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const run = async (command: Parameters<typeof perform>[1]) => done(await perform(here.database.ledger, command));
  const range = () => ({ fromQuarter: 0, toQuarter: quarterOf(Date.now()) + 2 });

  /** Whole credits of each kind and source, whatever the day. */
  async function stored(): Promise<Readonly<Record<string, number>>> {
    const offsets = [{ untilQuarter: 2 ** 30, offsetSeconds: 28_800 }];
    const sums: Record<string, number> = {};
    for (const sum of await here.database.allAccounts.credits({ ...range(), unitSeconds: 86_400, offsets })) {
      const name = `${sum.kind} ${sum.source}`;
      sums[name] = (sums[name] ?? 0) + sum.amount;
    }
    return sums;
  }

  /** What the journals of all accounts say, without the code under test. */
  async function expected(): Promise<Readonly<Record<string, number>>> {
    const sums: Record<string, number> = {};
    const sources = new Map((await here.rows.find("grants")).map((row) => [row["id"], row["source"]]));
    for (const row of await here.rows.find("transactions")) {
      if (!["grant", "revoke", "expire"].includes(String(row["kind"]))) continue;
      const name = `${row["kind"]} ${row["kind"] === "grant" ? sources.get(row["subject_id"]) : ""}`;
      sums[name] = (sums[name] ?? 0) + Number(row["amount"]);
    }
    return sums;
  }

  async function feedAll(): Promise<void> {
    for (const account of await here.database.spend.unfedAccounts(1_000)) {
      while (await here.database.spend.feed(account));
    }
  }

  /** Credits of two sources, one of which is taken back, and a grant that expires. */
  async function earn(account: AccountId): Promise<void> {
    await run(granting(account, 100));
    const bought = { ...granting(account, 50), source: "purchase" as const };
    await run(bought);
    await run(revoking(account, bought.grantId, 50));
    await run({ ...granting(account, 7), source: "bonus", expiresAtMs: Date.now() + 1_500 });
  }

  describe("the sums over all accounts", () => {
    test("hold every grant by its source, revocation and expiration once, also when two processes feed them", async () => {
      const accounts = times(3, () => newAccount());
      for (const account of accounts) await earn(account);
      await new Promise((resolve) => setTimeout(resolve, 1_600));
      for (const account of accounts) await run(consuming(account, 1));
      await Promise.all(accounts.flatMap((account) => times(3, () => here.database.spend.feed(account))));
      await feedAll();
      const sums = await stored();
      expect(sums).toEqual(await expected());
      expect(sums).toMatchObject({ "grant purchase": 150, "grant bonus": 21, "revoke ": 150, "expire ": 21 });
      expect(await here.database.allAccounts.firstMissingMs()).toBeUndefined();
    });

    test("add entries that a version without these sums has fed, and count none of them twice", async () => {
      const account = newAccount();
      await earn(account);
      await feedAll();
      const before = await stored();
      const last = (await journalOf(here.rows, account)).at(-1);
      // As that version leaves it after two more entries.
      await run(granting(account, 11));
      await run(consuming(account, 1));
      await here.rows.update("spend_marks", { sequence: Number(last?.sequence) + 2 }, { account_id: account });
      expect(await here.database.spend.unfedAccounts(1_000)).toEqual([account]);
      await run(granting(account, 13));
      expect(await here.database.allAccounts.firstMissingMs()).toBeLessThanOrEqual(Date.now());
      await feedAll();
      expect((await stored())["grant admin"]).toBe((before["grant admin"] ?? 0) + 24);
      expect(await stored()).toEqual(await expected());
      expect(await here.database.spend.unfedAccounts(1_000)).toEqual([]);
    });

    test("hold the grants of an account of which that version has fed everything", async () => {
      const account = newAccount();
      await earn(account);
      await feedAll();
      const before = await stored();
      const other = newAccount();
      await earn(other);
      const last = (await journalOf(here.rows, other)).at(-1);
      await here.rows.insert("spend_marks", { account_id: other, sequence: Number(last?.sequence) });
      await feedAll();
      expect((await stored())["grant purchase"]).toBe((before["grant purchase"] ?? 0) + 50);
      expect(await stored()).toEqual(await expected());
    });

    test("count each account that was charged in a range once, and none that was only granted credits", async () => {
      await feedAll();
      const { allAccounts } = here.database;
      const [before = 0] = await allAccounts.activeAccounts([range()]);
      const [one, other, idle] = [newAccount(), newAccount(), newAccount()];
      for (const account of [one, other, idle]) await run(granting(account, 100));
      const charge = await run(consuming(one, 2));
      await run(consuming(one, 3));
      await run(refunding(one, transactionId(charge.entry.id), 1));
      const hold = await placed(here.database.ledger, holding(other, 5));
      await run(capturing(other, hold.id, 2));
      await feedAll();
      expect(await allAccounts.activeAccounts([range(), { fromQuarter: 0, toQuarter: 1_000 }])).toEqual([
        before + 2,
        0,
      ]);
      expect(await allAccounts.activeAccounts([])).toEqual([]);
    });

    test("of balances, held credits and pending holds are those of the accounts at that moment", async () => {
      const { allAccounts, ledger } = here.database;
      const before = await allAccounts.outstanding();
      const account = newAccount();
      await run(granting(account, 100));
      await placed(ledger, holding(account, 30));
      const { balance, held, openHolds } = await allAccounts.outstanding();
      expect([balance - before.balance, held - before.held, openHolds - before.openHolds]).toEqual([70, 30, 1]);
      expect(await allAccounts.countOpenHolds()).toBe(openHolds);
    });
  });
}
