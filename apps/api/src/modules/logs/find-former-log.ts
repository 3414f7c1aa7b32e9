import type { UserId } from "@jifen/core";
import type { CallLog, Database } from "@jifen/database";
import type { Caller } from "../identity/credentials/caller.ts";
import { fromFormerLog } from "./former-log.ts";

/** Finds the log that an earlier version stored under the key of a caller. */
export type FindFormerLog = (userId: UserId, key: string, caller: Pick<Caller, "kind">) => Promise<CallLog | undefined>;

/** How long it is believed that all former logs are moved. Servers of an earlier version write some during an upgrade. */
const FRESH_MS = 1_000;

/**
 * Looks where earlier versions stored logs, then where these are moved to, in this order: a log that is being moved is in the
 * one or in the other. Mostly no log is left to be moved, which is asked once a second.
 */
export function createFindFormerLog({ formerLogs, logs }: Pick<Database, "formerLogs" | "logs">): FindFormerLog {
  let allMovedAtMs = Number.NEGATIVE_INFINITY;
  const isAnyLeft = async () => {
    if (performance.now() - allMovedAtMs < FRESH_MS) return false;
    const askedAtMs = performance.now();
    const isLeft = (await formerLogs.list(1)).length > 0;
    if (!isLeft) allMovedAtMs = askedAtMs;
    return isLeft;
  };
  return async (userId, key, { kind }) => {
    // In earlier versions all services of a user shared one key namespace. That of a user in person is the same as now.
    const formerKey = kind === "user" ? key : `service ${key}`;
    const left = (await isAnyLeft()) ? await formerLogs.findByKey(userId, formerKey) : undefined;
    if (left) return fromFormerLog(left);
    return kind === "user" ? undefined : logs.findByKey(userId, formerKey);
  };
}
