import { type CallLog, idBound, QUARTER_MS, quarterOf } from "@jifen/database";
import { type LogReading, logEvents, MAX_LATENESS_MS, MAX_LOGS, readArrived, resyncAt } from "./arrived-logs.ts";
import { createFeeds, type Feed, type Feeds } from "./feeds.ts";

/** How long before a look a log can have arrived that the look before did not find: batches wait, and clocks differ. */
const OVERLAP_MS = 30_000;
/** How many quarters one look reads of a user. */
const MAX_QUARTERS = 8;
/** How many users one look reads concurrently: other reads of logs use the same connections. */
const READERS = 2;
/** How long a user with too many logs is left alone: clients read their lists again at most that often. */
const QUIET_MS = 15_000;

/** How many logs a quarter of an hour had, and how many of the next ones were delivered already. */
type Quarter = { readonly calls: number; readonly ahead: number };

/** What the feed of a user has read. */
type LogState = {
  readonly quarters: Map<number, Quarter>;
  /** The logs that arrived lately, and when. */
  readonly seen: Map<string, number>;
  lookedAtMs: number;
  quietUntilMs: number;
};

/**
 * Feeds of logs. Their order is that of the time at which they count, not that of their arrival, so a look first reads how many
 * logs each of the last quarters of an hour has: the numbers grow in the transaction that writes a log. Then it reads what
 * arrived lately in those that have grown. A number that cannot be explained by what was found is answered with `resync`.
 */
export function createLogFeeds(deps: LogReading): Feeds {
  const { database, nowMs } = deps;
  return createFeeds<LogState>({
    open: async (userId) => {
      const lookedAtMs = nowMs();
      const recent = await readArrived(deps, userId, lookedAtMs - OVERLAP_MS);
      const found = await database.logs.quarterCalls([userId], oldestQuarter(lookedAtMs));
      return {
        quarters: new Map(found.map(({ quarter, calls }) => [quarter, { calls, ahead: 0 }])),
        seen: new Map(recent.logs.map(({ id, createdAtMs }) => [id, createdAtMs])),
        lookedAtMs,
        quietUntilMs: 0,
      };
    },
    look: async (feeds) => {
      const atMs = nowMs();
      const due = feeds.filter(({ state }) => state.quietUntilMs <= atMs);
      if (due.length === 0) return;
      const userIds = due.map(({ userId }) => userId);
      const found = Map.groupBy(await database.logs.quarterCalls(userIds, oldestQuarter(atMs)), ({ userId }) => userId);
      const lookAtEach = async (first: number) => {
        for (let at = first; at < due.length; at += READERS) {
          const feed = due[at] as Feed<LogState>;
          await lookAt(deps, feed, { atMs, calls: found.get(feed.userId) ?? [] });
        }
      };
      await Promise.all(Array.from({ length: READERS }, (_, first) => lookAtEach(first)));
    },
  });
}

const oldestQuarter = (nowMs: number): number => quarterOf(nowMs - MAX_LATENESS_MS);

type Look = { readonly atMs: number; readonly calls: readonly { readonly quarter: number; readonly calls: number }[] };

async function lookAt(deps: LogReading, feed: Feed<LogState>, { atMs, calls }: Look): Promise<void> {
  const { state, subscribers } = feed;
  const grown = calls.filter((each) => each.calls > (state.quarters.get(each.quarter)?.calls ?? 0));
  const found = await readGrown(deps, feed, grown);
  const events = found.isComplete ? await logEvents(deps, found.logs, atMs) : [resyncAt(atMs)];
  // Nothing is noted before everything was read: a look that fails is repeated.
  for (const [quarter, known] of found.quarters) state.quarters.set(quarter, known);
  for (const { id, createdAtMs } of found.logs) state.seen.set(id, createdAtMs);
  if (!found.isComplete) state.quietUntilMs = atMs + QUIET_MS;
  state.lookedAtMs = atMs;
  for (const event of events) for (const subscriber of subscribers) subscriber.deliver(event);
  for (const quarter of state.quarters.keys()) if (quarter < oldestQuarter(atMs)) state.quarters.delete(quarter);
  for (const [id, createdAtMs] of state.seen) if (createdAtMs < atMs - 2 * OVERLAP_MS) state.seen.delete(id);
}

type Found = {
  readonly logs: readonly CallLog[];
  readonly quarters: readonly (readonly [number, Quarter])[];
  /** Whether these are all logs that are new. */
  readonly isComplete: boolean;
};

/** Reads the logs that are new in quarters that have grown. */
async function readGrown(
  { database }: LogReading,
  { userId, state }: Feed<LogState>,
  grown: Look["calls"],
): Promise<Found> {
  const incomplete = {
    logs: [],
    quarters: grown.map(({ quarter, calls }) => [quarter, { calls, ahead: 0 }] as const),
    isComplete: false,
  };
  if (grown.length > MAX_QUARTERS) return incomplete;
  const logs: CallLog[] = [];
  const quarters: [number, Quarter][] = [];
  for (const { quarter, calls } of grown) {
    const filter = {
      userId,
      fromId: idBound(quarter * QUARTER_MS),
      beforeId: idBound((quarter + 1) * QUARTER_MS),
      receivedFromMs: state.lookedAtMs - OVERLAP_MS,
    };
    const page = await database.logs.list(filter, MAX_LOGS);
    const fresh = page.logs.filter(({ id }) => !state.seen.has(id));
    const before = state.quarters.get(quarter) ?? { calls: 0, ahead: 0 };
    // A log that is committed after its quarter was counted is found ahead of the number that includes it.
    const ahead = before.ahead + fresh.length - (calls - before.calls);
    if (ahead < 0) return incomplete;
    logs.push(...fresh);
    quarters.push([quarter, { calls, ahead }]);
  }
  return { logs, quarters, isComplete: true };
}
