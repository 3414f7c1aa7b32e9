import { bilingual, type operations, type Refusal } from "@jifen/contract";
import { accountOf, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import { quarterOf } from "@jifen/database";
import type { z } from "zod";
import { completeUntil } from "../../values/complete-until.ts";
import { isoTime } from "../../values/iso-time.ts";
import { localUnitOf, unitSeconds } from "../../values/time-zones/local-units.ts";
import type { Deps } from "./deps.ts";
import { MAX_SUMS, tooManySums } from "./max-sums.ts";
import { countsOf, readSpend } from "./read-spend.ts";
import { readStatsRange, type StatsRange } from "./stats-range.ts";
import { StatsSums } from "./stats-sums.ts";

type Input = z.output<typeof operations.logs.stats.input>;
type Output = z.input<typeof operations.logs.stats.output>;

const MAX_ROWS = 10_000;

/** Sums of calls from the log and of credits from the journal. @param userId all users if undefined. Refuses: VALIDATION_FAILED */
export async function readStats(
  { database, nowMs, timeZone }: Pick<Deps, "database" | "nowMs" | "timeZone">,
  input: Input,
  userId: UserId | undefined,
): Promise<Outcome<Output, Refusal<"VALIDATION_FAILED">>> {
  const range = readStatsRange(input, timeZone);
  if (!range.ok) return range;
  const { fromMs, toMs, local } = range.value;
  const query = {
    ...{ fromQuarter: quarterOf(fromMs), toQuarter: quarterOf(toMs), action: input.action },
    ...{ byAction: input.by === "action", unitSeconds: unitSeconds[local.groupedBy], offsets: local.offsets },
    limit: MAX_SUMS + 1,
  };
  const account = userId === undefined ? undefined : accountOf(userId);
  const readAtMs = nowMs();
  const firstUnfedMs = account === undefined ? await database.spend.firstUnfedMs() : undefined;
  const [logs, spend] = await Promise.all([
    database.logs.sums({ ...query, userId }),
    readSpend(database, { ...query, accountId: account }),
  ]);
  if (logs.length > MAX_SUMS || spend.sums.length > MAX_SUMS) {
    return refuse({ code: "VALIDATION_FAILED", issues: [tooManySums("by")] });
  }
  const table = new StatsTable(range.value, query.byAction);
  for (const sum of logs) for (const sums of table.at(sum.unit, sum.action)) sums.addLogs(sum);
  for (const sum of spend.sums) for (const sums of table.at(sum.unit, sum.action)) sums.addSpend(sum);
  for (const entry of spend.unfed) {
    const { createdAtMs, action } = entry;
    if (createdAtMs < fromMs || createdAtMs >= toMs || (input.action ?? action) !== action) continue;
    const unit = localUnitOf(quarterOf(createdAtMs), local.offsets, local.groupedBy);
    for (const sums of table.at(unit, query.byAction ? action : null)) sums.addSpend(countsOf(entry));
  }
  const rows = table.rows();
  if (rows === undefined) return refuse({ code: "VALIDATION_FAILED", issues: [tooMany] });
  return ok({ spans: rows, totals: table.totals.toOutput(), asOf: completeUntil(readAtMs, firstUnfedMs) });
}

const tooMany = {
  path: "by",
  message: bilingual({
    zh: `结果超过 ${MAX_ROWS} 行：请缩小时间范围、指定 action，或使用更大的 groupBy`,
    en: `the result has more than ${MAX_ROWS} rows; narrow the range, name an action, or group by something longer`,
  }),
};

/** The sums of each span, and of each action. */
class StatsTable {
  readonly totals = new StatsSums();
  readonly #range: StatsRange;
  readonly #sums = new Map<string | null, Map<number, StatsSums>>();

  constructor(range: StatsRange, byAction: boolean) {
    this.#range = range;
    if (!byAction) this.#sums.set(null, new Map());
  }

  /** The sums to which one of a local unit is added. */
  at(unit: number, action: string | null): readonly StatsSums[] {
    const index = this.#range.local.indexOf(unit);
    if (index === undefined) return [];
    const ofAction = this.#sums.get(action) ?? new Map<number, StatsSums>();
    this.#sums.set(action, ofAction);
    const sums = ofAction.get(index) ?? new StatsSums();
    ofAction.set(index, sums);
    return [sums, this.totals];
  }

  /** Every span of every action; undefined when they are too many. */
  rows(): Output["spans"] | undefined {
    const { spans } = this.#range.local;
    const actions = [...this.#sums.keys()].toSorted();
    if (spans.length * Math.max(actions.length, 1) > MAX_ROWS) return undefined;
    const nothing = new StatsSums();
    return spans.flatMap(({ fromMs, toMs }, index) =>
      actions.map((action) => ({
        ...{ from: isoTime(fromMs), to: isoTime(toMs), action },
        ...(this.#sums.get(action)?.get(index) ?? nothing).toOutput(),
      })),
    );
  }
}
