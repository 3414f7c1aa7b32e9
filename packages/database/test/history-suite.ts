import { type AccountId, type GrantId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import type { Entry, Hold } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { Page, TransactionFilter } from "../src/index.ts";
import {
  capturing,
  consuming,
  done,
  extending,
  firstGrantOf,
  granting,
  holding,
  newAccount,
  perform,
  placed,
  refunding,
  write,
} from "./commands.ts";
import { describeGrantHistory } from "./grant-history-suite.ts";
import { describeReferences } from "./references-suite.ts";
import { useDatabase } from "./use-database.ts";

/** The history on every database. */
export function describeHistory(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const run = async (command: Parameters<typeof perform>[1]) => done(await perform(here.database.ledger, command));

  describe("the entries of an account", () => {
    const [account, other] = [newAccount(), newAccount()];
    const written: Entry[] = [];
    beforeAll(async () => {
      const [first] = firstGrantOf(account, 1_000).entries;
      if (!first) throw new Error("a grant wrote no entry");
      // Ten entries, one each second, of two kinds and three actions.
      for (let sequence = 1; sequence <= 10; sequence += 1) {
        const is = sequence % 2 === 0 ? ({ kind: "consume", action: `action-${sequence % 3}` } as const) : {};
        const id = transactionId(`txn-of-history-${sequence}`);
        const idempotency = idempotencyKey.ofCaller(`${sequence}`);
        const times = { sequence, createdAtMs: sequence * 1_000 };
        written.push({ ...first, ...is, ...times, id, idempotencyKey: idempotency });
      }
      await write(here.database.ledger, [account], { entries: written });
      await perform(here.database.ledger, granting(other, 5));
    });
    const list = async (filter: TransactionFilter = {}, page: Page<number> = { limit: 100 }) =>
      (await here.database.history.entries(account, filter, page)).map(({ sequence }) => sequence);

    test("entries returns the entries of the account only, newest first", async () => {
      const found = await here.database.history.entries(account, {}, { limit: 100 });
      expect(found).toEqual(written.toReversed());
    });

    test("entries returns pages that neither overlap nor leave an entry out", async () => {
      expect(await list({}, { limit: 4 })).toEqual([10, 9, 8, 7]);
      expect(await list({}, { limit: 4, before: 7 })).toEqual([6, 5, 4, 3]);
      expect(await list({}, { limit: 4, before: 3 })).toEqual([2, 1]);
      expect(await list({}, { limit: 4, before: 1 })).toEqual([]);
    });

    test("entriesOldest returns the entries of the account only, oldest first and without gaps between pages", async () => {
      const { history } = here.database;
      expect(await history.entriesOldest(account, {}, { limit: 100 })).toEqual(written);
      expect(await history.entriesOldest(account, {}, { limit: 4, after: 3 })).toEqual(written.slice(3, 7));
      const consumed = await history.entriesOldest(account, { kind: "consume", fromMs: 3_000 }, { limit: 100 });
      expect(consumed.map(({ sequence }) => sequence)).toEqual([4, 6, 8, 10]);
    });

    test.each([
      { filter: { kind: "consume" } as const, says: "kind", numbers: [10, 8, 6, 4, 2] },
      { filter: { kind: "refund" } as const, says: "a kind that does not occur", numbers: [] },
      { filter: { action: "action-1" }, says: "action", numbers: [10, 4] },
      { filter: { action: "Action-1" }, says: "action, which is case-sensitive", numbers: [] },
      { filter: { fromMs: 4_000 }, says: "start time", numbers: [10, 9, 8, 7, 6, 5, 4] },
      { filter: { toMs: 4_000 }, says: "end time", numbers: [3, 2, 1] },
      { filter: { fromMs: 4_000, toMs: 6_001 }, says: "start and end time", numbers: [6, 5, 4] },
      { filter: { fromMs: 4_000, toMs: 4_000 }, says: "an empty time range", numbers: [] },
      {
        filter: { kind: "grant", fromMs: 2_000, toMs: 8_000 } as const,
        says: "kind and time together",
        numbers: [7, 5, 3],
      },
    ])("entries filters by $says", async ({ filter, numbers }) => {
      expect(await list(filter)).toEqual(numbers);
      expect(await list(filter, { limit: 2, before: 9 })).toEqual(numbers.filter((number) => number < 9).slice(0, 2));
    });

    test("entries returns nothing for an unknown account", async () => {
      expect(await here.database.history.entries(newAccount(), {}, { limit: 10 })).toEqual([]);
    });

    test("entry finds an entry by its id, compared byte by byte", async () => {
      expect(await here.database.history.entry(transactionId("txn-of-history-4"))).toEqual(written[3]);
      expect(await here.database.history.entry(transactionId("TXN-of-history-4"))).toBeUndefined();
      expect(await here.database.history.entry(transactionId("txn-of-history-4 "))).toBeUndefined();
    });

    test("entry finds an entry of an account by its id, and none of another account", async () => {
      const id = transactionId("txn-of-history-4");
      expect(await here.database.history.entry(id, account)).toEqual(written[3]);
      expect(await here.database.history.entry(id, newAccount())).toBeUndefined();
    });

    test("entryByKey finds the entry of a key of an account, and none of another account or key", async () => {
      const { history } = here.database;
      expect(await history.entryByKey(account, idempotencyKey.ofCaller("4"))).toEqual(written[3]);
      expect(await history.entryByKey(account, idempotencyKey.ofCaller("44"))).toBeUndefined();
      expect(await history.entryByKey(newAccount(), idempotencyKey.ofCaller("4"))).toBeUndefined();
    });

    test("entriesByKeyPrefix finds the entries of an account whose keys begin alike", async () => {
      const { history } = here.database;
      const own = await history.entriesByKeyPrefix(account, idempotencyKey.ofCaller("4"));
      expect(own).toEqual(written.filter((entry) => entry.idempotencyKey.startsWith(idempotencyKey.ofCaller("4"))));
      expect(own.length).toBeGreaterThan(0);
      expect(await history.entriesByKeyPrefix(account, idempotencyKey.ofCaller("%"))).toEqual([]);
      expect(await history.entriesByKeyPrefix(newAccount(), idempotencyKey.ofCaller("4"))).toEqual([]);
    });
  });

  describe("the entries that refer to one hold, charge or grant", () => {
    let hold: Hold;
    let grant: GrantId;
    const [account, other] = [newAccount(), newAccount()];
    beforeAll(async () => {
      const give = granting(account, 100);
      grant = give.grantId;
      await run(give);
      hold = await placed(here.database.ledger, { ...holding(account, 60), metadata: '{"a": "积分"}' });
      await run(extending(account, hold.id, 9_000));
      const { entry } = await run(capturing(account, hold.id, 40));
      await run(refunding(account, entry.id, 15));
      await run(refunding(account, entry.id, 5));
    });
    const about = async (of: AccountId, id: Parameters<typeof here.database.history.about>[1], limit = 100) =>
      (await here.database.history.about(of, id, limit)).map(({ kind, amount }) => [kind, amount]);

    test("about returns the entries of a hold, oldest first", async () => {
      const whole = [
        ["hold", 60],
        ["extend", 0],
        ["release", 20],
        ["capture", 40],
      ];
      expect(await about(account, hold.id)).toEqual(whole);
      expect(await about(account, hold.id, 3)).toEqual(whole.slice(0, 3));
    });

    test("about returns the refunds of a charge", async () => {
      const [capture] = await here.database.history.entries(account, { kind: "capture" }, { limit: 1 });
      expect(await about(account, capture?.id ?? hold.id)).toEqual([
        ["refund", 15],
        ["refund", 5],
      ]);
    });

    test("refunded sums the refunds of a charge of this account only", async () => {
      const [account, other] = [newAccount(), newAccount()];
      await run(granting(account, 50));
      const spent = await run(consuming(account, 30));
      const charge = spent.entry.id;
      expect(await here.database.history.refunded(account, charge)).toBe(0);
      for (const amount of [3, 4]) await run(refunding(account, charge, amount));
      expect(await here.database.history.refunded(account, charge)).toBe(7);
      expect(await here.database.history.refunded(other, charge)).toBe(0);
    });

    test("about returns the entry that created a grant", async () => {
      expect(await about(account, grant)).toEqual([["grant", 100]]);
    });

    test("about and hold return nothing for another account", async () => {
      expect(await about(other, hold.id)).toEqual([]);
      expect(await here.database.history.hold(other, hold.id)).toBeUndefined();
    });

    test("entriesById, referring and holdsById return what belongs to the accounts, and nothing of others", async () => {
      const { history } = here.database;
      const [capture] = await history.entries(account, { kind: "capture" }, { limit: 1 });
      const ids = [capture?.id ?? transactionId("none"), transactionId("txn-unknown")];
      const both = [account, other];
      expect(await history.entriesById(both, ids)).toEqual([capture]);
      expect(await history.entriesById([other], ids)).toEqual([]);
      const kindsOf = (entries: readonly Entry[]) => entries.map(({ kind, amount }) => [kind, amount]).toSorted();
      expect(kindsOf(await history.referring(both, ids, "refund"))).toEqual([
        ["refund", 15],
        ["refund", 5],
      ]);
      expect(kindsOf(await history.referring(both, [hold.id], "capture"))).toEqual([["capture", 40]]);
      expect(await history.referring([other], ids, "refund")).toEqual([]);
      expect(await history.holdsById(both, [hold.id])).toEqual([await history.hold(account, hold.id)]);
      expect(await history.holdsById([other], [hold.id])).toEqual([]);
    });

    test("hold returns the present state of a hold", async () => {
      expect(await here.database.history.hold(account, hold.id)).toEqual({
        ...hold,
        state: "captured",
        captured: 40,
        released: 20,
        expiresAtMs: expect.any(Number),
        resolvedAtMs: expect.any(Number),
      });
      expect(await here.database.history.hold(account, holdId(`${hold.id} `))).toBeUndefined();
    });
  });

  describe("rows of versions that stored neither owners nor authors", () => {
    const account = newAccount();

    test("an entry without an author is read, and a retry of its request finds it", async () => {
      await run(granting(account, 50));
      const command = consuming(account, 5, "old");
      const written = await run(command);
      const old = {
        account_id: account,
        sequence: 99,
        id: "txn-old",
        idempotency_key: "caller:older",
        kind: "consume",
      };
      const amounts = { amount: 5, balance_after: 45, held_after: 0, lapsed: 0, created_at_ms: 1 };
      await here.rows.insert("transactions", {
        ...{ ...old, ...amounts, action: "video", debit: account, credit: "system:earned", shares: "[]" },
      });
      const found = await here.database.history.entry(transactionId("txn-old"));
      expect(found).toMatchObject({ actor: null, requestId: null, amount: 5 });
      expect(await here.database.history.entry(written.entry.id)).toEqual(written.entry);
      const retry = await run(consuming(account, 5, "older"));
      expect(retry).toMatchObject({ replayed: true, entry: { id: "txn-old", actor: null } });
    });

    test("a hold without an owner is read with its kind, and resolved", async () => {
      await run(granting(account, 50));
      const hold = await placed(here.database.ledger, holding(account, 10));
      expect(hold.placedBy).toBe("service:shop@example.com");
      const what = {
        placed_by: "service",
        action: "render",
        shares: JSON.stringify(hold.allocations),
        state: "pending",
      };
      const numbers = { amount: 10, captured: 0, released: 0, expired: 0, expires_at_ms: hold.expiresAtMs };
      await here.rows.remove("holds", { account_id: account, id: hold.id });
      await here.rows.insert("holds", { account_id: account, id: hold.id, ...what, ...numbers, created_at_ms: 1 });
      expect(await here.database.history.hold(account, hold.id)).toMatchObject({ placedBy: "service" });
      await run(capturing(account, hold.id, 4));
      expect(await here.database.history.hold(account, hold.id)).toMatchObject({ placedBy: "service", captured: 4 });
    });
  });

  describeGrantHistory(kind);
  describeReferences(kind);
}
