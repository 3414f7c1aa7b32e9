import { type Refusal, zLogEntry, zProvidedUserId } from "@jifen/contract";
import { type Outcome, ok, refuse, userId } from "@jifen/core";
import { fieldIssues } from "../../http/error-response.ts";
import { nullRemover } from "../../trpc/absent-fields.ts";
import type { Caller } from "../identity/credentials/caller.ts";
import type { Deps } from "./deps.ts";
import { checkSize } from "./log-size.ts";
import { type LogEntry, type ReportedLog, toNewLog } from "./new-log.ts";

/** Why one log of a batch is not written. */
export type EntryRefusal = Refusal<
  "VALIDATION_FAILED" | "USER_MISMATCH" | "USER_NOT_FOUND" | "ACCOUNT_SUSPENDED" | "FORBIDDEN" | "RATE_LIMITED"
>;

type Batch = {
  /** The logs as they were sent. */
  readonly sent: readonly unknown[];
  readonly caller: Caller;
  readonly requestId: string;
  /** The key of the request. */
  readonly requestKey: string | undefined;
};

const withoutNulls = nullRemover({ input: zLogEntry });

/**
 * Reads the logs of a batch, each alone. Each refuses, in this order: VALIDATION_FAILED, USER_MISMATCH, USER_NOT_FOUND or
 * what creating the user refuses, ACCOUNT_SUSPENDED, VALIDATION_FAILED (size).
 */
export const readEntries = (deps: Deps, { sent, requestKey, ...by }: Batch) =>
  Promise.all(
    sent.map(async (each, at): Promise<Outcome<ReportedLog, EntryRefusal>> => {
      const parsed = zLogEntry.safeParse(withoutNulls(each));
      if (!parsed.success) return refuse({ code: "VALIDATION_FAILED", issues: fieldIssues(parsed.error) });
      const entry = { ...parsed.data, idempotencyKey: parsed.data.idempotencyKey ?? keyAt(requestKey, at) };
      const user = await checkUser(deps, entry, by);
      if (!user.ok) return user;
      const reported = toNewLog(deps, entry, by.caller);
      const size = checkSize(deps, reported.log);
      return size.ok ? ok(reported) : size;
    }),
  );

const keyAt = (key: string | undefined, at: number) => (key === undefined ? undefined : `${key}:${at}`);

/**
 * Whether the caller can write logs of this user: its own, or of any user by a service key with `act-as` of an admin, which
 * can create the user.
 */
async function checkUser(
  { userCache, namedUsers }: Pick<Deps, "userCache" | "namedUsers">,
  entry: Pick<LogEntry, "userId">,
  { caller, requestId }: Pick<Batch, "caller" | "requestId">,
): Promise<Outcome<undefined, EntryRefusal>> {
  const id = userId(entry.userId);
  if (id === caller.userId) return ok(undefined);
  if (!caller.scopes?.has("act-as") || caller.role !== "admin") return refuse({ code: "USER_MISMATCH" });
  const user = await userCache.find(id, (cached) => !cached.suspended);
  if (user) return user.suspended ? refuse({ code: "ACCOUNT_SUSPENDED" }) : ok(undefined);
  if (!caller.createsUsers || caller.key === null) return refuse({ code: "USER_NOT_FOUND" });
  const parsed = zProvidedUserId.safeParse(id);
  if (!parsed.success) {
    const issues = fieldIssues(parsed.error).map(({ message }) => ({ path: "userId", message }));
    return refuse({ code: "VALIDATION_FAILED", issues });
  }
  return namedUsers.provision(id, { actor: caller.actor, requestId, keyId: caller.key.id });
}
