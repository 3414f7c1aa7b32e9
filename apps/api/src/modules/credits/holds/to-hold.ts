import type { Hold } from "@jifen/ledger";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { metadataOf } from "../metadata.ts";

/** A hold as the output of operations. */
export const toHoldOutput = (hold: Hold) => ({
  holdId: hold.id,
  state: hold.state,
  action: hold.action,
  metadata: metadataOf(hold.metadata),
  amount: hold.amount,
  captured: hold.captured,
  released: hold.released,
  expired: hold.expired,
  expiresAt: isoTime(hold.expiresAtMs),
  createdAt: isoTime(hold.createdAtMs),
  resolvedAt: isoTimeOrNull(hold.resolvedAtMs),
});
