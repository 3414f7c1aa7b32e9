import { type Holder, type HoldId, type HoldState, type Outcome, ok, refuse } from "@jifen/core";
import type { AccountState } from "../account.ts";
import type { Hold } from "../hold.ts";

/** The fields of a command about a hold: its id, and the kind of caller. */
export type HoldCommand = { readonly holdId: HoldId; readonly by: Holder };

/** Refusals of a command about a hold: it does not exist, another kind of caller placed it, or it is resolved. */
export type HoldRefusal =
  | { code: "HOLD_NOT_FOUND" }
  | { code: "FORBIDDEN" }
  | { code: "HOLD_ALREADY_RESOLVED"; state: Exclude<HoldState, "pending">; resolvedAtMs: number };

/**
 * The pending hold that a command refers to.
 * Refuses, in this order: HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED.
 */
export function findPendingHold(state: AccountState, command: HoldCommand): Outcome<Hold, HoldRefusal> {
  const hold = state.holds.find(({ id }) => id === command.holdId);
  if (!hold) return refuse({ code: "HOLD_NOT_FOUND" });
  if (hold.placedBy !== command.by) return refuse({ code: "FORBIDDEN" });
  if (hold.state !== "pending") {
    return refuse({
      code: "HOLD_ALREADY_RESOLVED",
      state: hold.state,
      resolvedAtMs: hold.resolvedAtMs ?? hold.createdAtMs,
    });
  }
  return ok(hold);
}
