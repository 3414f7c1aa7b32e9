import { invariant } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { isoTime } from "../../../values/iso-time.ts";

/** The output of a hold or an extension, from its entry alone, so that a replay has the same output. */
export function toPlacedHold({ id, referenceId, expiresAtMs, balanceAfter, heldAfter }: Entry) {
  invariant(referenceId !== null && expiresAtMs !== null, `transaction ${id} names no hold or no expiry`);
  return { holdId: referenceId, expiresAt: isoTime(expiresAtMs), balance: balanceAfter, held: heldAfter };
}
