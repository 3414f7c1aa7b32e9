import type { Refusal } from "@jifen/contract";
import { refuse } from "@jifen/core";
import type { CommandRefusal } from "@jifen/ledger";
import { isoTime } from "../../../values/iso-time.ts";

type AboutHold = CommandRefusal<"capture">;
type Resolved = Extract<AboutHold, { code: "HOLD_ALREADY_RESOLVED" }>;

const isResolved = (refusal: AboutHold): refusal is Resolved => refusal.code === "HOLD_ALREADY_RESOLVED";

/** Why a hold could not be touched, as the contract words it. */
export function toHoldRefusal<Why extends AboutHold>(
  why: Why,
): { readonly ok: false; readonly refusal: Exclude<Why, Resolved> | Refusal<"HOLD_ALREADY_RESOLVED"> } {
  if (!isResolved(why)) return refuse(why as Exclude<Why, Resolved>);
  const { code, state, resolvedAtMs } = why;
  return refuse({ code, state, resolvedAt: isoTime(resolvedAtMs) });
}
