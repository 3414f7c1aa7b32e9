import { bilingual, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { NewCallLog } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import { withAbout } from "../../http/refusals/about.ts";
import type { Caller } from "../identity/credentials/caller.ts";
import type { Deps } from "./deps.ts";

/** What a row takes besides its texts: ids, numbers and index entries. */
const ROW_BYTES = 256;

/** Checks the size of the details, after redaction. Refuses: VALIDATION_FAILED. */
export function checkSize(
  { logDetailsBytes }: Pick<Deps, "logDetailsBytes">,
  { detailsBytes }: NewCallLog,
): Outcome<undefined, Refusal<"VALIDATION_FAILED">> {
  if (detailsBytes <= logDetailsBytes) return ok(undefined);
  return refuse({ code: "VALIDATION_FAILED", issues: [tooLarge(detailsBytes, logDetailsBytes)] });
}

/**
 * Counts what logs take of the disk. Refuses: RATE_LIMITED.
 * @throws DatabaseUnavailable while the rest of the disk is kept for credits and administration
 */
export async function takeSpace(
  { limits, diskReserve }: Pick<Deps, "limits" | "diskReserve">,
  logs: readonly NewCallLog[],
  caller: Caller,
): Promise<Outcome<undefined, Refusal<"RATE_LIMITED">>> {
  const bytesOf = new Map<UserId, number>();
  for (const { userId, action, detailsBytes } of logs) {
    const bytes = detailsBytes + Buffer.byteLength(action) + ROW_BYTES;
    bytesOf.set(userId, (bytesOf.get(userId) ?? 0) + bytes);
  }
  for (const [user, bytes] of bytesOf) {
    const retryAfterSeconds = await limits.take({ user, key: caller.key?.id, bytes });
    if (retryAfterSeconds !== undefined)
      return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds }, { policy: "logs" }));
    if (!(await diskReserve.hasRoomFor(bytes)))
      throw new DatabaseUnavailable("the disk is nearly full: logs are refused");
  }
  return ok(undefined);
}

const tooLarge = (size: number, limit: number) => ({
  path: "details",
  message: bilingual({
    zh: `为 ${size} 字节，最多 ${limit} 字节（UTF-8 JSON）；服务器可通过 LOG_DETAILS_BYTES 调整`,
    en: `has ${size} bytes; at most ${limit} bytes of JSON in UTF-8 are accepted (LOG_DETAILS_BYTES of the server)`,
  }),
});
