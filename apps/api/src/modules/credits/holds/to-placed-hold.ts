import { invariant } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { isoTime } from "../../../values/iso-time.ts";

/** What the line of a hold, or of its extension, says: all of the answer, so that a retry gets the same. */
export function toPlacedHold({ id, referenceId, expiresAtMs, balanceAfter, heldAfter }: Entry) {
  invariant(referenceId !== null && expiresAtMs !== null, `transaction ${id} names no hold, or no end of it`);
  return { holdId: referenceId, expiresAt: isoTime(expiresAtMs), balance: balanceAfter, held: heldAfter };
}
