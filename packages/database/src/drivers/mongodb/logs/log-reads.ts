import type { Document } from "mongodb";
import type { LogBackend } from "../../../logs/log-backend.ts";
import { type LogReading, listing, MAX_LISTED_DETAILS_BYTES, pageEndOf } from "../../../logs/log-filter.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { logOf } from "./log-documents.ts";
import { type LogPlan, planOf } from "./log-plans.ts";

/** How many documents a page looks at when no index finds what is asked for. */
const MAX_SCANNED = 10_000;

/** Details that are not shown are not sent. */
const selectedDetails: Readonly<Record<LogReading["details"], readonly Document[]>> = {
  all: [],
  small: [{ $set: { details: { $cond: [{ $lte: ["$details_bytes", MAX_LISTED_DETAILS_BYTES] }, "$details", null] } } }],
  none: [{ $set: { details: null } }],
};

/** The scan of a page. */
export const scanLogsOn =
  (connection: MongoConnection): LogBackend["scan"] =>
  async (filter, limit, { order, details } = listing) => {
    const isOldestFirst = order === "oldest first";
    const direction = isOldestFirst ? 1 : -1;
    const plan = planOf(filter, direction);
    const isScan = plan.checked.length > 0;
    // Oldest first, documents that are removed at the begin meanwhile would move the end, and the file would end too early.
    const endId = isScan && isOldestFirst ? await endOf(connection, plan) : undefined;
    const { indexed } = endId === undefined ? plan : planOf({ ...filter, beforeId: behind(endId) }, direction);
    const pipeline = [
      ...[{ $match: indexed }, { $sort: plan.order }],
      ...(isScan && !isOldestFirst ? [{ $limit: MAX_SCANNED }] : []),
      ...(isScan ? [{ $match: { $and: plan.checked } }] : []),
      ...[{ $limit: limit + 1 }, ...selectedDetails[details]],
    ];
    const found = await connection.reading(() =>
      connection
        .collection("call_logs")
        .aggregate(pipeline, { hint: plan.hint, ...queryLimits })
        .toArray(),
    );
    const logs = found.slice(0, limit).map(logOf);
    if (found.length > limit) return { logs, lastId: logs.at(-1)?.id };
    if (!isScan || isOldestFirst) return { logs, lastId: endId };
    return { logs, lastId: pageEndOf(logs, await endOf(connection, plan)) };
  };

/** A text behind this id and before all other ids, which have one length. */
const behind = (id: string): string => `${id}-`;

/** The last log that a scan looked at; undefined when that is the last one of all. */
async function endOf(connection: MongoConnection, { indexed, order, hint }: LogPlan): Promise<string | undefined> {
  const [end] = await connection.reading(() =>
    connection
      .collection("call_logs")
      .find(indexed, { hint, projection: { _id: 1 }, ...queryLimits })
      .sort(order)
      .skip(MAX_SCANNED - 1)
      .limit(1)
      .toArray(),
  );
  return end && String(end["_id"].id);
}
