import { type Document, MaxKey, MinKey } from "mongodb";
import { type LogFilter, textsToFind } from "../../../logs/log-filter.ts";
import type { LogIndex } from "../../../logs/log-reads.ts";
import { timeOfId } from "../../../logs/months.ts";

/** Ascending or descending. */
type Direction = 1 | -1;

/** What a filter asks for: what an index finds in the order of the list, and what is checked document by document. */
export type LogPlan = {
  /** The name of the index. */
  readonly hint: string;
  readonly indexed: Document;
  readonly checked: readonly Document[];
  readonly order: Readonly<Record<string, Direction>>;
};

/** Plans a list. Every order is that of the ids. */
export function planOf(filter: LogFilter, direction: Direction): LogPlan {
  const { userId, action, success, subjectId, reference, receivedFromMs } = filter;
  const ofUser = userId === undefined ? [] : [{ user_id: userId }];
  const ofAction = action === undefined ? [] : [{ action }];
  const ofSuccess = success === undefined ? [] : [{ success }];
  const ofReference = reference === undefined ? [] : [{ reference }];
  const ofText = filter.text === undefined ? [] : [textCondition(filter.text)];
  const ofArrival = receivedFromMs === undefined ? [] : [{ created_at_ms: { $gte: receivedFromMs } }];
  const plan = (hint: LogIndex, indexed: Document, ...checked: readonly (readonly Document[])[]): LogPlan => ({
    hint,
    indexed: { ...indexed, ...rangeOf("_id.id", filter) },
    checked: [...checked.flat(), ...ofArrival],
    order: { "_id.id": direction },
  });
  if (subjectId !== undefined)
    return plan("subject", { subject_id: subjectId }, ofUser, ofAction, ofSuccess, ofReference, ofText);
  if (reference !== undefined) return plan("reference", { reference }, ofUser, ofAction, ofSuccess, ofText);
  if (userId === undefined) return byTime(filter, direction, plan("time", {}, ofAction, ofSuccess, ofText));
  if (action !== undefined) return plan("action", { user_id: userId, action }, ofSuccess, ofText);
  if (success === false) return plan("failed", { user_id: userId, success }, ofText);
  return byKey(filter, direction, [...ofSuccess, ...ofText, ...ofArrival]);
}

const rangeOf = (path: string, { fromId, beforeId, afterId }: LogFilter): Document => {
  const range = {
    ...(fromId !== undefined && { $gte: fromId }),
    ...(beforeId !== undefined && { $lt: beforeId }),
    ...(afterId !== undefined && { $gt: afterId }),
  };
  return Object.keys(range).length === 0 ? {} : { [path]: range };
};

/** The logs of all users have an index by time. Ids begin with the time, so an id bounds both. */
function byTime({ fromId, beforeId, afterId }: LogFilter, direction: Direction, plan: LogPlan): LogPlan {
  const lowest = [fromId, afterId]
    .filter((id) => id !== undefined)
    .toSorted()
    .at(-1);
  const times = {
    ...(lowest !== undefined && { $gte: timeOfId(lowest) }),
    ...(beforeId !== undefined && { $lte: timeOfId(beforeId) }),
  };
  const indexed = Object.keys(times).length === 0 ? plan.indexed : { counted_at_ms: times, ...plan.indexed };
  return { ...plan, indexed, order: { counted_at_ms: direction, "_id.id": direction } };
}

/** The `_id`s of one user are a range of the index of all `_id`s. */
function byKey(
  { userId, fromId, beforeId, afterId }: LogFilter,
  direction: Direction,
  checked: readonly Document[],
): LogPlan {
  const idAt = (id: string | MinKey | MaxKey) => ({ user_id: userId, id });
  const _id = {
    $gte: idAt(fromId ?? new MinKey()),
    $lt: idAt(beforeId ?? new MaxKey()),
    ...(afterId !== undefined && { $gt: idAt(afterId) }),
  };
  return { hint: "_id_", indexed: { _id, user_id: userId }, checked, order: { _id: direction } };
}

const textCondition = (text: string): Document => ({
  $expr: {
    $or: textsToFind(text).map((part) => ({ $gte: [{ $indexOfBytes: ["$details", { $literal: part }] }, 0] })),
  },
});
