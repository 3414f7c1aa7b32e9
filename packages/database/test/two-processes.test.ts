import { credits } from "@jifen/core";
import { type DatabaseKind, describeOn } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import { consuming, granting, newAccount, perform } from "./commands.ts";
import { journalOf, useDatabase } from "./use-database.ts";

describe.each(["postgresql", "mysql", "mongodb"] as const)("an account that two processes change on %s", (kind) => {
  describeOn(kind)("", () => describeTwoProcesses(kind));
});

function describeTwoProcesses(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeEach(async () => {
    other = await openDatabase(here.secondUrl);
  });
  afterEach(() => other.close());

  /** An account with credits that both processes have changed. */
  async function sharedAccount(amount: number) {
    const account = newAccount();
    await perform(other.ledger, granting(account, amount));
    await perform(here.database.ledger, consuming(account, 1));
    await perform(other.ledger, consuming(account, 1));
    return account;
  }

  test("a command is not refused because of credits that the other process has granted meanwhile", async () => {
    const account = await sharedAccount(10);
    await perform(other.ledger, granting(account, 100));
    expect(await perform(here.database.ledger, consuming(account, 100))).toMatchObject({ ok: true });
  });

  test("a command never spends credits that the other process has spent", async () => {
    const account = await sharedAccount(10);
    await perform(other.ledger, consuming(account, 8));
    expect(await perform(here.database.ledger, consuming(account, 1))).toMatchObject({
      refusal: { code: "INSUFFICIENT_CREDITS", balance: 0 },
    });
  });

  test("a key that the other process has used is replayed or refused", async () => {
    const account = await sharedAccount(100);
    const [first] = [await perform(other.ledger, consuming(account, 5, "order-1"))];
    const again = await perform(here.database.ledger, consuming(account, 5, "order-1"));
    expect(again).toMatchObject({ ok: true, value: { replayed: true } });
    expect(again.ok && again.value.entry).toEqual(first.ok && first.value.entry);
    const reused = await perform(here.database.ledger, consuming(account, 6, "order-1"));
    expect(reused).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  test("a grant expires by the clock of the database", async () => {
    const account = await sharedAccount(10);
    const { nowMs } = await here.database.ledger.readAccounts([]);
    const soon = { expiresAtMs: nowMs + 1_500 };
    await perform(here.database.ledger, { ...granting(account, 50), ...soon });
    expect(await perform(here.database.ledger, consuming(account, 5))).toMatchObject({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await perform(here.database.ledger, consuming(account, 40))).toMatchObject({
      refusal: { code: "INSUFFICIENT_CREDITS", balance: credits(8) },
    });
  });

  test("concurrent commands of both processes all take effect, in one sequence", async () => {
    const account = await sharedAccount(1_000);
    const databases = [here.database, other];
    const all = Array.from(
      { length: 100 },
      (_, n) => () => perform((databases[n % 2] ?? other).ledger, consuming(account, 2)),
    );
    for (let n = 0; n < all.length; n += 4) {
      const answers = await Promise.all(all.slice(n, n + 4).map((each) => each()));
      for (const answer of answers) expect(answer).toMatchObject({ ok: true, value: { replayed: false } });
    }
    const entries = await journalOf(here.rows, account);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 103 }, (_, n) => n + 1));
    expect(entries.at(-1)).toMatchObject({ balance_after: 798 });
  });
}
