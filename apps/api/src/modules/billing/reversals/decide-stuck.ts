import type { ReversalEvent } from "@jifen/billing";
import type { AuditActionName, Refusal } from "@jifen/contract";
import { accountOf, type Outcome, ok, refuse } from "@jifen/core";
import type { Reversal, ReversalSet } from "@jifen/database";
import { toAuditEvent } from "../../audit/audit-event.ts";
import { isForbiddenGrant } from "../../credits/self-grant.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { REQUEST_MS } from "./ask-refund.ts";
import { finishReversal } from "./finish-reversal.ts";
import { moveReversal } from "./move-reversal.ts";

/** What staff decides about a reversal that is stuck. */
type Decision = { readonly reversalId: string; readonly reason: string };

type DecisionRefusal = Refusal<"REVERSAL_NOT_FOUND" | "SELF_ACTION_FORBIDDEN" | "NOT_STUCK">;

/**
 * Asks the provider for a stuck refund once more, under the same id.
 * Refuses, in this order: REVERSAL_NOT_FOUND, SELF_ACTION_FORBIDDEN, NOT_STUCK.
 */
export async function retryReversal(
  deps: PaymentDeps,
  decision: Decision,
  by: Principal,
): Promise<Outcome<Reversal, DecisionRefusal>> {
  const nextCheckMs = deps.nowMs() + REQUEST_MS;
  // The provider may have it: it is looked for before it is asked for again.
  const set = { checks: 1, nextCheckMs };
  const retried = await decide(deps, decision, { by, event: "retried by staff", action: "reversals.retry", set });
  return retried.ok ? ok(await finishReversal(deps, retried.value, "staff")) : retried;
}

/**
 * Notes that the money of a stuck refund was returned by hand, at the provider.
 * Refuses, in this order: REVERSAL_NOT_FOUND, SELF_ACTION_FORBIDDEN, NOT_STUCK.
 */
export const settleReversal = (
  deps: PaymentDeps,
  decision: Decision,
  by: Principal,
): Promise<Outcome<Reversal, DecisionRefusal>> =>
  decide(deps, decision, { by, event: "settled by staff", action: "reversals.settle", set: { nextCheckMs: null } });

type Act = {
  readonly by: Principal;
  readonly event: Extract<ReversalEvent, "retried by staff" | "settled by staff">;
  readonly action: AuditActionName;
  readonly set: ReversalSet;
};

async function decide(
  deps: PaymentDeps,
  { reversalId, reason }: Decision,
  { by, event, action, set }: Act,
): Promise<Outcome<Reversal, DecisionRefusal>> {
  const found = await deps.database.reversals.findById(reversalId);
  if (!found) return refuse({ code: "REVERSAL_NOT_FOUND" });
  const { userId, paymentId } = found;
  if (isForbiddenGrant(deps, by, accountOf(userId))) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const act = { action, subject: `user:${userId}`, reason, details: { reversalId, paymentId } };
  const { reversal, isMoved } = await moveReversal(deps, found, {
    ...{ events: [event], source: "staff", set: () => set, details: { by: by.actor, reason } },
    auditEvent: toAuditEvent(deps, by, act),
  });
  return isMoved ? ok(reversal) : refuse({ code: "NOT_STUCK", state: reversal.state });
}
