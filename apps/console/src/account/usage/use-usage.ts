import type { JifenOutputs } from "@jifen/client";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { jifen } from "../../jifen.ts";
import type { Spent } from "./bars.tsx";

/** Which days or months of which time zone, and whether each action has values of its own. */
export type UsageRange = {
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly tz: string;
  readonly by: "day" | "month";
  readonly group: "none" | "action";
};

/** What was spent by day or month: the eight largest actions have values of their own. */
export type Usage = JifenOutputs["credits"]["usage"];

/** Reads what the user spent, before refunds. */
export const useUsage = (range: UsageRange): UseQueryResult<Usage> =>
  useQuery({
    queryKey: ["credits.usage", range],
    queryFn: () => jifen.credits.usage.query(range),
  });

/** What was spent in each day or month on all groups together. */
export const spentOf = ({ points }: Usage): readonly Spent[] =>
  points.map(({ at, values }) => ({
    at,
    credits: Object.values(values).reduce<number>((sum, each) => sum + (each ?? 0), 0),
  }));

/** What was spent on one action; without a name on the others together. */
type UsageGroup = Usage["groups"][number] & { readonly credits: number };

/** What was spent on each group, the largest first and the others last. */
export const spentByGroup = ({ groups, points }: Usage): readonly UsageGroup[] =>
  groups
    .map((group) => ({ ...group, credits: points.reduce((sum, { values }) => sum + (values[group.key] ?? 0), 0) }))
    .filter(({ credits }) => credits > 0);
