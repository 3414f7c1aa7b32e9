import { type Credits, credits, holderKindOf, idempotencyKey, type Outcome, ok, refuse } from "@jifen/core";
import { expiredAmountOf, expireGrants, withHold } from "../expirations.ts";
import { remainingAllocations, takeAllocations } from "../grant.ts";
import type { Hold } from "../hold.ts";
import { type Posted, post } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";
import { findPendingHold, type HoldCommand, type HoldRefusal } from "./pending-hold.ts";

/** Charges `amount` of a hold, or all of it when null, and releases the rest. */
export type CaptureHold = CommandBase &
  HoldCommand & {
    readonly kind: "capture";
    readonly amount: Credits | null;
    /** JSON text of the charge, such as what was used; null repeats that of the hold. */
    readonly metadata: string | null;
  };

/** Refusals of a capture. CAPTURE_EXCEEDS_HOLD has the requested amount and the held amount. */
export type CaptureRefusal = HoldRefusal | { code: "CAPTURE_EXCEEDS_HOLD"; amount: Credits; held: Credits };

/** The fields besides the hold and the metadata that a retry must repeat. */
export const captureRequestParams = ({ by, amount, metadata }: CaptureHold): string =>
  // Without metadata it is the text that earlier versions wrote.
  JSON.stringify({ by: holderKindOf(by), amount, ...(metadata !== null && { hasMetadata: true }) });

/**
 * Charges a hold. The rest is released first, so that the capture's entry has the final balances.
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
  const context = { ...command, nowMs };
  const holdFields = { action: hold.action, referenceId: hold.id };
  const beforeRelease = { ...posted, state: withHold(posted.state, resolved) };
  const restKey = idempotencyKey.ofSystem(`capture-rest:${hold.id}`);
  const afterRelease =
    released === 0
      ? beforeRelease
      : post(
          beforeRelease,
          { ...holdFields, idempotencyKey: restKey, kind: "release", amount: released, allocations: rest },
          context,
        );
  const metadata = command.metadata ?? hold.metadata;
  const chargeFields = { metadata, requestParams: captureRequestParams(command), expiredOnReturn };
  const captured = post(
    afterRelease,
    { ...holdFields, ...entryIdentity(command), kind: "capture", amount, allocations, ...chargeFields },
    context,
  );
  return ok(expireGrants(captured, context));
}
