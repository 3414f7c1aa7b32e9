import { type Credits, credits, idempotencyKey, type Outcome, ok, refuse } from "@jifen/core";
import { expiredAmountOf, expireGrants, withHold } from "../expirations.ts";
import { remainingAllocations, takeAllocations } from "../grant.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";
import { findPendingHold, type HoldCommand, type HoldRefusal } from "./pending-hold.ts";

/** Charge `amount` of a hold, all of it when null, and free the rest. */
export type CaptureHold = CommandFrame & HoldCommand & { readonly kind: "capture"; readonly amount: Credits | null };

/** What a capture is refused for; the numbers are what was asked for and what the hold has. */
export type CaptureRefusal = HoldRefusal | { code: "CAPTURE_EXCEEDS_HOLD"; amount: Credits; held: Credits };

/** What a retry has to repeat beside the hold. */
export const captureRequestParams = ({ by, amount }: CaptureHold): string => JSON.stringify({ by, amount });

/**
 * Charges a hold. What it does not take goes back first, so that the charge's line tells the end of the matter.
 * Refuses, in this order: HOLD_NOT_FOUND, FORBIDDEN, HOLD_ALREADY_RESOLVED, CAPTURE_EXCEEDS_HOLD.
 */
export function captureHold(posted: Posted, command: CaptureHold, nowMs: number): Outcome<Posted, CaptureRefusal> {
  const found = findPendingHold(posted.state, command);
  if (!found.ok) return found;
  const hold = found.value;
  const amount = command.amount ?? hold.amount;
  if (amount > hold.amount) return refuse({ code: "CAPTURE_EXCEEDS_HOLD", amount, held: hold.amount });

  const allocations = takeAllocations(hold.allocations, amount);
  const rest = remainingAllocations(hold.allocations, allocations);
  const released = credits(hold.amount - amount);
  const expiredOnReturn = credits(expiredAmountOf(posted.state.grants, rest, nowMs));
  const resolved: Hold = { ...hold, state: "captured", captured: amount, released, resolvedAtMs: nowMs };
  const moment = { ...command, nowMs };
  const about = { action: hold.action, referenceId: hold.id };
  const begun = { ...posted, state: withHold(posted.state, resolved) };
  const restKey = idempotencyKey.ofSystem(`capture-rest:${hold.id}`);
  const freed =
    released === 0
      ? begun
      : post(
          begun,
          { ...about, idempotencyKey: restKey, kind: "release", amount: released, allocations: rest },
          moment,
        );
  const charge = { metadata: hold.metadata, requestParams: captureRequestParams(command), expiredOnReturn };
  const charged = post(
    freed,
    { ...about, ...entryIdentity(command), kind: "capture", amount, allocations, ...charge },
    moment,
  );
  return ok(expireGrants(charged, moment));
}
