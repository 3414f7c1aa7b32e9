import type { Refusal } from "@jifen/contract";
import { type AccountId, type Outcome, ok, refuse } from "@jifen/core";
import { type Database, quarterOf } from "@jifen/database";
import { localUnitOf } from "../../values/time-zones/local-units.ts";
import { MAX_SUMS, tooManySums } from "../logs/max-sums.ts";
import { countsOf, readSpend } from "../logs/read-spend.ts";
import type { StatsRange } from "../logs/stats-range.ts";
import type { SeriesSum } from "./series-table.ts";
import { toQuery } from "./stats-query.ts";

type Request = {
  readonly range: StatsRange;
  readonly byAction: boolean;
  /** `charged`: before refunds. */
  readonly of: "charged" | "refunded";
  readonly accountId: AccountId;
};

/**
 * What an account was charged or refunded, by local hour or day, to the last entry of its journal. Refuses: VALIDATION_FAILED
 * when its actions have more sums than one request reads.
 */
export async function readSpendSeries(
  database: Pick<Database, "spend">,
  { range, byAction, of, accountId }: Request,
): Promise<Outcome<readonly SeriesSum[], Refusal<"VALIDATION_FAILED">>> {
  const { sums, unfed } = await readSpend(database, { ...toQuery(range, byAction), accountId, limit: MAX_SUMS + 1 });
  if (sums.length > MAX_SUMS) return refuse({ code: "VALIDATION_FAILED", issues: [tooManySums("group")] });
  const { offsets, groupedBy } = range.local;
  const fromJournal = unfed
    .filter(({ createdAtMs }) => createdAtMs >= range.fromMs && createdAtMs < range.toMs)
    .map((entry) => ({
      unit: localUnitOf(quarterOf(entry.createdAtMs), offsets, groupedBy),
      group: byAction ? entry.action : null,
      value: countsOf(entry)[of],
    }));
  return ok([...sums.map((sum) => ({ unit: sum.unit, group: sum.action, value: sum[of] })), ...fromJournal]);
}
