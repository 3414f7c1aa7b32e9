import type { Refusal } from "@jifen/contract";
import { refuse } from "@jifen/core";
import type { CommandRefusal } from "@jifen/ledger";
import { isoTime } from "../../../values/iso-time.ts";

type HoldRefusal = CommandRefusal<"capture">;
type Resolved = Extract<HoldRefusal, { code: "HOLD_ALREADY_RESOLVED" }>;

const isResolved = (refusal: HoldRefusal): refusal is Resolved => refusal.code === "HOLD_ALREADY_RESOLVED";

/** The refusal of the contract for a refusal of the ledger: times are ISO 8601. */
export function toHoldRefusal<Refused extends HoldRefusal>(
  refusal: Refused,
): { readonly ok: false; readonly refusal: Exclude<Refused, Resolved> | Refusal<"HOLD_ALREADY_RESOLVED"> } {
  if (!isResolved(refusal)) return refuse(refusal as Exclude<Refused, Resolved>);
  const { code, state, resolvedAtMs } = refusal;
  return refuse({ code, state, resolvedAt: isoTime(resolvedAtMs) });
}
