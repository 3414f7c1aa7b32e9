import { type Document, MinKey } from "mongodb";
import type { LocalSumsQuery } from "../../logs/local-sums.ts";

/** The `_id`s of sums of these owners in a range of quarters. */
export const sumsWithin = (
  name: "user_id" | "account_id" | "part",
  owners: readonly (string | number)[],
  { fromQuarter, toQuarter, action }: Pick<LocalSumsQuery, "fromQuarter" | "toQuarter" | "action">,
): Document => {
  const ranges = owners.map((owner) => {
    const at = (quarter: number) => ({ [name]: owner, quarter, action: new MinKey() });
    return { _id: { $gte: at(fromQuarter), $lt: at(toQuarter) }, [name]: owner };
  });
  return { $or: ranges, ...(action !== undefined && { "_id.action": action }) };
};

/** How to group sums: by the local hour or day of their quarter, and by parts of their `_id`. */
type Grouping = Pick<LocalSumsQuery, "unitSeconds" | "offsets"> & { readonly names: readonly string[] };

/** Groups sums. @param counts the fields to add up */
export function groupByUnit({ unitSeconds, offsets, names }: Grouping, counts: readonly string[]): Document {
  const last = offsets.at(-1)?.offsetSeconds ?? 0;
  const branches = offsets.slice(0, -1).map(({ untilQuarter, offsetSeconds }) => ({
    case: { $lt: ["$_id.quarter", untilQuarter] },
    // biome-ignore lint/suspicious/noThenProperty: the name that MongoDB gives it
    then: offsetSeconds,
  }));
  const offset = branches.length === 0 ? last : { $switch: { branches, default: last } };
  const unit = { $floor: { $divide: [{ $add: [{ $multiply: ["$_id.quarter", 900] }, offset] }, unitSeconds] } };
  const sums = counts.map((name) => [name, { $sum: `$${name}` }]);
  return {
    $group: {
      _id: { unit, ...Object.fromEntries(names.map((name) => [name, `$_id.${name}`])) },
      ...Object.fromEntries(sums),
    },
  };
}

/** Runs stages on a table of sums, whose `_id`s are a range. */
type RunStages = (stages: readonly Document[]) => Promise<readonly Document[]>;

/** Reads sums by local hours or days, as `readLocalSums` does on SQL databases. @param counts the fields to add up */
export async function readGroupedSums(
  run: RunStages,
  { where, counts }: { readonly where: Document; readonly counts: readonly string[] },
  query: LocalSumsQuery,
): Promise<readonly Document[]> {
  const match = { $match: where };
  const named = query.byAction ? await findNamed(run, match, query) : undefined;
  const others = named && [
    { $set: { "_id.action": { $cond: [{ $in: ["$_id.action", named] }, "$_id.action", null] } } },
  ];
  const group = groupByUnit({ ...query, names: query.byAction ? ["action"] : [] }, counts);
  const rows = await run([
    match,
    ...(others ?? []),
    group,
    ...(query.limit === undefined ? [] : [{ $limit: query.limit }]),
  ]);
  return rows.map(({ _id, ...sums }) => ({ ...sums, unit: _id.unit, action: _id.action ?? null }));
}

/** The actions that have sums of their own; undefined when all have. */
async function findNamed(run: RunStages, match: Document, { named }: LocalSumsQuery) {
  if (named === undefined || !("most" in named)) return named;
  const group = { $group: { _id: "$_id.action", most: { $sum: `$${named.most}` } } };
  const rows = await run([match, group, { $sort: { most: -1, _id: 1 } }, { $limit: named.limit }]);
  return rows.map(({ _id }) => String(_id));
}

/** Groups sums by their user or account. @param counts the fields to add up */
export const groupByOwner = (name: "user_id" | "account_id", counts: readonly string[]): Document => ({
  $group: { _id: `$${name}`, ...Object.fromEntries(counts.map((count) => [count, { $sum: `$${count}` }])) },
});
