import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountId, accountOf, credits, holdId } from "@jifen/core";
import { EXPIRATION_BATCH, type Ledger } from "@jifen/ledger";
import { describeOn, sqlKinds } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { beforeAll, describe, expect, test } from "vitest";
import { byShop, shop } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { newUserId } from "./samples.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** More than several transactions process. */
const HOLDS = 6 * EXPIRATION_BATCH + 7;

const spending = (ledger: Ledger, account: AccountId, amount: number) =>
  spend(ledger, { account, key: randomUUID(), amount });

/** Places holds of one credit each, which all end in the same second. */
async function placeHolds(ledger: Ledger, account: AccountId, count: number): Promise<void> {
  await fund(ledger, account, count);
  const place = () =>
    ledger.hold({
      ...byShop,
      accountId: account,
      holdId: holdId(`hold-${randomUUID()}`),
      placedBy: shop,
      amount: credits(1),
      action: "render",
      metadata: null,
      ttlSeconds: 1,
    });
  await Promise.all(Array.from({ length: count }, place));
}

describe.each(sqlKinds)("many holds that end in the same second on %s", (kind) => {
  describeOn(kind)("", () => {
    const here = useDatabase(kind);
    const newAccount = () => accountOf(newUserId());
    const [reader, spender, other] = [newAccount(), newAccount(), newAccount()];
    const [sweptOne, sweptTwo] = [newAccount(), newAccount()];
    let ledger: Ledger;
    beforeAll(async () => {
      ledger = ledgerOn(here.database);
      for (const account of [reader, spender, other]) await placeHolds(ledger, account, HOLDS);
      for (const account of [sweptOne, sweptTwo]) await placeHolds(ledger, account, EXPIRATION_BATCH + 1);
      await sleep(1_500);
    }, timeLimit(120));

    test("a consume that needs the credits of all of them is accepted, and another account's consume comes first", {
      timeout: timeLimit(120),
    }, async () => {
      const funded = accountOf(newUserId());
      await fund(ledger, funded, 1);
      const order: string[] = [];
      const [all, one] = await Promise.all([
        spending(ledger, spender, HOLDS).finally(() => order.push("all")),
        spending(ledger, funded, 1).finally(() => order.push("one")),
      ]);
      expect([all.ok, one.ok]).toEqual([true, true]);
      expect(order).toEqual(["one", "all"]);
      expect(await ledger.balance(spender)).toMatchObject({ balance: 0, held: 0 });
      const lines = await journalOf(here.rows, spender);
      expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, at) => at + 1));
      expect(lines.filter((line) => line.kind === "release")).toHaveLength(HOLDS);
    });

    test("a revocation of at most all of them takes all of them", { timeout: timeLimit(120) }, async () => {
      const revoked = await ledger.revoke({
        ...{ accountId: other, ...byShop, amount: credits(100_000), reason: "a chargeback" },
        ...{ grantId: null, atMost: true },
      });
      expect(revoked).toMatchObject({ ok: true, value: { entry: { amount: HOLDS, balanceAfter: 0, heldAfter: 0 } } });
    });

    test("a consume of more than all of them is refused, with the whole balance", {
      timeout: timeLimit(120),
    }, async () => {
      expect(await spending(ledger, sweptOne, 100_000)).toMatchObject({
        ok: false,
        refusal: { code: "INSUFFICIENT_CREDITS", balance: EXPIRATION_BATCH + 1, required: 100_000 },
      });
    });

    test("a balance counts none of them, and another account's balance comes first", {
      timeout: timeLimit(120),
    }, async () => {
      const order: string[] = [];
      const [mine, theirs] = await Promise.all([
        ledger.balance(reader).finally(() => order.push("mine")),
        ledger.balance(accountOf(newUserId())).finally(() => order.push("theirs")),
      ]);
      expect(mine).toMatchObject({ balance: HOLDS, held: 0 });
      expect(theirs).toMatchObject({ balance: 0 });
      expect(order).toEqual(["theirs", "mine"]);
    });

    test("a sweep of one account takes no more than one batch of its holds", { timeout: timeLimit(120) }, async () => {
      const before = (await journalOf(here.rows, sweptTwo)).length;
      const { due, isMore } = await ledger.sweep(1);
      expect({ due, isMore }).toEqual({ due: 1, isMore: true });
      expect((await journalOf(here.rows, sweptTwo)).length - before).toBe(EXPIRATION_BATCH);
    });
  });
});
