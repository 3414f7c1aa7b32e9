import { type HoldId, type HoldState, holderKindOf, type Outcome, type Owner, ok, refuse } from "@jifen/core";
import type { AccountState } from "../account.ts";
import type { Hold } from "../hold.ts";

/** The fields of a command about a hold: its id, and the owner of the caller's credential. */
export type HoldCommand = {
  readonly holdId: HoldId;
  readonly by: Owner;
  /** Whether the caller can resolve holds of its kind whose owner is not stored: earlier versions placed them. */
  readonly resolvesUnowned: boolean;
};

/** Refusals of a command about a hold: it does not exist, another owner placed it, or it is resolved. */
export type HoldRefusal =
  | { code: "HOLD_NOT_FOUND" }
  | { code: "FORBIDDEN" }
  | { code: "HOLD_ALREADY_RESOLVED"; state: Exclude<HoldState, "pending">; resolvedAtMs: number };

/** The same by staff, who can resolve holds of every owner. */
export type StaffHoldCommand = Omit<HoldCommand, "by"> & { readonly by: "staff" };

const isHolder = ({ by, resolvesUnowned }: HoldCommand | StaffHoldCommand, { placedBy }: Hold): boolean =>
  by === "staff" || placedBy === by || (resolvesUnowned && placedBy === holderKindOf(by));

/**
 * The pending hold that a command refers to.
 * Refuses, in this order: HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED.
 */
export function findPendingHold(
  state: AccountState,
  command: HoldCommand | StaffHoldCommand,
): Outcome<Hold, HoldRefusal> {
  const hold = state.holds.find(({ id }) => id === command.holdId);
  if (!hold) return refuse({ code: "HOLD_NOT_FOUND" });
  if (!isHolder(command, hold)) return refuse({ code: "FORBIDDEN" });
  if (hold.state !== "pending") {
    return refuse({
      code: "HOLD_ALREADY_RESOLVED",
      state: hold.state,
      resolvedAtMs: hold.resolvedAtMs ?? hold.createdAtMs,
    });
  }
  return ok(hold);
}
