import { isDeepStrictEqual } from "node:util";
import { bilingual, operations, type Refusal } from "@jifen/contract";
import { type Outcome, refuse } from "@jifen/core";
import type { Log } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import { withAbout } from "../../http/refusals/about.ts";
import { replayableOk } from "../../trpc/handler.ts";
import { implement } from "../../trpc/procedure.ts";
import type { Caller } from "../identity/credentials/caller.ts";
import { isOwnKey, ownerDigest, ownerOfCaller } from "../identity/credentials/owner.ts";
import { countedAtMs } from "./counted-at.ts";
import type { Deps } from "./deps.ts";
import type { Redactor } from "./redaction/redactor.ts";

/** Logs one call, once per idempotency key. Nothing of the details is stored or compared before they are redacted. */
export const create = (deps: Deps) =>
  implement(operations.logs.create, async ({ input, caller, idempotencyKey }) => {
    if (input.userId !== caller.userId) return refuse({ code: "USER_MISMATCH" });
    const { database, newIdAt, nowMs, redact } = deps;
    const redacted = redact(input.details);
    const details = JSON.stringify(redacted.value);
    const refused = await checkSize(deps, { caller, action: input.action, details });
    if (refused) return refused;
    const [occurredAtMs, arrivalMs] = [Date.parse(input.timestamp), nowMs()];
    const log: Log = {
      userId: caller.userId,
      id: newIdAt("log", countedAtMs(occurredAtMs, arrivalMs)),
      idempotencyKey: logKey(caller, idempotencyKey),
      action: input.action,
      details,
      success: input.success,
      occurredAtMs,
      createdAtMs: arrivalMs,
    };
    const formerKey = formerLogKey(caller, idempotencyKey);
    const former = formerKey === undefined ? undefined : await database.logs.findByKey(caller.userId, formerKey);
    // A log of another request under a key that a user's own key shared with the services of the operator is theirs.
    const counts = former !== undefined && (!isOwnKey(caller) || isSameLog(former, log, redact));
    const written = counts ? former : await database.logs.create(log);
    if (!isSameLog(written, log, redact)) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
    return replayableOk({ logId: written.id, redacted: redacted.places }, { replayed: written.id !== log.id });
  });

/** The owner of each service key has a key namespace: no caller can send a key with a space. */
function logKey(caller: Caller, key: string | undefined): string | null {
  if (key === undefined) return null;
  return caller.kind === "service" ? `service ${ownerDigest(ownerOfCaller(caller))} ${key}` : key;
}

/** In earlier versions all services of a user shared one key namespace. */
const formerLogKey = ({ kind }: Caller, key: string | undefined): string | undefined =>
  key === undefined || kind === "user" ? undefined : `service ${key}`;

/** A log that was stored under fewer rules of redaction is compared as it would be stored now. */
const isSameLog = (written: Log, requested: Log, redact: Redactor): boolean =>
  written.id === requested.id ||
  (written.action === requested.action &&
    written.success === requested.success &&
    written.occurredAtMs === requested.occurredAtMs &&
    isDeepStrictEqual(redact(JSON.parse(written.details)).value, JSON.parse(requested.details)));

/** What a row takes besides its texts: ids, numbers and index entries. */
const ROW_BYTES = 256;

/**
 * Counts what the log takes of the disk. Refuses, in this order: VALIDATION_FAILED, RATE_LIMITED.
 * @throws DatabaseUnavailable while the rest of the disk is kept for credits and administration
 */
async function checkSize(
  { limits, diskReserve, logDetailsBytes }: Deps,
  { caller, action, details }: { readonly caller: Caller; readonly action: string; readonly details: string },
): Promise<Outcome<never, Refusal<"VALIDATION_FAILED" | "RATE_LIMITED">> | undefined> {
  const size = Buffer.byteLength(details);
  if (size > logDetailsBytes) return refuse({ code: "VALIDATION_FAILED", issues: [tooLarge(size, logDetailsBytes)] });
  const bytes = size + Buffer.byteLength(action) + ROW_BYTES;
  const retryAfterSeconds = await limits.take({ user: caller.userId, key: caller.key?.id, bytes });
  if (retryAfterSeconds !== undefined)
    return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds }, { policy: "logs" }));
  if (!(await diskReserve.hasRoomFor(bytes)))
    throw new DatabaseUnavailable("the disk is nearly full: logs are refused");
  return undefined;
}

const tooLarge = (size: number, limit: number) => ({
  path: "details",
  message: bilingual({
    zh: `为 ${size} 字节，最多 ${limit} 字节（UTF-8 JSON）；服务器可通过 LOG_DETAILS_BYTES 调整`,
    en: `has ${size} bytes; at most ${limit} bytes of JSON in UTF-8 are accepted (LOG_DETAILS_BYTES of the server)`,
  }),
});
