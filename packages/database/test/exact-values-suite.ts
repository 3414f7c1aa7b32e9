import { accountId, type Consume, credits, MAX_AMOUNT, MAX_BALANCE } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { balanceOn, consuming, granting, look, newAccount, perform } from "./commands.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Texts that people, and careless databases, take for each other. */
const lookalikes = [
  "ann",
  "Ann",
  "ANN",
  "ann ",
  " ann",
  "ann\t",
  "ánn",
  "a\u0301nn",
  "ａｎｎ",
  "ann\u200b",
  "straße",
  "strasse",
  "ı",
  "i",
  "😀",
  "😁",
  "积分",
  "積分",
  "'; DROP TABLE accounts; --",
  "%",
  "_",
  "\\",
];

const metadataTexts = [
  "{}",
  '{"b":1,  "a":2}',
  '{"a":"\\u0000"}',
  '{"a":"😀 \\ud83d\\ude00 é e\u0301"}',
  '{"n":12345678901234567890,"m":1e400,"z":-0,"f":0.10}',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
  '{"path":"C:\\\\temp\\\\","quote":"\\"\'"}',
  `{"long":"${"积".repeat(20_000)}"}`,
];

/** What every database must give back exactly as it was given. */
export function describeExactValues(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;

  test.each([
    { amount: 1, says: "one credit" },
    { amount: 2 ** 31, says: "more than 32 bits count" },
    { amount: MAX_AMOUNT, says: "the most that one command may move" },
    { amount: MAX_BALANCE, says: "the most that one account may hold" },
    { amount: MAX_BALANCE - 1, says: "one credit less than that" },
  ])("an amount comes back to the last credit: $says", async ({ amount }) => {
    const account = newAccount();
    const given = await perform(store(), granting(account, amount));
    expect(await balanceOn(store(), account)).toEqual({ balance: amount, held: 0 });
    const spent = await perform(store(), consuming(account, 1));
    expect([given, spent]).toMatchObject([
      { value: { transaction: { amount, balanceAfter: amount } } },
      { value: { transaction: { amount: 1, balanceAfter: amount - 1 } } },
    ]);
    expect((await look(store(), account)).accounts.get(account)).toMatchObject({
      account: { balance: amount - 1, sequence: 2 },
      grants: amount === 1 ? [] : [{ amount, remaining: amount - 1 }],
    });
    const lines = await journalOf(here.sql, account);
    expect(lines.map((line) => [line.amount, line.balance_after])).toEqual([
      [amount, amount],
      [1, amount - 1],
    ]);
  });

  test("accounts whose names look alike are different accounts", async () => {
    for (const [index, text] of lookalikes.entries()) {
      await perform(store(), granting(accountId(`user:${text}`), index + 1));
    }
    for (const [index, text] of lookalikes.entries()) {
      expect(await balanceOn(store(), accountId(`user:${text}`)), text).toEqual({ balance: index + 1, held: 0 });
    }
  });

  test("keys that look alike are different keys", async () => {
    const account = newAccount();
    await perform(store(), granting(account, 1_000));
    for (const [index, text] of lookalikes.entries()) {
      expect(await perform(store(), consuming(account, index + 1, text)), text).toMatchObject({
        value: { replayed: false },
      });
    }
    for (const [index, text] of lookalikes.entries()) {
      expect(await perform(store(), consuming(account, index + 1, text)), text).toMatchObject({
        value: { replayed: true, transaction: { amount: index + 1, idempotencyKey: `caller:${text}` } },
      });
    }
  });

  describe("metadata comes back byte for byte", () => {
    test.each(metadataTexts.map((metadata) => ({ metadata, shown: metadata.slice(0, 60) })))(
      "$shown",
      async ({ metadata }) => {
        const account = newAccount();
        await perform(store(), granting(account, 10));
        const command: Consume = { ...consuming(account, 1, "order-1"), action: "视频 🎬", metadata };
        const first = await perform(store(), command);
        const retried = await perform(store(), command);
        expect(first).toMatchObject({ ok: true, value: { transaction: { action: "视频 🎬", metadata } } });
        expect(retried).toEqual({ ok: true, value: { ...(first.ok && first.value), replayed: true } });
      },
    );
  });

  test("the shares of a transaction come back in the order in which the grants gave", async () => {
    const account = newAccount();
    const grants = [granting(account, 5), granting(account, 5), granting(account, 5)];
    for (const grant of grants) await perform(store(), { ...grant, priority: 90 });
    await perform(store(), { ...granting(account, 1), priority: 0 });
    const command = consuming(account, 16, "all");
    const first = await perform(store(), command);
    const retried = await perform(store(), command);
    expect(first.ok && first.value.transaction.shares.map((share) => share.amount)).toEqual([1, 5, 5, 5].map(credits));
    expect(retried.ok && retried.value.transaction).toEqual(first.ok && first.value.transaction);
  });
}
