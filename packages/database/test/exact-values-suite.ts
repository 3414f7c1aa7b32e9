import {
  accountId,
  credits,
  entryKinds,
  grantId,
  grantSources,
  heldAccountOf,
  idempotencyKey,
  MAX_AMOUNT,
  MAX_BALANCE,
  transactionId,
} from "@jifen/core";
import type { Consume, Entry, Hold } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { accountOn, balanceOn, consuming, granting, look, newAccount, perform, write } from "./commands.ts";
import { accountRow, entryRow, grantRow, holdRow } from "./rows.ts";
import { describeMoments } from "./timestamps-suite.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** Similar texts that a case-insensitive or trimming comparison would take for equal. */
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

/** Values are stored exactly: the same on every database. */
export function describeExactValues(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;

  describeMoments(here);

  test.each([
    { amount: 1, says: "one credit" },
    { amount: 2 ** 31, says: "more than 32 bits" },
    { amount: MAX_AMOUNT, says: "the maximum of one command" },
    { amount: MAX_BALANCE, says: "the maximum of one account" },
    { amount: MAX_BALANCE - 1, says: "one credit below the maximum of an account" },
  ])("an amount is stored exactly: $says", async ({ amount }) => {
    const account = newAccount();
    const given = await perform(store(), granting(account, amount));
    expect(await balanceOn(store(), account)).toEqual({ balance: amount, held: 0 });
    const spent = await perform(store(), consuming(account, 1));
    expect([given, spent]).toMatchObject([
      { value: { entry: { amount, balanceAfter: amount } } },
      { value: { entry: { amount: 1, balanceAfter: amount - 1 } } },
    ]);
    expect((await look(store(), account)).accounts.get(account)).toMatchObject({
      account: { balance: amount - 1, sequence: 2 },
      grants: amount === 1 ? [] : [{ amount, remaining: amount - 1 }],
    });
    const lines = await journalOf(here.rows, account);
    expect(lines.map((line) => [line.amount, line.balance_after])).toEqual([
      [amount, amount],
      [1, amount - 1],
    ]);
  });

  test("accounts with similar names are different accounts", async () => {
    for (const [index, text] of lookalikes.entries()) {
      await perform(store(), granting(accountId(`user:${text}`), index + 1));
    }
    for (const [index, text] of lookalikes.entries()) {
      expect(await balanceOn(store(), accountId(`user:${text}`)), text).toEqual({ balance: index + 1, held: 0 });
    }
  });

  test("similar keys are different keys", async () => {
    const account = newAccount();
    await perform(store(), granting(account, 1_000));
    for (const [index, text] of lookalikes.entries()) {
      expect(await perform(store(), consuming(account, index + 1, text)), text).toMatchObject({
        value: { replayed: false },
      });
    }
    for (const [index, text] of lookalikes.entries()) {
      expect(await perform(store(), consuming(account, index + 1, text)), text).toMatchObject({
        value: { replayed: true, entry: { amount: index + 1, idempotencyKey: `caller:${text}` } },
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
        expect(first).toMatchObject({ ok: true, value: { entry: { action: "视频 🎬", metadata } } });
        expect(retried).toEqual({ ok: true, value: { ...(first.ok && first.value), replayed: true } });
      },
    );
  });

  describe("every column comes back as it was given", () => {
    const most = credits(MAX_AMOUNT);
    const all = credits(MAX_BALANCE);
    const nothing = credits(0);
    /** The last millisecond that a date can name. */
    const never = 8_640_000_000_000_000;
    const text = `视频 🎬 e\u0301 'quoted" \\ {NULL} \t\n ${"积".repeat(200)}`;
    const metadata = '{"a": "😀 \\u0000 \\ud83d", "b" :[ ]}';
    const account = newAccount();
    const share = [{ grantId: grantId(`grant-{\\",'😀`), amount: most }];

    test.each([
      { is: { balance: all, held: all, sequence: Number.MAX_SAFE_INTEGER, nextExpiryMs: never }, says: "at its most" },
      { is: {}, says: "at its least" },
      { is: { nextExpiryMs: 0 }, says: "at the beginning of time" },
    ])("of an account $says", async ({ is }) => {
      const row = accountRow(newAccount(), is);
      await write(store(), [], { accountsOpened: [row] });
      expect(await accountOn(store(), row.id)).toEqual(row);
    });

    test.each([
      {
        is: { amount: most, remaining: most, priority: 100, expiresAtMs: never, createdAtMs: never },
        says: "at its most",
      },
      { is: { amount: all, remaining: all }, says: "as large as an account" },
      {
        is: { amount: credits(1), remaining: nothing, priority: 0, createdAtMs: 0, expiresAtMs: 0 },
        says: "at its least",
      },
    ])("of a grant $says", async ({ is }) => {
      for (const source of grantSources) {
        const row = grantRow(newAccount(), { ...is, source });
        await write(store(), [], { grantsAdded: [row] });
        expect(await here.database.history.grants(row.accountId, { limit: 1 })).toEqual([row]);
      }
    });

    test.each<{ is: Partial<Hold>; says: string }>([
      {
        is: {
          amount: most,
          allocations: share,
          expiresAtMs: never,
          createdAtMs: never,
          action: text,
          metadata,
          placedBy: "user",
        },
        says: "pending, at its most",
      },
      {
        is: {
          amount: most,
          state: "captured",
          captured: credits(MAX_AMOUNT - 1),
          released: credits(1),
          resolvedAtMs: never,
        },
        says: "charged in part",
      },
      { is: { amount: most, state: "released", released: most, resolvedAtMs: 0 }, says: "freed" },
      {
        is: { amount: credits(1), state: "expired", expired: credits(1), resolvedAtMs: 1, action: "" },
        says: "expired",
      },
    ])("of a hold $says", async ({ is }) => {
      const row = holdRow(newAccount(), is);
      await write(store(), [], { accountsOpened: [accountRow(row.accountId)], holdsAdded: [row] });
      expect((await look(store(), row.accountId, { holds: [row.id] })).accounts.get(row.accountId)?.holds).toEqual([
        row,
      ]);
      expect(await here.database.history.hold(row.accountId, row.id)).toEqual(row);
    });

    test.each<{ is: Partial<Entry>; says: string }>([
      {
        is: {
          amount: most,
          balanceAfter: all,
          heldAfter: all,
          expiredOnReturn: all,
          expiresAtMs: never,
          createdAtMs: never,
        },
        says: "at its most",
      },
      {
        is: { kind: "extend", amount: nothing, balanceAfter: nothing, action: "", createdAtMs: 0 },
        says: "at its least",
      },
      {
        is: { action: text, metadata, requestParams: metadata, referenceId: transactionId(text), allocations: share },
        says: "with every text",
      },
      { is: { sequence: Number.MAX_SAFE_INTEGER, debit: account, credit: heldAccountOf(account) }, says: "far down" },
    ])("of a line $says", async ({ is }) => {
      for (const kind of entryKinds) {
        const id = newAccount();
        const given = entryRow(id, { ...is, kind: is.kind ?? kind });
        const row = { ...given, idempotencyKey: idempotencyKey.ofCaller(`${text} ${id}`) };
        const keyless = { ...given, id: transactionId(`${text} ${id}`), sequence: 7 };
        const own = { ...keyless, idempotencyKey: idempotencyKey.ofTransaction(keyless.id) };
        await write(store(), [], { entries: [row, own] });
        const { charges } = await look(store(), id, { charges: [row.id, own.id] });
        expect(charges.map(({ entry }) => entry)).toEqual(expect.arrayContaining([row, own]));
        expect((await look(store(), id, { keys: [`${text} ${id}`] })).executed).toEqual([row]);
        expect(await here.database.history.entry(own.id)).toEqual(own);
      }
    });
  });

  test("the allocations of an entry keep the order of the grants", async () => {
    const account = newAccount();
    const grants = [granting(account, 5), granting(account, 5), granting(account, 5)];
    for (const grant of grants) await perform(store(), { ...grant, priority: 90 });
    await perform(store(), { ...granting(account, 1), priority: 0 });
    const command = consuming(account, 16, "all");
    const first = await perform(store(), command);
    const retried = await perform(store(), command);
    expect(first.ok && first.value.entry.allocations.map((share) => share.amount)).toEqual([1, 5, 5, 5].map(credits));
    expect(retried.ok && retried.value.entry).toEqual(first.ok && first.value.entry);
  });
}
