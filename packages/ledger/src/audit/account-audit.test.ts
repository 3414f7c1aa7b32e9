import { credits } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  capture,
  consumeCredits,
  extend,
  grantCredits,
  hold,
  refund,
  release,
  revokeCredits,
  unwrap,
} from "../../test/commands.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import type { Entry } from "../entry.ts";
import { type AccountRecords, auditAccount } from "./account-audit.ts";
import type { DifferenceKind } from "./difference.ts";

/** The rows of an account, which a test can change. */
type Rows = { -readonly [Field in "account" | "grants" | "holds"]: AccountRecords[Field] } & { entries: Entry[] };

/** Rows with every kind of entry: two grants, one of them expired, holds in every state, refunds. */
function createRows(): Rows {
  const ledger = new InMemoryLedger();
  const run = (...commands: Parameters<InMemoryLedger["run"]>[0][]) => commands.map((each) => unwrap(ledger.run(each)));
  const expiring = grantCredits(40, { expiresAtMs: 50_000 });
  run(grantCredits(100), expiring);
  const [spent] = run(consumeCredits(30));
  const [captured, released, expired, pending] = [
    hold(20),
    hold(5),
    hold(7, { ttlSeconds: 10 }),
    hold(9, { ttlSeconds: 600 }),
  ];
  run(
    captured,
    released,
    expired,
    pending,
    capture(captured.holdId, 12),
    extend(released.holdId, 100),
    release(released.holdId),
  );
  if (!spent) throw new Error("nothing was spent");
  run(refund(spent.entry.id, 4), refund(spent.entry.id, 6), revokeCredits(3));
  ledger.nowMs += 60_000;
  run(consumeCredits(1));
  const own = <Row extends { accountId: string }>(rows: Iterable<Row>) =>
    [...rows].filter((row) => row.accountId === ann);
  return {
    account: ledger.accounts.get(ann),
    grants: own(ledger.grants.values()),
    holds: own(ledger.holds.values()),
    entries: own(ledger.journal).toSorted((one, other) => one.sequence - other.sequence),
  };
}

/** The entries in chunks of two. */
const inChunks = (entries: readonly Entry[]): AsyncIterable<readonly Entry[]> => ({
  async *[Symbol.asyncIterator]() {
    for (let from = 0; from < entries.length; from += 2) yield entries.slice(from, from + 2);
  },
});

const audit = (rows: Rows) => auditAccount(ann, { ...rows, entries: inChunks(rows.entries) });

const kindsFound = async (rows: Rows) => [...new Set((await audit(rows)).differences.map(({ kind }) => kind))].sort();

/** Changes the first row that matches. */
const change = <Row>(rows: readonly Row[], is: (row: Row) => boolean, by: Partial<Row>): Row[] => {
  const at = rows.findIndex(is);
  if (at < 0) throw new Error("no row matches");
  return rows.with(at, { ...(rows[at] as Row), ...by });
};

const changeEntry = (rows: Rows, kind: Entry["kind"], by: Partial<Entry>) => {
  rows.entries = change(rows.entries, (entry) => entry.kind === kind, by);
};

describe("the audit of an account", () => {
  test("the audit finds no difference in rows that the ledger wrote, and counts the entries", async () => {
    const rows = createRows();
    expect(rows.entries.length).toBeGreaterThan(15);
    expect(await audit(rows)).toEqual({ entries: rows.entries.length, differences: [] });
  });

  test("a difference has the expected value, the value found, and the account", async () => {
    const rows = createRows();
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
  test.each<{ says: string; corrupt: (rows: Rows) => void; finds: DifferenceKind[] }>([
    {
      says: "a missing account",
      corrupt: (rows) => {
        rows.account = undefined;
      },
      finds: ["ACCOUNT_MISSING"],
    },
    { says: "a wrong held amount", corrupt: account({ held: credits(1) }), finds: ["HELD_DIFFERS"] },
    { says: "a wrong sequence of the account", corrupt: account({ sequence: 3 }), finds: ["SEQUENCE_DIFFERS"] },
    {
      says: "an account without a next expiry that has expiring rows",
      corrupt: account({ nextExpiryMs: null }),
      finds: ["NEXT_EXPIRY_TOO_LATE"],
    },
    {
      says: "an account with a late next expiry",
      corrupt: account({ nextExpiryMs: 9e12 }),
      finds: ["NEXT_EXPIRY_TOO_LATE"],
    },
    {
      says: "a number that exists twice",
      corrupt: (rows) => changeEntry(rows, "revoke", { sequence: 2 }),
      finds: ["ENTRY_MISSING"],
    },
    {
      says: "a wrong balance after an entry",
      corrupt: (rows) => changeEntry(rows, "consume", { balanceAfter: credits(1) }),
      finds: ["ENTRY_DOES_NOT_FOLLOW"],
    },
    {
      says: "a wrong held amount after an entry",
      corrupt: (rows) => changeEntry(rows, "hold", { heldAfter: credits(1) }),
      finds: ["ENTRY_DOES_NOT_FOLLOW"],
    },
    {
      says: "an entry with debit and credit swapped",
      corrupt: (rows) => changeEntry(rows, "revoke", { debit: "system:issued", credit: ann }),
      finds: ["ENTRY_MISPOSTED"],
    },
    {
      says: "allocations that do not sum up to the amount",
      corrupt: (rows) => changeEntry(rows, "capture", { allocations: [] }),
      finds: ["ALLOCATIONS_DIFFER"],
    },
    {
      says: "a wrong rest of a grant",
      corrupt: (rows) => {
        rows.grants = change(rows.grants, () => true, { remaining: credits(1) });
      },
      finds: ["GRANT_DIFFERS"],
    },
    {
      says: "a grant without an entry",
      corrupt: (rows) => {
        rows.grants = [...rows.grants, ...change(rows.grants, () => true, { id: "grant-new" as never }).slice(0, 1)];
      },
      finds: ["GRANT_DIFFERS"],
    },
    {
      says: "a missing grant",
      corrupt: (rows) => {
        rows.grants = rows.grants.slice(1);
      },
      finds: ["GRANT_DIFFERS"],
    },
    {
      says: "a hold with another captured amount",
      corrupt: (rows) => {
        rows.holds = change(rows.holds, ({ state }) => state === "captured", {
          captured: credits(20),
          released: credits(0),
        });
      },
      finds: ["HOLD_DIFFERS"],
    },
    {
      says: "a resolved hold whose row is pending",
      corrupt: (rows) => {
        rows.holds = change(rows.holds, ({ state }) => state === "released", {
          state: "pending",
          released: credits(0),
        });
      },
      finds: ["HOLD_DIFFERS", "NEXT_EXPIRY_TOO_LATE"],
    },
    ...[{ amount: credits(900) }, { source: "purchase" as const }, { priority: 1 }].map((by) => ({
      says: `a grant whose ${Object.keys(by)} was changed`,
      corrupt: (rows: Rows) => {
        rows.grants = change(rows.grants, () => true, by);
      },
      finds: ["GRANT_DIFFERS"] as DifferenceKind[],
    })),
    ...[{ allocations: [] }, { expiresAtMs: 1_000_000 }].map((by) => ({
      says: `a hold whose ${Object.keys(by)} was changed`,
      corrupt: (rows: Rows) => {
        rows.holds = change(rows.holds, ({ state }) => state === "pending", by);
      },
      finds: ["HOLD_DIFFERS"] as DifferenceKind[],
    })),
    {
      says: "a missing hold",
      corrupt: (rows) => {
        rows.holds = rows.holds.slice(1);
      },
      finds: ["HOLD_DIFFERS"],
    },
  ])("the audit finds $says", async ({ corrupt, finds }) => {
    const rows = createRows();
    corrupt(rows);
    expect(await kindsFound(rows)).toEqual(finds);
  });

  test("the audit finds a deleted entry", async () => {
    const rows = createRows();
    rows.entries = rows.entries.filter((entry) => entry.kind !== "revoke");
    expect(await kindsFound(rows)).toEqual(expect.arrayContaining(["ENTRY_MISSING", "ENTRY_DOES_NOT_FOLLOW"]));
  });

  test("the audit finds a second capture of a hold with consistent balances", async () => {
    const rows = createRows();
    const twice = rows.entries.find((entry) => entry.kind === "capture");
    if (!twice || !rows.account) throw new Error("nothing was captured");
    const last = rows.entries.length + 1;
    const again = { ...twice, id: "txn-again" as never, sequence: last, balanceAfter: rows.account.balance };
    rows.entries.push({ ...again, heldAfter: credits(rows.account.held - twice.amount < 0 ? 0 : rows.account.held) });
    expect(await kindsFound(rows)).toContain("HOLD_RESOLVED_TWICE");
  });

  test("the audit finds refunds above the charge and refunds without a charge", async () => {
    for (const by of [{ amount: credits(31) }, { referenceId: "txn-missing" as never }]) {
      const rows = createRows();
      changeEntry(rows, "refund", by);
      expect(await kindsFound(rows)).toContain("REFUND_EXCEEDS_CHARGE");
    }
  });

  test("the audit finds spending after the expiry and overdrawn grants", async () => {
    const late = createRows();
    changeEntry(late, "consume", { createdAtMs: 50_000 });
    expect(await kindsFound(late)).toEqual(["GRANT_USED_AFTER_EXPIRY"]);
    const over = createRows();
    const grantId = over.grants[0]?.id as never;
    changeEntry(over, "consume", { amount: credits(900), allocations: [{ grantId, amount: credits(900) }] });
    expect(await kindsFound(over)).toEqual(expect.arrayContaining(["GRANT_OVERDRAWN", "BELOW_ZERO"]));
  });
});
