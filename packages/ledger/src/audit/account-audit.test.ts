import { credits } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books as Database } from "../../test/books.ts";
import { ann, capture, done, extend, give, hold, refund, release, spend, take } from "../../test/commands.ts";
import type { Entry } from "../entry.ts";
import { type AccountRecords, auditAccount } from "./account-audit.ts";
import type { DifferenceKind } from "./difference.ts";

/** What a database has of ann, in rows that a test may spoil. */
type Rows = { -readonly [Field in "account" | "grants" | "holds"]: AccountRecords[Field] } & { entries: Entry[] };

/** A bit of everything: two grants, of which one expires, holds of every end, refunds. */
function rowsOfAnn(): Rows {
  const database = new Database();
  const run = (...commands: Parameters<Database["run"]>[0][]) => commands.map((each) => done(database.run(each)));
  const soon = give(40, { expiresAtMs: 50_000 });
  run(give(100), soon);
  const [spent] = run(spend(30));
  const [captured, freed, lost, kept] = [hold(20), hold(5), hold(7, { ttlSeconds: 10 }), hold(9, { ttlSeconds: 600 })];
  run(captured, freed, lost, kept, capture(captured.holdId, 12), extend(freed.holdId, 100), release(freed.holdId));
  if (!spent) throw new Error("nothing was spent");
  run(refund(spent.entry.id, 4), refund(spent.entry.id, 6), take(3));
  database.nowMs += 60_000;
  run(spend(1));
  const own = <Row extends { accountId: string }>(rows: Iterable<Row>) =>
    [...rows].filter((row) => row.accountId === ann);
  return {
    account: database.accounts.get(ann),
    grants: own(database.grants.values()),
    holds: own(database.holds.values()),
    entries: own(database.journal).toSorted((one, other) => one.sequence - other.sequence),
  };
}

/** The lines two at a time, as a store gives them: a chunk ends anywhere. */
const inChunks = (entries: readonly Entry[]): AsyncIterable<readonly Entry[]> => ({
  async *[Symbol.asyncIterator]() {
    for (let from = 0; from < entries.length; from += 2) yield entries.slice(from, from + 2);
  },
});

const audit = (rows: Rows) => auditAccount(ann, { ...rows, entries: inChunks(rows.entries) });

const kindsFound = async (rows: Rows) => [...new Set((await audit(rows)).differences.map(({ kind }) => kind))].sort();

/** Replaces the first row that `is`. */
const change = <Row>(rows: readonly Row[], is: (row: Row) => boolean, by: Partial<Row>): Row[] => {
  const at = rows.findIndex(is);
  if (at < 0) throw new Error("there is no such row");
  return rows.with(at, { ...(rows[at] as Row), ...by });
};

const changeLine = (rows: Rows, kind: Entry["kind"], by: Partial<Entry>) => {
  rows.entries = change(rows.entries, (line) => line.kind === kind, by);
};

describe("the audit of an account", () => {
  test("finds nothing in books that the ledger wrote, and counts their lines", async () => {
    const rows = rowsOfAnn();
    expect(rows.entries.length).toBeGreaterThan(15);
    expect(await audit(rows)).toEqual({ entries: rows.entries.length, differences: [] });
  });

  test("tells what was expected, what was found, and where", async () => {
    const rows = rowsOfAnn();
    const { balance } = rows.account ?? { balance: 0 };
    rows.account = rows.account && { ...rows.account, balance: credits(balance + 1) };
    const difference = {
      accountId: ann,
      kind: "BALANCE_DIFFERS",
      referenceId: null,
      expected: balance,
      found: balance + 1,
    };
    expect((await audit(rows)).differences).toEqual([difference]);
  });

  const account = (by: object) => (rows: Rows) => {
    rows.account = rows.account && { ...rows.account, ...by };
  };
  test.each<{ says: string; spoil: (rows: Rows) => void; finds: DifferenceKind[] }>([
    {
      says: "a missing account",
      spoil: (rows) => {
        rows.account = undefined;
      },
      finds: ["ACCOUNT_MISSING"],
    },
    { says: "what is held", spoil: account({ held: credits(1) }), finds: ["HELD_DIFFERS"] },
    { says: "the account's number", spoil: account({ sequence: 3 }), finds: ["SEQUENCE_DIFFERS"] },
    {
      says: "an account that the sweeper would never find",
      spoil: account({ nextExpiryMs: null }),
      finds: ["DUE_TOO_LATE"],
    },
    {
      says: "an account that the sweeper would find too late",
      spoil: account({ nextExpiryMs: 9e12 }),
      finds: ["DUE_TOO_LATE"],
    },
    {
      says: "a number that is there twice",
      spoil: (rows) => changeLine(rows, "revoke", { sequence: 2 }),
      finds: ["LINE_MISSING"],
    },
    {
      says: "a wrong balance after a line",
      spoil: (rows) => changeLine(rows, "consume", { balanceAfter: credits(1) }),
      finds: ["LINE_DOES_NOT_FOLLOW"],
    },
    {
      says: "a wrong amount held after a line",
      spoil: (rows) => changeLine(rows, "hold", { heldAfter: credits(1) }),
      finds: ["LINE_DOES_NOT_FOLLOW"],
    },
    {
      says: "a line booked the wrong way round",
      spoil: (rows) => changeLine(rows, "revoke", { debit: "system:issued", credit: ann }),
      finds: ["LINE_MISBOOKED"],
    },
    {
      says: "shares that do not make the amount",
      spoil: (rows) => changeLine(rows, "capture", { allocations: [] }),
      finds: ["SHARES_DIFFER"],
    },
    {
      says: "what is left of a grant",
      spoil: (rows) => {
        rows.grants = change(rows.grants, () => true, { remaining: credits(1) });
      },
      finds: ["GRANT_DIFFERS"],
    },
    {
      says: "a grant that nobody gave",
      spoil: (rows) => {
        rows.grants = [...rows.grants, ...change(rows.grants, () => true, { id: "grant-new" as never }).slice(0, 1)];
      },
      finds: ["GRANT_DIFFERS"],
    },
    {
      says: "a missing grant",
      spoil: (rows) => {
        rows.grants = rows.grants.slice(1);
      },
      finds: ["GRANT_DIFFERS"],
    },
    {
      says: "a hold that claims another end",
      spoil: (rows) => {
        rows.holds = change(rows.holds, ({ state }) => state === "captured", {
          captured: credits(20),
          released: credits(0),
        });
      },
      finds: ["HOLD_DIFFERS"],
    },
    {
      says: "a hold that claims to be pending",
      spoil: (rows) => {
        rows.holds = change(rows.holds, ({ state }) => state === "released", {
          state: "pending",
          released: credits(0),
        });
      },
      finds: ["DUE_TOO_LATE", "HOLD_DIFFERS"],
    },
    ...[{ amount: credits(900) }, { source: "purchase" as const }, { priority: 1 }].map((by) => ({
      says: `a grant whose ${Object.keys(by)} was changed`,
      spoil: (rows: Rows) => {
        rows.grants = change(rows.grants, () => true, by);
      },
      finds: ["GRANT_DIFFERS"] as DifferenceKind[],
    })),
    ...[{ allocations: [] }, { expiresAtMs: 1_000_000 }].map((by) => ({
      says: `a hold whose ${Object.keys(by)} was changed`,
      spoil: (rows: Rows) => {
        rows.holds = change(rows.holds, ({ state }) => state === "pending", by);
      },
      finds: ["HOLD_DIFFERS"] as DifferenceKind[],
    })),
    {
      says: "a missing hold",
      spoil: (rows) => {
        rows.holds = rows.holds.slice(1);
      },
      finds: ["HOLD_DIFFERS"],
    },
  ])("finds $says", async ({ spoil, finds }) => {
    const rows = rowsOfAnn();
    spoil(rows);
    expect(await kindsFound(rows)).toEqual(finds);
  });

  test("finds a line that is gone", async () => {
    const rows = rowsOfAnn();
    rows.entries = rows.entries.filter((line) => line.kind !== "revoke");
    expect(await kindsFound(rows)).toEqual(expect.arrayContaining(["LINE_MISSING", "LINE_DOES_NOT_FOLLOW"]));
  });

  test("finds a double charge that was booked in good order", async () => {
    const rows = rowsOfAnn();
    const twice = rows.entries.find((line) => line.kind === "capture");
    if (!twice || !rows.account) throw new Error("nothing was captured");
    const last = rows.entries.length + 1;
    const again = { ...twice, id: "txn-again" as never, sequence: last, balanceAfter: rows.account.balance };
    rows.entries.push({ ...again, heldAfter: credits(rows.account.held - twice.amount < 0 ? 0 : rows.account.held) });
    expect(await kindsFound(rows)).toContain("HOLD_RESOLVED_TWICE");
  });

  test("finds refunds over the charge, and refunds of nothing", async () => {
    for (const by of [{ amount: credits(31) }, { referenceId: "txn-nobody" as never }]) {
      const rows = rowsOfAnn();
      changeLine(rows, "refund", by);
      expect(await kindsFound(rows)).toContain("REFUND_EXCEEDS_CHARGE");
    }
  });

  test("finds that credits were spent after they had expired, and more than there were", async () => {
    const late = rowsOfAnn();
    changeLine(late, "consume", { createdAtMs: 50_000 });
    expect(await kindsFound(late)).toEqual(["GRANT_USED_AFTER_EXPIRY"]);
    const over = rowsOfAnn();
    const grantId = over.grants[0]?.id as never;
    changeLine(over, "consume", { amount: credits(900), allocations: [{ grantId, amount: credits(900) }] });
    expect(await kindsFound(over)).toEqual(expect.arrayContaining(["GRANT_OVERDRAWN", "BELOW_ZERO"]));
  });
});
