import { type AccountId, credits, type HoldId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import { EXPIRATION_BATCH, type Grant, type Hold, type ReadSet, type WriteSet } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { decided, type Named, newAccount, nothing, write } from "./commands.ts";
import { accountRow, entryRow, grantRow, holdRow, released, takenFrom } from "./rows.ts";
import { useDatabase } from "./use-database.ts";

const PAST = 1_000_000_000_000;
const FUTURE = 9_000_000_000_000;
const empty = { remaining: credits(0) };

/** The rows of a snapshot, and no others: the same on every database. */
export function describeSnapshots(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const openAccount = async (account: AccountId, rows: Partial<WriteSet>, nextExpiryMs: number | null = null) => {
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
    test("named holds are in the snapshot, pending or resolved, and no others", async () => {
      const account = newAccount();
      const pending = holdRow(account, { expiresAtMs: FUTURE, metadata: '{"a":1}' });
      const resolved = holdRow(account, released);
      await openAccount(account, { holdsAdded: [pending, resolved, holdRow(account), holdRow(account, released)] });
      expect((await look(account)).holds).toEqual([]);
      expect((await look(account, { holds: [pending.id] })).holds).toEqual([pending]);
      const both = (await look(account, { holds: [resolved.id, pending.id, resolved.id, holdId("hold-unknown")] }))
        .holds;
      expect(both).toHaveLength(2);
      expect(both).toEqual(expect.arrayContaining([resolved, pending]));
    });

    test("a hold of another account is not in the snapshot of the account that names it", async () => {
      const [account, other] = [newAccount(), newAccount()];
      const theirs = holdRow(other);
      await openAccount(account, {});
      await openAccount(other, { holdsAdded: [theirs] });
      const { accounts } = await show({
        accountIds: [account, other],
        holds: [{ accountId: account, holdId: theirs.id }],
      });
      expect([...accounts.values()].map(({ holds }) => holds)).toEqual([[], []]);
    });

    test("holds with similar ids are different holds", async () => {
      const account = newAccount();
      const ids = ["hold-a", "HOLD-A", "hold-a ", " hold-a", "hold-á", "hold-a\u0301", "hold-😀"].map(holdId);
      const holds = ids.map((id, index) => holdRow(account, { id, amount: credits(index + 1) }));
      await openAccount(account, { holdsAdded: holds });
      for (const hold of holds) expect((await look(account, { holds: [hold.id] })).holds, hold.id).toEqual([hold]);
    });
  });

  describe("closed grants", () => {
    /** An account with two closed grants, one half used and one unused. */
    const withGrants = async (of: (grants: Grant[]) => Partial<WriteSet>, nextExpiryMs: number | null = null) => {
      const account = newAccount();
      const [first, second] = [grantRow(account, empty), grantRow(account, empty)];
      const half = grantRow(account, { remaining: credits(50) });
      const whole = grantRow(account, { priority: 10 });
      await openAccount(
        account,
        { grantsAdded: [first, second, half, whole], ...of([first, second, half]) },
        nextExpiryMs,
      );
      return { account, first, second, half, whole };
    };
    const one = (hold: Hold): HoldId[] => [hold.id];

    test("closed grants are omitted when no hold or charge of the snapshot took from them", async () => {
      let hold: Hold | undefined;
      const { account, half, whole } = await withGrants(([first]) => {
        hold = holdRow(first?.accountId as AccountId, { allocations: takenFrom(first as Grant) });
        return { holdsAdded: [hold] };
      });
      expect((await look(account)).grants).toEqual([whole, half]);
      const entry = entryRow(account, { allocations: takenFrom(half) });
      await write(here.database.ledger, [account], { entries: [entry] });
      expect((await look(account, { charges: [entry.id] })).grants).toEqual([whole, half]);
    });

    test("a closed grant is in the snapshot once when one or several of its holds took from it", async () => {
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

    test("a closed grant is in the snapshot when a charge of it took from the grant", async () => {
      const { account, first, second, half, whole } = await withGrants(() => ({}));
      const entry = entryRow(account, { allocations: takenFrom(second, half) });
      const other = entryRow(account, { sequence: 2, allocations: takenFrom(first) });
      await write(here.database.ledger, [account], { entries: [entry, other] });
      expect(idsOf((await look(account, { charges: [entry.id] })).grants)).toEqual(idsOf([second, half, whole]));
    });

    test("a closed grant is in the snapshot when an expired hold took from it", async () => {
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

  describe("expired holds", () => {
    const holdsOf = (account: AccountId) => ({
      expired: [holdRow(account, { expiresAtMs: PAST }), holdRow(account, { expiresAtMs: PAST + 5 })],
      later: [holdRow(account, { expiresAtMs: FUTURE + 7 }), holdRow(account, { expiresAtMs: FUTURE })],
      resolved: [
        holdRow(account, { ...released, expiresAtMs: PAST }),
        holdRow(account, { ...released, expiresAtMs: FUTURE }),
      ],
    });
    const all = ({ expired, later, resolved }: ReturnType<typeof holdsOf>) => ({
      holdsAdded: [...expired, ...later, ...resolved],
    });

    test.each([
      { nextExpiryMs: null, says: "never expires" },
      { nextExpiryMs: FUTURE, says: "has not expired" },
    ])("expired holds are not read when the row of the account says that it $says", async ({ nextExpiryMs }) => {
      const account = newAccount();
      await openAccount(account, all(holdsOf(account)), nextExpiryMs);
      expect(await look(account)).toMatchObject({ account: { nextExpiryMs }, holds: [], otherHoldsExpiryMs: null });
    });

    test("every expired pending hold is in the snapshot, and the earliest expiry of the others", async () => {
      const account = newAccount();
      const holds = holdsOf(account);
      await openAccount(account, all(holds), PAST);
      const shown = await look(account);
      expect(shown.holds).toHaveLength(2);
      expect(shown.holds).toEqual(expect.arrayContaining(holds.expired));
      expect(shown.otherHoldsExpiryMs).toBe(FUTURE);
    });

    test("the number of expired holds is limited: the earliest come first, and the account stays expired for the others", async () => {
      const [account, another] = [newAccount(), newAccount()];
      const many = Array.from({ length: EXPIRATION_BATCH + 3 }, (_, n) => holdRow(account, { expiresAtMs: PAST + n }));
      await openAccount(
        account,
        { holdsAdded: [...many.toReversed(), holdRow(account, { expiresAtMs: FUTURE })] },
        PAST,
      );
      const [one] = [holdRow(another, { expiresAtMs: PAST })];
      await openAccount(another, { holdsAdded: [one] }, PAST);
      const shown = await look(account);
      expect(idsOf(shown.holds)).toEqual(idsOf(many.slice(0, EXPIRATION_BATCH)));
      expect(shown.otherHoldsExpiryMs).toBe(PAST + EXPIRATION_BATCH - 1);
      expect((await look(another)).holds).toEqual([one]);
    });

    test("the expiry of other holds is null when there are none", async () => {
      const account = newAccount();
      const { expired, resolved } = holdsOf(account);
      await openAccount(account, { holdsAdded: [...expired, ...resolved] }, PAST);
      expect(await look(account)).toMatchObject({ otherHoldsExpiryMs: null });
    });

    test("a named hold does not count among the other holds", async () => {
      const account = newAccount();
      const { expired, later } = holdsOf(account);
      const [last, next] = later as [Hold, Hold];
      await openAccount(account, { holdsAdded: [...expired, last, next] }, PAST);
      const shown = await look(account, { holds: [next.id, (expired[0] as Hold).id] });
      expect(idsOf(shown.holds)).toEqual(idsOf([...expired, next]));
      expect(shown.otherHoldsExpiryMs).toBe(last.expiresAtMs);
      expect((await look(account, { holds: [next.id, last.id] })).otherHoldsExpiryMs).toBeNull();
    });

    test("a hold that another account names still counts for its own account", async () => {
      const [account, other, idle] = [newAccount(), newAccount(), newAccount()];
      const [mine, theirs] = [holdsOf(account), holdsOf(other)];
      await openAccount(account, all(mine), PAST);
      await openAccount(other, all(theirs), PAST);
      await openAccount(idle, all(holdsOf(idle)), FUTURE);
      const { accounts } = await show({
        accountIds: [idle, other, account],
        holds: theirs.later.map(({ id }) => ({ accountId: account, holdId: id })),
      });
      for (const [id, { expired }] of [[account, mine] as const, [other, theirs] as const]) {
        expect(accounts.get(id)).toMatchObject({ otherHoldsExpiryMs: FUTURE });
        expect(idsOf(accounts.get(id)?.holds)).toEqual(idsOf(expired));
      }
      expect(accounts.get(idle)).toMatchObject({ holds: [], otherHoldsExpiryMs: null });
    });
  });

  describe("charges", () => {
    test("that are named are shown with all their refunds, and nothing else that is about them", async () => {
      const account = newAccount();
      const charge = entryRow(account, { allocations: takenFrom(grantRow(account)) });
      const free = entryRow(account, { sequence: 2 });
      const about = { kind: "refund", referenceId: charge.id } as const;
      const refunds = [entryRow(account, { sequence: 3, ...about }), entryRow(account, { sequence: 4, ...about })];
      const others = [
        entryRow(account, { sequence: 5, kind: "release", referenceId: charge.id }),
        entryRow(account, { sequence: 6, kind: "refund", referenceId: free.id }),
      ];
      await openAccount(account, { entries: [charge, free, ...refunds, ...others] });
      expect((await look(account)).charges).toEqual([]);
      // Two requests of one batch may be about one charge: its refunds must not count twice.
      const { charges } = await look(account, { charges: [charge.id, charge.id, transactionId("txn-unknown")] });
      expect(charges).toEqual([{ entry: charge, refunds: expect.arrayContaining(refunds) }]);
      expect(charges[0]?.refunds).toHaveLength(2);
      expect((await look(account, { charges: [free.id] })).charges).toMatchObject([{ refunds: [others[1]] }]);
    });

    test("of another account are not shown to who names them, nor are refunds that name them", async () => {
      const [account, other] = [newAccount(), newAccount()];
      const theirs = entryRow(other);
      await openAccount(other, { entries: [theirs] });
      await openAccount(account, { entries: [entryRow(account, { kind: "refund", referenceId: theirs.id })] });
      expect((await look(account, { charges: [theirs.id] })).charges).toEqual([]);
      expect((await look(other, { charges: [theirs.id] })).charges).toEqual([{ entry: theirs, refunds: [] }]);
    });

    test("whose ids look alike are different charges", async () => {
      const account = newAccount();
      const ids = ["txn-a", "TXN-A", "txn-a ", "txn-á"].map((id) => transactionId(`${id}${account}`));
      const entries = ids.map((id, index) => entryRow(account, { id, sequence: index + 1 }));
      await openAccount(account, { entries: entries });
      for (const entry of entries) {
        expect((await look(account, { charges: [entry.id] })).charges).toEqual([{ entry: entry, refunds: [] }]);
      }
    });
  });

  describe("what was done under a key", () => {
    test("that was made from the command's own id is found under that id, by its own account only", async () => {
      const [account, other] = [newAccount(), newAccount()];
      const id = transactionId(`txn-own-${account}`);
      const entry = entryRow(account, { id, idempotencyKey: idempotencyKey.ofTransaction(id) });
      await openAccount(account, { entries: [entry, entryRow(account, { sequence: 2 })] });
      await openAccount(other, {});
      const under = (accountId: AccountId, key: typeof entry.idempotencyKey) =>
        show({ accountIds: [account, other], keys: [{ accountId, idempotencyKey: key }] });
      expect((await under(account, entry.idempotencyKey)).executed).toEqual([entry]);
      expect((await under(other, entry.idempotencyKey)).executed).toEqual([]);
      // What a caller calls its key is not what the ledger makes of an id.
      expect((await under(account, idempotencyKey.ofCaller(id))).executed).toEqual([]);
    });
  });
}
