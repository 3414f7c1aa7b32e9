import { type AccountId, grantId, type HoldId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { done, granting, holding, newAccount, perform, write } from "./commands.ts";
import { entryRow } from "./rows.ts";
import { logIdAt, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** How many entries a search looks at; those of MongoDB have an index. */
const maxEntries: Readonly<Record<DatabaseKind, number | undefined>> = {
  ...{ mysql: 10_000, postgresql: 10_000, sqlite: 2_000, mongodb: undefined },
};

const ENTRIES_IN_COMMIT = 1_000;

const idAt = (prefix: string, timeMs: number): string => logIdAt(timeMs).replace("log", prefix);
const holdAt = (timeMs: number): HoldId => holdId(idAt("hold", timeMs));

/** Searches for holds and grants by their ids alone, on every database. */
export function describeReferences(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const find = (id: Parameters<typeof here.database.history.accountOfReference>[0]) =>
    here.database.history.accountOfReference(id);

  /** Writes an entry of this time, which can differ from that of the hold. */
  const writeEntry = (accountId: AccountId, timeMs: number, referenceId: HoldId | null) =>
    write(here.database.ledger, [], { entries: [entryAt(accountId, timeMs, { referenceId })] });

  describe("the account of a hold or grant", () => {
    test("the account of a hold and of a grant is found by the id alone", async () => {
      const nowMs = Date.now();
      const [ann, bob] = [newAccount(), newAccount()];
      for (const account of [ann, bob]) {
        const granted = { ...granting(account, 100), grantId: grantId(idAt("grant", nowMs)) };
        done(await perform(here.database.ledger, { ...granted, transactionId: transactionId(idAt("txn", nowMs)) }));
        const hold = { ...holding(account, 5), holdId: holdAt(nowMs) };
        done(await perform(here.database.ledger, { ...hold, transactionId: transactionId(idAt("txn", nowMs)) }));
        expect([await find(granted.grantId), await find(hold.holdId)]).toEqual([account, account]);
      }
    });

    test("an id that no entry refers to is not found, nor one that differs by a letter's case or a space", async () => {
      const timeMs = Date.UTC(2001, 0);
      const [hold, other] = [holdAt(timeMs), holdAt(timeMs)];
      await writeEntry(newAccount(), timeMs, hold);
      await writeEntry(newAccount(), timeMs, null);
      expect(await find(hold)).toBeDefined();
      expect(await find(other)).toBeUndefined();
      expect(await find(holdId(hold.toUpperCase().replace("HOLD", "hold")))).toBeUndefined();
      expect(await find(holdId(`${hold} `))).toBeUndefined();
    });

    test.each([
      { says: "99 ms before the hold", afterMs: -99, isFound: true },
      { says: "in the millisecond of the hold", afterMs: 0, isFound: true },
      { says: "59.999 s after the hold", afterMs: 59_999, isFound: true },
      {
        says: "60 s after the hold, where no index begins with the hold,",
        afterMs: 60_000,
        isFound: kind === "mongodb",
      },
    ])("a hold whose entry has its id $says is found: $isFound", async ({ afterMs, isFound }) => {
      const timeMs = Date.UTC(2002, 0) + afterMs * 1_000;
      const [account, hold] = [newAccount(), holdAt(timeMs)];
      await writeEntry(account, timeMs + afterMs, hold);
      expect(await find(hold)).toEqual(isFound ? account : undefined);
    });

    test("a search looks at no more entries than its limit", async () => {
      const limit = maxEntries[kind];
      const timeMs = Date.UTC(2003, 0);
      const [account, newest, last, beyond] = [newAccount(), newAccount(), holdAt(timeMs), holdAt(timeMs)];
      const others = times((limit ?? ENTRIES_IN_COMMIT) - 1, (n) =>
        entryAt(account, timeMs, { sequence: n + 1, referenceId: holdAt(timeMs) }),
      );
      for (let from = 0; from < others.length; from += ENTRIES_IN_COMMIT) {
        await write(here.database.ledger, [], { entries: others.slice(from, from + ENTRIES_IN_COMMIT) });
      }
      await writeEntry(newest, timeMs + 1, last);
      await writeEntry(newAccount(), timeMs + 2, beyond);
      expect(await find(last)).toBe(newest);
      expect((await find(beyond)) === undefined).toBe(limit !== undefined);
    });
  });
}

/** An entry of a time. */
const entryAt = (accountId: AccountId, timeMs: number, is: Partial<Entry>): Entry => {
  const id = transactionId(idAt("txn", timeMs));
  return entryRow(accountId, { id, idempotencyKey: idempotencyKey.ofTransaction(id), ...is });
};
