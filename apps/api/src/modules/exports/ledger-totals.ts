import type { Database, SpendCounts } from "@jifen/database";
import { QUARTER_MS, quarterOf } from "@jifen/database";
import { isCharge } from "@jifen/ledger";
import { isoTime } from "../../values/iso-time.ts";
import { countsOf, readSpend } from "../logs/read-spend.ts";
import type { LedgerRange } from "./export-job.ts";

/** What the ledger has of a range. */
export type LedgerTotals = {
  readonly charges: number;
  readonly charged: number;
  readonly refunded: number;
  readonly net: number;
  /** What was charged and refunded before this time is counted. */
  readonly asOf: string;
};

/** The stores that have it. */
type Stores = Pick<Database, "history" | "spend">;

const nothing: SpendCounts = { charges: 0, charged: 0, refunds: 0, refunded: 0 };

const add = (one: SpendCounts, other: SpendCounts): SpendCounts => ({
  charges: one.charges + other.charges,
  charged: one.charged + other.charged,
  refunds: one.refunds + other.refunds,
  refunded: one.refunded + other.refunded,
});

const sum = (all: readonly SpendCounts[]): SpendCounts => all.reduce(add, nothing);

/**
 * The charges and refunds in a range, from the journal alone: of an account exactly, as of now; of all accounts as of
 * `asOf`. Undefined for all accounts and a range that does not begin and end at a quarter of an hour, of which there are
 * no sums.
 */
export async function readLedgerTotals(stores: Stores, range: LedgerRange): Promise<LedgerTotals | undefined> {
  const { accountId, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = range;
  const nowMs = Date.now();
  // A minute later than all clocks are.
  const endMs = Math.min(toMs, Math.ceil((nowMs + 60_000) / QUARTER_MS) * QUARTER_MS);
  const [fromQuarter, toQuarter] = [Math.ceil(fromMs / QUARTER_MS), quarterOf(endMs)];
  const isWhole = fromQuarter * QUARTER_MS === fromMs && toQuarter * QUARTER_MS === endMs;
  if (accountId === undefined && !isWhole) return undefined;
  // Before the sums: what is fed meanwhile is in them, and what is not is later than this.
  const unfedMs = accountId === undefined ? await stores.spend.firstUnfedMs() : undefined;
  const parts =
    fromQuarter < toQuarter
      ? [
          await readQuarters(stores, { accountId, fromQuarter, toQuarter }),
          await readEdge(stores, { accountId, fromMs, toMs: fromQuarter * QUARTER_MS }),
          await readEdge(stores, { accountId, fromMs: toQuarter * QUARTER_MS, toMs: endMs }),
        ]
      : [await readEdge(stores, { accountId, fromMs, toMs: endMs })];
  const { charges, charged, refunded } = sum(parts);
  return { charges, charged, refunded, net: charged - refunded, asOf: isoTime(Math.min(unfedMs ?? nowMs, nowMs)) };
}

type Quarters = Pick<LedgerRange, "accountId"> & { readonly fromQuarter: number; readonly toQuarter: number };

async function readQuarters(stores: Stores, { accountId, fromQuarter, toQuarter }: Quarters): Promise<SpendCounts> {
  const read = await readSpend(stores, {
    ...{ accountId, fromQuarter, toQuarter, byAction: false, unitSeconds: 86_400 },
    offsets: [{ untilQuarter: toQuarter, offsetSeconds: 0 }],
  });
  const unfed = read.unfed.filter(({ createdAtMs }) => {
    const quarter = quarterOf(createdAtMs);
    return quarter >= fromQuarter && quarter < toQuarter;
  });
  return sum([...read.sums, ...unfed.map(countsOf)]);
}

const ENTRIES = 500;

/** The sums of a range within a quarter of an hour, from the entries themselves. */
async function readEdge({ history }: Stores, { accountId, fromMs = 0, toMs = 0 }: LedgerRange): Promise<SpendCounts> {
  let total = nothing;
  if (accountId === undefined || fromMs >= toMs) return total;
  for (let after: number | undefined; ; ) {
    const entries = await history.entriesOldest(accountId, { fromMs, toMs }, { limit: ENTRIES, after });
    const counted = entries.filter((entry) => entry.kind === "refund" || isCharge(entry));
    total = sum([total, ...counted.map(({ kind, amount }) => countsOf({ isRefund: kind === "refund", amount }))]);
    after = entries.at(-1)?.sequence;
    if (entries.length < ENTRIES) return total;
  }
}
