import type { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import type { NewCallLog } from "@jifen/database";
import type { z } from "zod";
import type { Caller } from "../identity/credentials/caller.ts";
import { ownerDigest, ownerOfCaller } from "../identity/credentials/owner.ts";
import { countedAtMs } from "./counted-at.ts";
import type { Deps } from "./deps.ts";

/** A call as its caller reports it. */
export type LogEntry = z.output<typeof operations.logs.create.input>;

/** A log to write, the key that the caller sent, and how many places of its details were redacted. */
export type ReportedLog = {
  readonly log: NewCallLog & { readonly details: string };
  readonly key: string | undefined;
  readonly redacted: number;
};

/** Redacts what a caller reports. Nothing of the details is stored or compared before that. */
export function toNewLog(
  {
    newIdAt,
    newArrivalIdAt,
    nowMs,
    redact,
    logKeeping,
  }: Pick<Deps, "newIdAt" | "newArrivalIdAt" | "nowMs" | "redact" | "logKeeping">,
  entry: LogEntry,
  caller: Caller,
): ReportedLog {
  const { value, places } = redact(entry.details);
  const details = JSON.stringify(value);
  const [occurredAtMs, createdAtMs] = [Date.parse(entry.timestamp), nowMs()];
  const atMs = countedAtMs(occurredAtMs, { arrivalMs: createdAtMs, keptMs: logKeeping.logsMs });
  const log: ReportedLog["log"] = {
    userId: userId(entry.userId),
    id: newIdAt("log", atMs),
    arrivalId: newArrivalIdAt("log", createdAtMs),
    idempotencyKey: logKey(caller, entry.idempotencyKey),
    countedAtMs: atMs,
    action: entry.action,
    success: entry.success,
    durationMs: entry.durationMs ?? null,
    subjectId: entry.transactionId ?? entry.holdId ?? null,
    reference: entry.reference ?? null,
    details,
    detailsBytes: Buffer.byteLength(details),
    occurredAtMs,
    createdAtMs,
  };
  return { log, key: entry.idempotencyKey, redacted: places };
}

/** The owner of each service key has a key namespace: no caller can send a key with a space. */
function logKey(caller: Caller, key: string | undefined): string | null {
  if (key === undefined) return null;
  return caller.kind === "service" ? `service ${ownerDigest(ownerOfCaller(caller))} ${key}` : key;
}
