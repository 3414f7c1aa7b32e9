import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { CallLog } from "@jifen/database";
import type { Caller } from "../identity/credentials/caller.ts";
import { isOwnKey } from "../identity/credentials/owner.ts";
import type { Deps } from "./deps.ts";
import type { ReportedLog } from "./new-log.ts";
import { isSameLog } from "./same-log.ts";

/** A log that is stored, by this request or by an earlier one with the same key. */
type StoredLog = { readonly logId: string; readonly replayed: boolean; readonly redacted: number };

type Written = Outcome<StoredLog, Refusal<"IDEMPOTENCY_KEY_REUSED">>;

/**
 * Writes logs, each once per idempotency key. Each refuses: IDEMPOTENCY_KEY_REUSED.
 * @throws Overloaded, DatabaseUnavailable, OutcomeUnknown for all of them
 */
export async function writeLogs(
  deps: Pick<Deps, "database" | "findFormerLog" | "redact">,
  reported: readonly ReportedLog[],
  caller: Caller,
): Promise<readonly Written[]> {
  const former = await Promise.all(reported.map((each) => findFormer(deps, each, caller)));
  const toWrite = reported.filter((_, at) => former[at] === undefined).map(({ log }) => log);
  const written = toWrite.length === 0 ? [] : await deps.database.logs.write(toWrite);
  const storedByReported = new Map(toWrite.map((log, at) => [log, written[at]]));
  // The key of two logs of one request makes the second one a replay of the first.
  const seen = new Set<string>();
  return reported.map(({ log, redacted }, at) => {
    const stored = former[at] ?? storedByReported.get(log) ?? log;
    if (!isSameLog(stored, log, deps.redact)) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
    const replayed = !isOwn(stored, log) || seen.has(stored.id);
    seen.add(stored.id);
    return ok({ logId: stored.id, replayed, redacted });
  });
}

/** A log of a month without a place gets the id of its arrival. */
const isOwn = ({ id }: CallLog, log: ReportedLog["log"]): boolean => id === log.id || id === log.arrivalId;

/** The log of an earlier version that has the key. */
async function findFormer(
  { findFormerLog, redact }: Pick<Deps, "findFormerLog" | "redact">,
  { log, key }: ReportedLog,
  caller: Caller,
): Promise<CallLog | undefined> {
  if (key === undefined) return undefined;
  const found = await findFormerLog(log.userId, key, caller);
  // A log of another request under a key that a user's own key shared with the services of the operator is theirs.
  const counts = found !== undefined && (!isOwnKey(caller) || isSameLog(found, log, redact));
  return counts ? found : undefined;
}
