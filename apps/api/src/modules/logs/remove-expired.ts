import { setTimeout as sleep } from "node:timers/promises";
import { userId } from "@jifen/core";
import { type Database, idBound, type LogKeeping, type LogMarks } from "@jifen/database";
import type { Job } from "../../jobs/job.ts";
import type { LogMeter } from "./log-meter.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Logs are removed an hour after they have expired, and what was removed is looked at again for an hour: a log can wait for its
 * transaction meanwhile.
 */
const MARGIN_MS = HOUR_MS;
/** How many logs one step looks at. */
const STEP = 200;
/** How long one run works before the lease is renewed. */
const RUN_MS = 2_000;
/** Callers go first: a pause follows each step, so many times as long as the step took. */
const PAUSES_PER_STEP = 4;
const MAX_PAUSE_MS = 5_000;
/** Keys of expired logs are free, so it is enough to remove them once a month. */
const KEYS_AFTER_MS = 28 * DAY_MS;

/** What removing works with. */
export type RemovalDeps = {
  readonly database: Pick<Database, "logs" | "auditLog" | "formerLogs">;
  readonly keeping: LogKeeping;
  /** Whether this process may remove logs: without the right to migrate, `jifen logs partitions` drops months. */
  readonly removesLogs: boolean;
  readonly nowMs: () => number;
  readonly meter: Pick<LogMeter, "removed">;
};

/** The time before which logs can be removed; undefined when they are kept for ever. */
export const removableBefore = ({ logsMs }: LogKeeping, nowMs: number): number | undefined =>
  logsMs === undefined ? undefined : nowMs - logsMs - MARGIN_MS;

/** A short piece of work. @returns whether another one follows */
type Step = () => Promise<boolean>;

/** What is removed, in this order. Each begins once in a round. */
const phases: readonly ((deps: RemovalDeps) => Promise<Step>)[] = [
  removingLogs,
  removingDetails,
  removingDetailsOfDeletedUsers,
  removingKeys,
];

/**
 * Removes expired logs, expired details, the details of deleted users, and the keys of expired logs, in small steps with pauses.
 * It can stop anywhere: what is removed is remembered, and looked at again where it is not.
 */
export const removeExpiredJob = (deps: RemovalDeps): Job => {
  let phase = 0;
  let step: Step | undefined;
  return {
    name: "remove expired logs",
    intervalMs: HOUR_MS,
    leaseMs: 60_000,
    runBatch: async (signal) => {
      for (const startedAt = performance.now(); performance.now() - startedAt < RUN_MS; ) {
        const stepAt = performance.now();
        const begin = phases[phase];
        if (!begin) {
          phase = 0;
          return { isMore: false };
        }
        step ??= await begin(deps);
        if (!(await step())) [step, phase] = [undefined, phase + 1];
        const pauseMs = Math.min((performance.now() - stepAt) * PAUSES_PER_STEP, MAX_PAUSE_MS);
        if (await sleep(pauseMs, false, { signal }).catch(() => true)) return { isMore: true };
      }
      return { isMore: true };
    },
  };
};

const nothing: Step = async () => false;

async function removingLogs({ database, keeping, removesLogs, nowMs, meter }: RemovalDeps): Promise<Step> {
  const beforeMs = removableBefore(keeping, nowMs());
  if (beforeMs === undefined || !removesLogs) return nothing;
  return async () => {
    const { logs, months, isMore } = await database.logs.removeLogs(beforeMs);
    meter.removed({ logs, months });
    return isMore;
  };
}

async function removingDetails({ database: { logs }, keeping, nowMs, meter }: RemovalDeps): Promise<Step> {
  const { detailsMs } = keeping;
  if (detailsMs === undefined) return nothing;
  const beforeMs = nowMs() - detailsMs;
  let afterId = idBound(afterMark(await logs.marks(), "details"));
  return async () => {
    const { details, lastId } = await logs.removeDetails({ afterId, beforeId: idBound(beforeMs), limit: STEP });
    meter.removed({ details });
    if (lastId === undefined) await logs.moveMark("details", beforeMs);
    else afterId = lastId;
    return lastId !== undefined;
  };
}

/** Users are deleted with an event, and their rows stay: so do their logs, without details. */
async function removingDetailsOfDeletedUsers({ database, nowMs, meter }: RemovalDeps): Promise<Step> {
  const { logs, auditLog, formerLogs } = database;
  const beganAtMs = nowMs();
  let eventId = idBound(afterMark(await logs.marks(), "deleted-users")).replace("log-", "event-");
  let user: string | undefined;
  let afterId = idBound(0);
  const nextUser = async (): Promise<boolean> => {
    const [event] = await auditLog.after(eventId, "users.remove", 1);
    if (event) [eventId, user, afterId] = [event.id, event.subject.replace(/^user:/, ""), idBound(0)];
    // Logs that are still moved from where earlier versions stored them come with their details.
    else if ((await formerLogs.list(1)).length === 0) await logs.moveMark("deleted-users", beganAtMs);
    return event !== undefined;
  };
  return async () => {
    if (user === undefined) return nextUser();
    const range = { userId: userId(user), afterId, beforeId: idBound(beganAtMs + DAY_MS), limit: STEP };
    const { details, lastId } = await logs.removeDetails(range);
    meter.removed({ details });
    if (lastId === undefined) user = undefined;
    else afterId = lastId;
    return true;
  };
}

async function removingKeys({ database: { logs }, meter }: RemovalDeps): Promise<Step> {
  const marks = await logs.marks();
  const beforeMs = marks.logs ?? 0;
  if (beforeMs - (marks.keys ?? 0) < KEYS_AFTER_MS) return nothing;
  let after: Awaited<ReturnType<typeof logs.removeKeys>>["last"];
  return async () => {
    const { keys, last } = await logs.removeKeys(beforeMs, after);
    meter.removed({ keys });
    after = last;
    if (last === undefined) await logs.moveMark("keys", beforeMs);
    return last !== undefined;
  };
}

const afterMark = (marks: LogMarks, name: keyof LogMarks): number => Math.max(0, (marks[name] ?? 0) - MARGIN_MS);
