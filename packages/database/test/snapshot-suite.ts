import { type AccountId, credits, type HoldId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import { EXPIRATION_BATCH, type Grant, type Hold, type ReadSet, type WriteSet } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { decided, type Named, newAccount, nothing, write } from "./commands.ts";
import { accountRow, grantRow, holdRow, lineRow, released, takenFrom } from "./rows.ts";
import { useDatabase } from "./use-database.ts";

const PAST = 1_000_000_000_000;
const FUTURE = 9_000_000_000_000;
const empty = { remaining: credits(0) };

/** What every database must show to a decision, and not a row more. */
export function describeSnapshots(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const there = async (account: AccountId, rows: Partial<WriteSet>, nextExpiryMs: number | null = null) => {
    await write(here.database.ledger, [], { accountsOpened: [accountRow(account, { nextExpiryMs })], ...rows });
  };
  const show = (readSet: Partial<ReadSet>) =>
    here.database.ledger.commit({ accountIds: [], keys: [], holds: [], charges: [], ...readSet }, (snapshot) =>
      decided(nothing, snapshot),
    );
  const look = async (account: AccountId, { holds = [], charges = [] }: Named = {}) => {
    const named = {
      holds: holds.map((each) => ({ accountId: account, holdId: each })),
      charges: charges.map((each) => ({ accountId: account, chargeId: each })),
    };
    const { accounts, charges: shown } = await show({ accountIds: [account], ...named });
    return { ...accounts.get(account), charges: shown };
  };
  const idsOf = (rows: readonly { readonly id: string }[] = []) => rows.map(({ id }) => id).toSorted();

  describe("holds", () => {
    test("that are named are shown as they are, pending or over, and no others", async () => {
      const account = newAccount();
      const pending = holdRow(account, { expiresAtMs: FUTURE, metadata: '{"a":1}' });
      const over = holdRow(account, released);
      await there(account, { holdsAdded: [pending, over, holdRow(account), holdRow(account, released)] });
      expect((await look(account)).holds).toEqual([]);
      expect((await look(account, { holds: [pending.id] })).holds).toEqual([pending]);
      const both = (await look(account, { holds: [over.id, pending.id, over.id, holdId("hold-unknown")] })).holds;
      expect(both).toHaveLength(2);
      expect(both).toEqual(expect.arrayContaining([over, pending]));
    });

    test("of another account are not shown to who names them", async () => {
      const [account, other] = [newAccount(), newAccount()];
      const theirs = holdRow(other);
      await there(account, {});
      await there(other, { holdsAdded: [theirs] });
      const { accounts } = await show({
        accountIds: [account, other],
        holds: [{ accountId: account, holdId: theirs.id }],
      });
      expect([...accounts.values()].map(({ holds }) => holds)).toEqual([[], []]);
    });

    test("whose ids look alike are different holds", async () => {
      const account = newAccount();
      const ids = ["hold-a", "HOLD-A", "hold-a ", " hold-a", "hold-á", "hold-a\u0301", "hold-😀"].map(holdId);
      const holds = ids.map((id, index) => holdRow(account, { id, amount: credits(index + 1) }));
      await there(account, { holdsAdded: holds });
      for (const hold of holds) expect((await look(account, { holds: [hold.id] })).holds, hold.id).toEqual([hold]);
    });
  });

  describe("grants with nothing left", () => {
    /** An account with two grants that are used up, one that is half used, and one untouched. */
    const withGrants = async (of: (grants: Grant[]) => Partial<WriteSet>, nextExpiryMs: number | null = null) => {
      const account = newAccount();
      const [first, second] = [grantRow(account, empty), grantRow(account, empty)];
      const half = grantRow(account, { remaining: credits(50) });
      const whole = grantRow(account, { priority: 10 });
      await there(account, { grantsAdded: [first, second, half, whole], ...of([first, second, half]) }, nextExpiryMs);
      return { account, first, second, half, whole };
    };
    const one = (hold: Hold): HoldId[] => [hold.id];

    test("are not shown when nothing that is shown took from them", async () => {
      let hold: Hold | undefined;
      const { account, half, whole } = await withGrants(([first]) => {
        hold = holdRow(first?.accountId as AccountId, { allocations: takenFrom(first as Grant) });
        return { holdsAdded: [hold] };
      });
      expect((await look(account)).grants).toEqual([whole, half]);
      const line = lineRow(account, { allocations: takenFrom(half) });
      await write(here.database.ledger, [account], { entries: [line] });
      expect((await look(account, { charges: [line.id] })).grants).toEqual([whole, half]);
    });

    test("are shown when a shown hold took from them, once, however many holds did", async () => {
      const { account, first, second, half, whole } = await withGrants(() => ({}));
      const holds = [
        holdRow(account, { allocations: takenFrom(half, first) }),
        holdRow(account, { allocations: takenFrom(first) }),
        holdRow(account, { allocations: takenFrom(second) }),
      ];
      await write(here.database.ledger, [account], { holdsAdded: holds });
      const [both, alone, other] = holds as [Hold, Hold, Hold];
      expect(idsOf((await look(account, { holds: one(alone) })).grants)).toEqual(idsOf([first, half, whole]));
      expect(idsOf((await look(account, { holds: [both.id, alone.id] })).grants)).toEqual(idsOf([first, half, whole]));
      expect(idsOf((await look(account, { holds: one(other) })).grants)).toEqual(idsOf([second, half, whole]));
      expect((await look(account, { holds: one(alone) })).grants?.[0]).toEqual(whole);
    });

    test("are shown when a shown charge took from them", async () => {
      const { account, first, second, half, whole } = await withGrants(() => ({}));
      const line = lineRow(account, { allocations: takenFrom(second, half) });
      const other = lineRow(account, { sequence: 2, allocations: takenFrom(first) });
      await write(here.database.ledger, [account], { entries: [line, other] });
      expect(idsOf((await look(account, { charges: [line.id] })).grants)).toEqual(idsOf([second, half, whole]));
    });

    test("are shown when a hold that is due took from them", async () => {
      const { account, first, half, whole } = await withGrants(
        ([given]) => ({
          holdsAdded: [
            holdRow(given?.accountId as AccountId, { expiresAtMs: PAST, allocations: takenFrom(given as Grant) }),
          ],
        }),
        PAST,
      );
      expect(idsOf((await look(account)).grants)).toEqual(idsOf([first, half, whole]));
    });
  });

  describe("what is due", () => {
    const holdsOf = (account: AccountId) => ({
      due: [holdRow(account, { expiresAtMs: PAST }), holdRow(account, { expiresAtMs: PAST + 5 })],
      later: [holdRow(account, { expiresAtMs: FUTURE + 7 }), holdRow(account, { expiresAtMs: FUTURE })],
      over: [
        holdRow(account, { ...released, expiresAtMs: PAST }),
        holdRow(account, { ...released, expiresAtMs: FUTURE }),
      ],
    });
    const all = ({ due, later, over }: ReturnType<typeof holdsOf>) => ({ holdsAdded: [...due, ...later, ...over] });

    test.each([
      { nextExpiryMs: null, says: "nothing will ever be due" },
      { nextExpiryMs: FUTURE, says: "its time has not come" },
    ])("is not looked for when the account's row says that $says", async ({ nextExpiryMs }) => {
      const account = newAccount();
      await there(account, all(holdsOf(account)), nextExpiryMs);
      expect(await look(account)).toMatchObject({ account: { nextExpiryMs }, holds: [], otherHoldsExpiryMs: null });
    });

    test("is every pending hold whose time is over; of the others, when the first of them will be due", async () => {
      const account = newAccount();
      const holds = holdsOf(account);
      await there(account, all(holds), PAST);
      const shown = await look(account);
      expect(shown.holds).toHaveLength(2);
      expect(shown.holds).toEqual(expect.arrayContaining(holds.due));
      expect(shown.otherHoldsExpiryMs).toBe(FUTURE);
    });

    test("is bounded: the longest due come first, and the account stays due for the others", async () => {
      const [account, another] = [newAccount(), newAccount()];
      const many = Array.from({ length: EXPIRATION_BATCH + 3 }, (_, n) => holdRow(account, { expiresAtMs: PAST + n }));
      await there(account, { holdsAdded: [...many.toReversed(), holdRow(account, { expiresAtMs: FUTURE })] }, PAST);
      const [one] = [holdRow(another, { expiresAtMs: PAST })];
      await there(another, { holdsAdded: [one] }, PAST);
      const shown = await look(account);
      expect(idsOf(shown.holds)).toEqual(idsOf(many.slice(0, EXPIRATION_BATCH)));
      expect(shown.otherHoldsExpiryMs).toBe(PAST + EXPIRATION_BATCH - 1);
      expect((await look(another)).holds).toEqual([one]);
    });

    test("says nothing of others when there are none", async () => {
      const account = newAccount();
      const { due, over } = holdsOf(account);
      await there(account, { holdsAdded: [...due, ...over] }, PAST);
      expect(await look(account)).toMatchObject({ otherHoldsExpiryMs: null });
    });

    test("does not count a hold among the others that is shown because it was named", async () => {
      const account = newAccount();
      const { due, later } = holdsOf(account);
      const [last, next] = later as [Hold, Hold];
      await there(account, { holdsAdded: [...due, last, next] }, PAST);
      const shown = await look(account, { holds: [next.id, (due[0] as Hold).id] });
      expect(idsOf(shown.holds)).toEqual(idsOf([...due, next]));
      expect(shown.otherHoldsExpiryMs).toBe(last.expiresAtMs);
      expect((await look(account, { holds: [next.id, last.id] })).otherHoldsExpiryMs).toBeNull();
    });

    test("is each account's own: nobody hides another's hold by naming it", async () => {
      const [account, other, idle] = [newAccount(), newAccount(), newAccount()];
      const [mine, theirs] = [holdsOf(account), holdsOf(other)];
      await there(account, all(mine), PAST);
      await there(other, all(theirs), PAST);
      await there(idle, all(holdsOf(idle)), FUTURE);
      const { accounts } = await show({
        accountIds: [idle, other, account],
        holds: theirs.later.map(({ id }) => ({ accountId: account, holdId: id })),
      });
      for (const [id, { due }] of [[account, mine] as const, [other, theirs] as const]) {
        expect(accounts.get(id)).toMatchObject({ otherHoldsExpiryMs: FUTURE });
        expect(idsOf(accounts.get(id)?.holds)).toEqual(idsOf(due));
      }
      expect(accounts.get(idle)).toMatchObject({ holds: [], otherHoldsExpiryMs: null });
    });
  });

  describe("charges", () => {
    test("that are named are shown with all their refunds, and nothing else that is about them", async () => {
      const account = newAccount();
      const charge = lineRow(account, { allocations: takenFrom(grantRow(account)) });
      const free = lineRow(account, { sequence: 2 });
      const about = { kind: "refund", referenceId: charge.id } as const;
      const refunds = [lineRow(account, { sequence: 3, ...about }), lineRow(account, { sequence: 4, ...about })];
      const others = [
        lineRow(account, { sequence: 5, kind: "release", referenceId: charge.id }),
        lineRow(account, { sequence: 6, kind: "refund", referenceId: free.id }),
      ];
      await there(account, { entries: [charge, free, ...refunds, ...others] });
      expect((await look(account)).charges).toEqual([]);
      // Two requests of one batch may be about one charge: its refunds must not count twice.
      const { charges } = await look(account, { charges: [charge.id, charge.id, transactionId("txn-unknown")] });
      expect(charges).toEqual([{ entry: charge, refunds: expect.arrayContaining(refunds) }]);
      expect(charges[0]?.refunds).toHaveLength(2);
      expect((await look(account, { charges: [free.id] })).charges).toMatchObject([{ refunds: [others[1]] }]);
    });

    test("of another account are not shown to who names them, nor are refunds that name them", async () => {
      const [account, other] = [newAccount(), newAccount()];
      const theirs = lineRow(other);
      await there(other, { entries: [theirs] });
      await there(account, { entries: [lineRow(account, { kind: "refund", referenceId: theirs.id })] });
      expect((await look(account, { charges: [theirs.id] })).charges).toEqual([]);
      expect((await look(other, { charges: [theirs.id] })).charges).toEqual([{ entry: theirs, refunds: [] }]);
    });

    test("whose ids look alike are different charges", async () => {
      const account = newAccount();
      const ids = ["txn-a", "TXN-A", "txn-a ", "txn-á"].map((id) => transactionId(`${id}${account}`));
      const lines = ids.map((id, index) => lineRow(account, { id, sequence: index + 1 }));
      await there(account, { entries: lines });
      for (const line of lines) {
        expect((await look(account, { charges: [line.id] })).charges).toEqual([{ entry: line, refunds: [] }]);
      }
    });
  });

  describe("what was done under a key", () => {
    test("that was made from the command's own id is found under that id, by its own account only", async () => {
      const [account, other] = [newAccount(), newAccount()];
      const id = transactionId(`txn-own-${account}`);
      const line = lineRow(account, { id, idempotencyKey: idempotencyKey.ofTransaction(id) });
      await there(account, { entries: [line, lineRow(account, { sequence: 2 })] });
      await there(other, {});
      const under = (accountId: AccountId, key: typeof line.idempotencyKey) =>
        show({ accountIds: [account, other], keys: [{ accountId, idempotencyKey: key }] });
      expect((await under(account, line.idempotencyKey)).executed).toEqual([line]);
      expect((await under(other, line.idempotencyKey)).executed).toEqual([]);
      // What a caller calls its key is not what the ledger makes of an id.
      expect((await under(account, idempotencyKey.ofCaller(id))).executed).toEqual([]);
    });
  });
}
