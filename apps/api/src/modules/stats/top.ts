import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import type { LogSumsQuery, SpendQuery } from "@jifen/database";
import { implement } from "../../trpc/procedure.ts";
import { completeUntil } from "../../values/complete-until.ts";
import { findTopUsers, queryOf } from "../logs/read-top-users.ts";
import type { StatsRange } from "../logs/stats-range.ts";
import { StatsSums } from "../logs/stats-sums.ts";
import type { Deps } from "./deps.ts";
import { readWholeRange, toQuery } from "./stats-query.ts";

type Measure = "spent" | "calls" | "failures";

/** The users or actions with most credits, calls or failures in a range. */
export const top = (deps: Deps) =>
  implement(operations.stats.top, async ({ input }) => {
    const { of, measure, limit, ...bounds } = input;
    const range = readWholeRange(bounds, deps.timeZone);
    if (!range.ok) return range;
    const readAtMs = deps.nowMs();
    const missingMs = await deps.database.spend.firstUnfedMs();
    const found = await (of === "user" ? topUsers : topActions)(deps, range.value, { measure, limit });
    const items = found
      .map(({ id, sums }) => ({ id, ...toItem(sums) }))
      .filter((item) => item[measure] > 0)
      .slice(0, limit);
    return ok({ items, completeUntil: completeUntil(readAtMs, missingMs) });
  });

function toItem(sums: StatsSums) {
  const { charged, refunded, calls, failures } = sums.toOutput();
  return { spent: charged, refunded, calls, failures };
}

type Top = { readonly measure: Measure; readonly limit: number };
type Found = { readonly id: string; readonly sums: StatsSums };

async function topUsers(deps: Deps, range: StatsRange, { measure, limit }: Top): Promise<readonly Found[]> {
  const by = measure === "spent" ? "charged" : measure;
  const users = await findTopUsers(deps, { ...queryOf(range, undefined), by, limit });
  return users.map(({ userId, sums }) => ({ id: userId, sums }));
}

/** Reads the sums of the actions that are in the answer alone: there can be as many actions as calls. */
async function topActions({ database: { logs, spend } }: Deps, range: StatsRange, { measure, limit }: Top) {
  const query = toQuery(range, true);
  const sums = new Map<string, StatsSums>();
  const add = <Sum extends { readonly action: string | null }>(
    found: readonly Sum[],
    addTo: (of: StatsSums, sum: Sum) => void,
  ) => {
    for (const sum of found) {
      if (sum.action === null) continue;
      const of = sums.get(sum.action) ?? new StatsSums();
      sums.set(sum.action, of);
      addTo(of, sum);
    }
  };
  const addLogs = async (named: LogSumsQuery["named"]) =>
    add(await logs.sums({ ...query, named }), (of, sum) => of.addLogs(sum));
  const addSpend = async (named: SpendQuery["named"]) =>
    add((await spend.sums({ ...query, named })).sums, (of, sum) => of.addSpend(sum));
  if (measure === "spent") {
    await addSpend({ most: "charged", limit });
    await addLogs([...sums.keys()]);
  } else {
    await addLogs({ most: measure, limit });
    await addSpend([...sums.keys()]);
  }
  return [...sums]
    .map(([id, each]) => ({ id, sums: each, rank: toItem(each)[measure] }))
    .toSorted((one, other) => other.rank - one.rank || (one.id < other.id ? -1 : 1));
}
