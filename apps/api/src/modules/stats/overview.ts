import { type operations as declared, operations, type Refusal } from "@jifen/contract";
import { type GrantSource, type Outcome, ok } from "@jifen/core";
import { quarterOf } from "@jifen/database";
import type { z } from "zod";
import { implement } from "../../trpc/procedure.ts";
import { completeUntil } from "../../values/complete-until.ts";
import { isoTime } from "../../values/iso-time.ts";
import type { StatsRange } from "../logs/stats-range.ts";
import type { Deps } from "./deps.ts";
import { type RangeInput, readWholeRange, toQuery } from "./stats-query.ts";

type Output = z.input<typeof declared.stats.overview.output>;
type Period = Output["previous"];

/** Sums credits, calls and users of a time and of the time before it, from stored sums, and what all accounts have now. */
export const overview = (deps: Deps) =>
  implement(operations.stats.overview, async ({ input }) => {
    const range = readWholeRange(input, deps.timeZone);
    if (!range.ok) return range;
    const before = readPrevious(input, range.value, deps.timeZone);
    if (!before.ok) return before;
    const readAtMs = deps.nowMs();
    // Before the sums: what is fed meanwhile is in them, and what is not is later than this.
    const missingMs = await deps.database.allAccounts.firstMissingMs();
    const [period, previous, { balance, held, openHolds }] = await Promise.all([
      readPeriod(deps, range.value),
      readPeriod(deps, before.value),
      deps.outstanding(),
    ]);
    return ok({
      ...period,
      previous,
      now: { outstanding: balance, held, openHolds },
      completeUntil: completeUntil(readAtMs, missingMs),
    });
  });

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The time before a range: as many days for dates, otherwise as many milliseconds. */
function readPrevious(
  { from, to, tz }: RangeInput,
  { fromMs, toMs }: StatsRange,
  timeZone: string,
): Outcome<StatsRange, Refusal<"VALIDATION_FAILED">> {
  if (!DATE.test(from) || !DATE.test(to)) {
    return readWholeRange({ from: isoTime(2 * fromMs - toMs), to: isoTime(fromMs), tz }, timeZone);
  }
  const before = new Date(2 * Date.parse(from) - Date.parse(to)).toISOString().slice(0, 10);
  return readWholeRange({ from: before, to: from, tz }, timeZone);
}

/** One period. It costs what the stored sums of its quarters of an hour cost, and an index entry for each active account. */
async function readPeriod({ database }: Deps, range: StatsRange): Promise<Period> {
  const { fromMs, toMs } = range;
  const query = toQuery(range, false);
  const [spend, logs, credits, [activeAccounts = 0], newUsers] = await Promise.all([
    database.spend.sums(query),
    database.logs.sums(query),
    database.allAccounts.credits(query),
    database.allAccounts.activeAccounts([{ fromQuarter: quarterOf(fromMs), toQuarter: quarterOf(toMs) }]),
    database.users.countCreated({ fromMs, toMs }),
  ]);
  const ofKind = (kind: string) => sum(credits.filter((each) => each.kind === kind).map(({ amount }) => amount));
  return {
    ...{ from: isoTime(fromMs), to: isoTime(toMs) },
    spent: sum(spend.sums.map(({ charged }) => charged)),
    refunded: sum(spend.sums.map(({ refunded }) => refunded)),
    granted: grantedBySource(credits.filter(({ kind }) => kind === "grant")),
    ...{ revoked: ofKind("revoke"), expired: ofKind("expire") },
    calls: sum(logs.map(({ calls }) => calls)),
    failures: sum(logs.map(({ failures }) => failures)),
    ...{ activeAccounts, newUsers },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function grantedBySource(grants: readonly { readonly source: string; readonly amount: number }[]): Period["granted"] {
  const sums = new Map<string, number>();
  for (const { source, amount } of grants) sums.set(source, (sums.get(source) ?? 0) + amount);
  return [...sums]
    .toSorted(([one, of], [other, than]) => than - of || (one < other ? -1 : 1))
    .map(([source, amount]) => ({ source: source as GrantSource, amount }));
}
