import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { quarterOf } from "@jifen/database";
import { implement } from "../../trpc/procedure.ts";
import { completeUntil } from "../../values/complete-until.ts";
import { invalidField } from "../../values/invalid-field.ts";
import { localUnitOf } from "../../values/time-zones/local-units.ts";
import type { StatsRange } from "../logs/stats-range.ts";
import type { Deps } from "./deps.ts";
import { type SeriesSum, SeriesTable } from "./series-table.ts";
import { readSeriesRange, toQuery } from "./stats-query.ts";

type Database = Deps["database"];

/** How a measure is read, which groups it has, and up to when its sums are complete; undefined when they are. */
type Measure = {
  readonly group: "action" | "source" | "none";
  readonly missingMs: (database: Database) => Promise<number | undefined>;
  /** @param top how many groups have a name; undefined without groups */
  readonly read: (database: Database, range: StatsRange, top: number | undefined) => Promise<readonly SeriesSum[]>;
};

/** The actions with most have sums of their own, all others one together: there can be as many actions as calls. */
const namedActions = <Count extends string>(most: Count, top: number | undefined) =>
  top === undefined ? undefined : { most, limit: top };

const ofLogs = (
  most: "calls" | "failures" | "timed",
  toSum: (sums: {
    calls: number;
    failures: number;
    timed: number;
    classes: readonly (number | null)[];
  }) => Pick<SeriesSum, "value" | "classes">,
): Measure => ({
  group: "action",
  // Sums of logs are written in the transaction of the logs.
  missingMs: async () => undefined,
  read: async ({ logs }, range, top) =>
    (await logs.sums({ ...toQuery(range, top !== undefined), named: namedActions(most, top) })).map((sums) => ({
      ...{ unit: sums.unit, group: sums.action },
      ...toSum(sums),
    })),
});

const measures: Readonly<Record<"spent" | "granted" | "calls" | "failures" | "activeAccounts" | "p95Ms", Measure>> = {
  spent: {
    group: "action",
    missingMs: ({ spend }) => spend.firstUnfedMs(),
    read: async ({ spend }, range, top) => {
      const query = { ...toQuery(range, top !== undefined), named: namedActions("charged" as const, top) };
      const { sums } = await spend.sums(query);
      return sums.map(({ unit, action, charged }) => ({ unit, group: action, value: charged }));
    },
  },
  granted: {
    group: "source",
    missingMs: ({ allAccounts }) => allAccounts.firstMissingMs(),
    read: async ({ allAccounts }, range, top) => {
      const sums = await allAccounts.credits(toQuery(range, false));
      return sums
        .filter(({ kind }) => kind === "grant")
        .map(({ unit, source, amount }) => ({ unit, group: top === undefined ? null : source, value: amount }));
    },
  },
  calls: ofLogs("calls", ({ calls }) => ({ value: calls })),
  failures: ofLogs("failures", ({ failures }) => ({ value: failures })),
  p95Ms: ofLogs("timed", ({ timed, classes }) => ({ value: timed, classes })),
  activeAccounts: {
    group: "none",
    missingMs: ({ spend }) => spend.firstUnfedMs(),
    read: async ({ allAccounts }, { local }) => {
      const counts = await allAccounts.activeAccounts(
        local.spans.map(({ fromMs, toMs }) => ({ fromQuarter: quarterOf(fromMs), toQuarter: quarterOf(toMs) })),
      );
      const unitOf = (fromMs: number) => localUnitOf(quarterOf(fromMs), local.offsets, local.groupedBy);
      return local.spans.map(({ fromMs }, at) => ({ unit: unitOf(fromMs), group: null, value: counts[at] ?? 0 }));
    },
  },
};

/** One number of all users by hour, day or month, in groups if asked for. */
export const series = (deps: Deps) =>
  implement(operations.stats.series, async ({ input }) => {
    const { measure, by, group, top, ...bounds } = input;
    const { group: possible, missingMs: findMissing, read } = measures[measure];
    if (group !== "none" && group !== possible) return invalidField("group", groupRule(possible));
    const range = readSeriesRange(bounds, by, deps.timeZone);
    if (!range.ok) return range;
    const readAtMs = deps.nowMs();
    // Before the sums: what is fed meanwhile is in them, and what is not is later than this.
    const missingMs = await findMissing(deps.database);
    const isGrouped = group !== "none";
    const table = new SeriesTable(range.value, { isGrouped, nothing: measure === "p95Ms" ? null : 0 });
    for (const sum of await read(deps.database, range.value, isGrouped ? top : undefined)) table.add(sum);
    return ok({ ...table.toOutput(top), completeUntil: completeUntil(readAtMs, missingMs) });
  });

const groupRule = (possible: Measure["group"]) => {
  const allowed = possible === "none" ? "none" : `none, ${possible}`;
  return { zh: `该 measure 只支持：${allowed}`, en: `this measure has only: ${allowed}` };
};
