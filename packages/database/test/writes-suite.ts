import { type AccountId, credits, grantId, holdId } from "@jifen/core";
import { DatabaseUnavailable, type Grant, type Hold, OutcomeUnknown, type WriteSet } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { accountOn, granting, look, newAccount, perform, write } from "./commands.ts";
import { accountRow, entryRow, grantRow, holdRow, released } from "./rows.ts";
import { journalOf, useDatabase } from "./use-database.ts";

/** The write set of a decision: the same on every database. */
export function describeWrites(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;
  const opened = async (rows: (account: AccountId) => Partial<WriteSet> = () => ({})): Promise<AccountId> => {
    const account = newAccount();
    await write(store(), [], { accountsOpened: [accountRow(account)], ...rows(account) });
    return account;
  };
  const grantOf = async (account: AccountId, id: Grant["id"]) =>
    (await here.database.history.grants(account, { limit: 10 })).find((grant) => grant.id === id);

  describe("changes", () => {
    test.each([
      { is: { nextExpiryMs: 5 }, says: "the next expiry" },
      { is: { balance: credits(7), held: credits(2) }, says: "the balances" },
      { is: { balance: credits(1), held: credits(2), sequence: 3, nextExpiryMs: 4 }, says: "every column" },
    ])("a change of an account writes $says", async ({ is }) => {
      const account = await opened();
      const row = accountRow(account, is);
      await write(store(), [account], { accountsChanged: [row] });
      expect(await accountOn(store(), account)).toEqual(row);
      await write(store(), [account], { accountsChanged: [{ ...row, nextExpiryMs: null }] });
      expect(await accountOn(store(), account)).toEqual({ ...row, nextExpiryMs: null });
    });

    test("a change of a grant writes only the remaining credits", async () => {
      const account = await opened();
      const grant = grantRow(account, { priority: 3, expiresAtMs: 8_000_000_000_000, source: "purchase" });
      await write(store(), [account], { grantsAdded: [grant] });
      const all: Grant = { ...grantRow(account), id: grant.id, remaining: credits(40), amount: credits(900) };
      await write(store(), [account], { grantsChanged: [all] });
      expect(await grantOf(account, grant.id)).toEqual({ ...grant, remaining: 40 });
      await write(store(), [account], { grantsChanged: [{ ...grant, remaining: credits(0) }] });
      expect((await store().readAccounts([account])).accounts.get(account)?.grants).toEqual([]);
      await write(store(), [account], { grantsChanged: [grant] });
      expect((await store().readAccounts([account])).accounts.get(account)?.grants).toEqual([grant]);
    });

    test.each([
      { is: { expiresAtMs: 8_000_000_000_000 }, says: "its expiry" },
      { is: released, says: "its release" },
      {
        is: { state: "captured", captured: credits(4), released: credits(6), resolvedAtMs: 9 } as const,
        says: "its partial capture",
      },
      { is: { state: "expired", expired: credits(10), resolvedAtMs: 9 } as const, says: "its expiration" },
    ])("a change of a hold writes $says and no immutable column", async ({ is }) => {
      const account = await opened();
      const [hold, other] = [holdRow(account, { metadata: '{"a":1}' }), holdRow(account)];
      await write(store(), [account], { holdsAdded: [hold, other] });
      const all: Hold = { ...hold, ...is, action: "other", metadata: null, placedBy: "user", createdAtMs: 1 };
      await write(store(), [account], { holdsChanged: [all] });
      expect(await here.database.history.hold(account, hold.id)).toEqual({ ...hold, ...is });
      expect(await here.database.history.hold(account, other.id)).toEqual(other);
    });

    test("changes of many rows write each row's own values", async () => {
      const accounts = await Promise.all(Array.from({ length: 20 }, () => opened()));
      const grants = accounts.map((account) => grantRow(account));
      const holds = accounts.map((account) => holdRow(account));
      await write(store(), accounts, { grantsAdded: grants, holdsAdded: holds });
      await write(store(), accounts, {
        accountsChanged: accounts.map((account, n) => accountRow(account, { balance: credits(n), sequence: n })),
        grantsChanged: grants.map((grant, n) => ({ ...grant, remaining: credits(n + 1) })).toReversed(),
        holdsChanged: holds.map((hold, n) => ({ ...hold, expiresAtMs: n + 1 })),
      });
      for (const [n, account] of accounts.entries()) {
        const { accounts: shown } = await look(store(), account, { holds: [(holds[n] as Hold).id] });
        expect(shown.get(account)).toMatchObject({
          account: { balance: n, sequence: n },
          grants: [{ remaining: n + 1 }],
          holds: [{ expiresAtMs: n + 1 }],
        });
      }
    });
  });

  describe("a change of a missing row", () => {
    const missing: { says: string; writeSet: (account: AccountId, other: AccountId) => Partial<WriteSet> }[] = [
      { says: "an account", writeSet: () => ({ accountsChanged: [accountRow(newAccount())] }) },
      { says: "a grant", writeSet: (account) => ({ grantsChanged: [grantRow(account)] }) },
      { says: "a hold", writeSet: (account) => ({ holdsChanged: [holdRow(account, released)] }) },
      {
        says: "a grant under another account",
        writeSet: (account, other) => ({ grantsChanged: [grantRow(other, { id: grantId(`grant-of-${account}`) })] }),
      },
      {
        says: "a hold under another account",
        writeSet: (account, other) => ({ holdsChanged: [holdRow(other, { id: holdId(`hold-of-${account}`) })] }),
      },
    ];

    test.each(missing)("a change of $says that does not exist rolls back the whole commit", async ({ writeSet }) => {
      const account = await opened((id) => ({
        grantsAdded: [grantRow(id, { id: grantId(`grant-of-${id}`) })],
        holdsAdded: [holdRow(id, { id: holdId(`hold-of-${id}`) })],
      }));
      const other = await opened();
      const { accountsChanged = [], ...rest } = writeSet(account, other);
      const right = accountRow(account, { balance: credits(95), sequence: 1 });
      const writing = write(store(), [account, other], {
        ...rest,
        accountsChanged: [right, ...accountsChanged],
        holdsAdded: [holdRow(account)],
        entries: [entryRow(account)],
      });
      const failure = await writing.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(OutcomeUnknown);
      expect(failure).not.toBeInstanceOf(DatabaseUnavailable);
      expect(await accountOn(store(), account)).toEqual(accountRow(account));
      expect(await journalOf(here.rows, account)).toEqual([]);
      expect(await here.rows.find("holds", { account_id: account })).toHaveLength(1);
      // The connection is still usable.
      expect(await perform(store(), granting(newAccount(), 1))).toMatchObject({ ok: true });
    });

    test("a change of a grant that was deleted outside the ledger rolls back the whole commit", async () => {
      const account = newAccount();
      const give = granting(account, 100);
      await perform(store(), give);
      const { accounts } = await look(store(), account);
      const state = accounts.get(account);
      if (!state) throw new Error("the account is missing");
      await here.rows.remove("grants", { id: give.grantId });
      const spent = { ...state.account, balance: credits(95), sequence: 2 };
      const writing = write(store(), [account], {
        accountsChanged: [spent],
        grantsChanged: state.grants.map((grant) => ({ ...grant, remaining: credits(95) })),
        entries: [entryRow(account, { sequence: 2 })],
      });
      const failure = await writing.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(OutcomeUnknown);
      expect(await accountOn(store(), account)).toEqual(state.account);
      expect(await journalOf(here.rows, account)).toHaveLength(1);
    });
  });
}
