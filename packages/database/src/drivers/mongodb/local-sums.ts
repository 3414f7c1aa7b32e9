import { type Document, MinKey } from "mongodb";
import type { LocalSumsQuery } from "../../logs/local-sums.ts";

/** The `_id`s of sums of these owners in a range of quarters. */
export const sumsWithin = (
  name: "user_id" | "account_id" | "part",
  owners: readonly (string | number)[],
  { fromQuarter, toQuarter, action }: LocalSumsQuery,
): Document => {
  const ranges = owners.map((owner) => {
    const at = (quarter: number) => ({ [name]: owner, quarter, action: new MinKey() });
    return { _id: { $gte: at(fromQuarter), $lt: at(toQuarter) }, [name]: owner };
  });
  return { $or: ranges, ...(action !== undefined && { "_id.action": action }) };
};

/** Groups sums by the local hour or day of their quarter, and by action if asked for. @param counts the fields to add up */
export function groupByUnit(
  { unitSeconds, offsets, byAction }: Pick<LocalSumsQuery, "unitSeconds" | "offsets" | "byAction">,
  counts: readonly string[],
): Document {
  const last = offsets.at(-1)?.offsetSeconds ?? 0;
  const branches = offsets.slice(0, -1).map(({ untilQuarter, offsetSeconds }) => ({
    case: { $lt: ["$_id.quarter", untilQuarter] },
    // biome-ignore lint/suspicious/noThenProperty: the name that MongoDB gives it
    then: offsetSeconds,
  }));
  const offset = branches.length === 0 ? last : { $switch: { branches, default: last } };
  const unit = { $floor: { $divide: [{ $add: [{ $multiply: ["$_id.quarter", 900] }, offset] }, unitSeconds] } };
  const sums = counts.map((name) => [name, { $sum: `$${name}` }]);
  return { $group: { _id: { unit, ...(byAction && { action: "$_id.action" }) }, ...Object.fromEntries(sums) } };
}
