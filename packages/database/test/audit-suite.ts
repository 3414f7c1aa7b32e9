import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import {
  type AccountId,
  accountId,
  credits,
  grantId,
  InvariantError,
  idempotencyKey,
  transactionId,
} from "@jifen/core";
import type { AccountRecords, Entry } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type AuditRun, openDatabase } from "../src/index.ts";
import {
  accountOn,
  capturing,
  consuming,
  done,
  firstGrantOf,
  granting,
  holding,
  look,
  newAccount,
  perform,
  performTogether,
  placed,
  write,
} from "./commands.ts";
import { useDatabase } from "./use-database.ts";

async function allOf(entries: AccountRecords["entries"]): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const chunk of entries) all.push(...chunk);
  return all;
}

/** What an audit reads on every database. */
export function describeAudit(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const store = () => here.database.ledger;
  const audit = () => here.database.audit;

  describe("the ids of accounts", () => {
    const allIds = async (limit: number) => {
      const all: AccountId[] = [];
      for (let after: AccountId | undefined; ; after = all.at(-1)) {
        const page = await audit().accountIds(after, limit);
        all.push(...page);
        if (page.length < limit) return all;
      }
    };

    test("accountIds returns nothing for an empty database", async () => {
      expect(await audit().accountIds(undefined, 10)).toEqual([]);
      expect(await audit().countAccounts()).toBe(0);
    });

    test("accountIds returns ids of accounts and of orphaned rows, each once, in byte order", async () => {
      const known = ["user:b", "user:B", "user:b ", "user:é", "user:😀", "user:ｚ", "A"].map(accountId);
      await performTogether(
        store(),
        known.map((id) => granting(id, 10)),
      );
      await performTogether(
        store(),
        known.map((id) => consuming(id, 1)),
      );
      const orphan = { grant: accountId("user:b0"), hold: accountId("user:z"), entry: accountId("user:") };
      const [entry] = firstGrantOf(orphan.entry, 1).entries;
      const [grant] = firstGrantOf(orphan.grant, 1).grantsAdded;
      const hold = await placed(store(), holding(known[0] as AccountId, 1));
      await write(store(), [], {
        entries: entry ? [entry] : [],
        grantsAdded: grant ? [grant] : [],
        holdsAdded: [{ ...hold, accountId: orphan.hold }],
      });
      const expected = [...known, ...Object.values(orphan)].toSorted((one, other) =>
        Buffer.compare(Buffer.from(one), Buffer.from(other)),
      );
      for (const limit of [1, 2, 3, 100]) expect(await allIds(limit)).toEqual(expected);
      expect(await audit().countAccounts()).toBe(known.length);
    });
  });

  describe("the rows of one account", () => {
    test("readAccount returns the account, its grants, holds and entries, used up and expired ones included", async () => {
      const account = newAccount();
      await perform(store(), { ...granting(account, 10), priority: 1 });
      await perform(store(), granting(account, 50));
      const hold = await placed(store(), holding(account, 30));
      done(await perform(store(), capturing(account, hold.id, 20)));
      await perform(store(), granting(newAccount(), 1));
      const { history } = here.database;
      await audit().readAccount(account, async ({ account: row, grants, holds, entries }) => {
        expect(row).toEqual(await accountOn(store(), account));
        expect(grants.toSorted((one, other) => (one.id < other.id ? 1 : -1))).toEqual(
          await history.grants(account, { limit: 10 }),
        );
        expect(grants.map(({ remaining }) => remaining).toSorted((one, other) => one - other)).toEqual([0, 40]);
        expect(holds).toEqual([await history.hold(account, hold.id)]);
        expect((await allOf(entries)).toReversed()).toEqual(await history.entries(account, {}, { limit: 10 }));
      });
    });

    test("readAccount returns nothing for an unknown id", async () => {
      const shown = await audit().readAccount(newAccount(), async ({ entries, ...rest }) => ({
        ...rest,
        entries: await allOf(entries),
      }));
      expect(shown).toEqual({ account: undefined, grants: [], holds: [], entries: [] });
    });

    test("readAccount returns all entries in order, at most 1,000 at a time", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 10_000));
      const spend = () => consuming(account, 1);
      await performTogether(store(), Array.from({ length: 1_500 }, spend));
      await performTogether(store(), Array.from({ length: 499 }, spend));
      const sizes = await audit().readAccount(account, async ({ entries }) => {
        const chunks: (readonly Entry[])[] = [];
        for await (const chunk of entries) chunks.push(chunk);
        expect(chunks.flat().map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2_000 }, (_, n) => n + 1));
        expect(await allOf(entries), "read a second time, from the first on").toEqual(chunks.flat());
        return chunks.map(({ length }) => length);
      });
      expect(sizes).toEqual([1_000, 1_000]);
    });

    test("readAccount reads from one snapshot while concurrent writes are acknowledged", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 5_000));
      await performTogether(
        store(),
        Array.from({ length: 1_200 }, () => consuming(account, 1)),
      );
      await audit().readAccount(account, async ({ account: row, grants, entries }) => {
        const seen: Entry[] = [];
        for await (const chunk of entries) {
          seen.push(...chunk);
          // Written and acknowledged during the check.
          done(await perform(store(), consuming(account, 1)));
          done(await perform(store(), granting(account, 1)));
        }
        expect(row).toMatchObject({ balance: 3_800, sequence: 1_201 });
        expect(grants).toMatchObject([{ remaining: 3_800 }]);
        expect(seen).toHaveLength(1_201);
      });
      expect(await accountOn(store(), account)).toMatchObject({ balance: 3_800, sequence: 1_205 });
    });

    test("concurrent checks read from one snapshot each while concurrent writes continue", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 1_000));
      let checks = 0;
      const writing = async () => {
        for (let n = 0; checks < 40; n += 1) {
          done(await perform(store(), n % 7 === 0 ? granting(account, 13) : consuming(account, 2)));
          await setImmediate();
        }
      };
      const checking = async () => {
        for (; checks < 40; checks += 1) {
          await audit().readAccount(account, async ({ account: row, grants, entries }) => {
            const all = await allOf(entries);
            const last = all.at(-1);
            expect([row?.sequence, row?.balance]).toEqual([last?.sequence, last?.balanceAfter]);
            expect(all).toHaveLength(row?.sequence ?? 0);
            expect(grants.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(row?.balance);
          });
        }
      };
      await Promise.all([writing(), checking(), checking(), checking(), checking()]);
    });

    test("a check blocks no write, and the next check reads what was written", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 10));
      await audit().readAccount(account, async () => {
        expect(done(await perform(store(), consuming(account, 4))).entry.balanceAfter).toBe(6);
        const other = await openDatabase(here.secondUrl);
        expect(done(await perform(other.ledger, consuming(account, 1))).entry.balanceAfter).toBe(5);
        await other.close();
      });
      const { balance } = (await audit().readAccount(account, async (books) => books.account)) ?? {};
      expect(balance).toBe(5);
    });

    test("entries cannot be read after their check ended, and a failed check leaks no connection", async () => {
      const account = newAccount();
      await perform(store(), granting(account, 10));
      const kept = await audit().readAccount(account, async ({ entries }) => entries);
      await expect(allOf(kept)).rejects.toThrow(InvariantError);
      const thrown = new Error("a bug");
      for (let n = 0; n < 12; n += 1) {
        const failing = audit().readAccount(account, async () => {
          throw thrown;
        });
        await expect(failing).rejects.toBe(thrown);
      }
      expect(await audit().readAccount(account, async (books) => allOf(books.entries))).toHaveLength(1);
    });

    test("readAccount returns inconsistent rows as they are", async () => {
      const account = newAccount();
      const { entries: granted, grantsAdded } = firstGrantOf(account, 10);
      const [entry] = granted;
      if (!entry) throw new Error("a grant wrote no entry");
      const gap = { ...entry, id: transactionId(`txn-${randomUUID()}`), sequence: 7 };
      const entries = [entry, { ...gap, idempotencyKey: idempotencyKey.ofCaller("gap"), balanceAfter: credits(3) }];
      const unknown = grantId(`grant-${randomUUID()}`);
      await write(store(), [], {
        entries,
        grantsAdded: grantsAdded.map((grant) => ({ ...grant, id: unknown, remaining: credits(2) })),
      });
      await audit().readAccount(account, async (books) => {
        expect(books.account).toBeUndefined();
        expect(books.grants).toMatchObject([{ id: unknown, remaining: 2 }]);
        expect(await allOf(books.entries)).toEqual(entries);
      });
      expect((await look(store(), account)).accounts.size).toBe(0);
    });
  });

  describe("the results of audits", () => {
    const run = (id: string, finishedAtMs: number): AuditRun => ({
      id,
      startedAtMs: 1_700_000_000_000,
      finishedAtMs,
      accounts: 3,
      transactions: 1_000_000_000_000_000,
      differences: 0,
    });

    test("lastRun returns undefined before the first audit", async () => {
      expect(await audit().lastRun()).toBeUndefined();
    });

    test("lastRun returns the run that finished last", async () => {
      const [first, last] = [
        run("audit-1", 1_700_000_000_900),
        { ...run("audit-0", 1_700_000_001_000), differences: 2 },
      ];
      await audit().recordRun(first);
      expect(await audit().lastRun()).toEqual(first);
      await audit().recordRun(last);
      await audit().recordRun(run("audit-2", 1_700_000_000_800));
      expect(await audit().lastRun()).toEqual(last);
    });

    test("recordRun refuses an id that exists", async () => {
      await expect(audit().recordRun(run("audit-1", 1))).rejects.toThrow();
    });
  });
}
