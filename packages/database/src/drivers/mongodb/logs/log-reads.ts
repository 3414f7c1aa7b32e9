import type { Document } from "mongodb";
import { type LogFilter, type LogPage, MAX_LISTED_DETAILS_BYTES } from "../../../logs/log-filter.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { logOf } from "./log-documents.ts";
import { type LogPlan, planOf } from "./log-plans.ts";

/** How many documents a page looks at when no index finds what is asked for. */
const MAX_SCANNED = 10_000;

/** Large details are not sent. */
const smallDetails: Document = {
  $set: { details: { $cond: [{ $lte: ["$details_bytes", MAX_LISTED_DETAILS_BYTES] }, "$details", null] } },
};

/** At most `limit` logs, newest first. */
export async function scanLogs(connection: MongoConnection, filter: LogFilter, limit: number): Promise<LogPage> {
  const plan = planOf(filter);
  const { indexed, checked, order, hint } = plan;
  const isScan = checked.length > 0;
  const bounded = isScan ? [{ $limit: MAX_SCANNED }, { $match: { $and: checked } }] : [];
  const pipeline = [{ $match: indexed }, { $sort: order }, ...bounded, { $limit: limit + 1 }, smallDetails];
  const found = await connection.reading(() =>
    connection
      .collection("call_logs")
      .aggregate(pipeline, { hint, ...queryLimits })
      .toArray(),
  );
  const logs = found.slice(0, limit).map(logOf);
  if (found.length > limit) return { logs, lastId: logs.at(-1)?.id };
  return { logs, lastId: isScan ? await endOf(connection, plan) : undefined };
}

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
