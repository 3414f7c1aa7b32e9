import { userId } from "@jifen/core";
import type { Document } from "mongodb";
import type { CallLog, LogKey, NewCallLog } from "../../../logs/call-log.ts";
import { durationColumns } from "../../../logs/duration-classes.ts";
import type { LogSum } from "../../../logs/log-sums.ts";
import { toDocument, toRecord } from "../../../records/document-codec.ts";
import { tableOf } from "../../../records/table-of.ts";
import { stored } from "../documents.ts";

/** The `_id` of a log. The user is in the document as well: collections are sharded by it. */
export const idOfLog = ({ userId: user, id }: Pick<CallLog, "userId" | "id">): Document => ({ user_id: user, id });

/** The `_id` of an idempotency key. */
export const idOfKey = ({ userId: user, idempotencyKey }: Omit<LogKey, "logId">): Document => ({
  user_id: user,
  idempotency_key: idempotencyKey,
});

/** The condition on these `_id`s. The users are named for the router of a cluster, which finds no shard by an `_id`. */
export const withIds = (ids: readonly Document[]): Document => ({
  _id: { $in: [...ids] },
  user_id: { $in: [...new Set(ids.map(({ user_id }) => user_id))] },
});

/** Log to document. */
export const logDocument = (log: NewCallLog): Document => toDocument(tableOf("call_logs"), log);

/** Key to document. */
export const keyDocument = (key: LogKey): Document => toDocument(tableOf("log_keys"), key);

/** Document to log. */
export function logOf(document: Document): CallLog {
  const record = toRecord(tableOf("call_logs"), document);
  return { ...record, userId: userId(String(record["userId"])) } as CallLog;
}

/** The upsert that adds to a row of sums. A class without a duration has no field. @param owner the first field of the `_id` */
export function upsertOf(owner: "user_id" | "part", sum: LogSum<string | number>) {
  const _id = { [owner]: stored(sum.owner), quarter: stored(sum.quarter), action: sum.action };
  const { calls, failures, timed, durationSumMs, classes } = sum;
  const added = [
    ...Object.entries({ calls, failures, timed, duration_sum_ms: durationSumMs }),
    ...classes.flatMap((count, at) => (count === null ? [] : [[durationColumns[at] as string, count] as const])),
  ];
  const $inc = Object.fromEntries(added.map(([name, count]) => [name, BigInt(count)]));
  return { updateOne: { filter: { _id, [owner]: _id[owner] }, update: { $inc }, upsert: true } };
}
