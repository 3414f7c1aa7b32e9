import {
  minorUnits,
  moneyOfReversals,
  paymentStateAfter,
  type ReversalEvent,
  reversalStateAfter,
} from "@jifen/billing";
import { ok, refuse } from "@jifen/core";
import type {
  AuditEvent,
  EventSource,
  Payment,
  PaymentSet,
  Reversal,
  ReversalRows,
  ReversalSet,
} from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { countedOf } from "./payment-terms.ts";
import { reversalDone } from "./reversal-events.ts";
import { uncoveredBy } from "./uncovered.ts";

/** What moves a reversal, and what changes with it. */
export type Move = {
  /** Several in a row happen together. */
  readonly events: readonly ReversalEvent[];
  readonly source: EventSource;
  /** Whether it happens only if the reversal was not changed since it was read. */
  readonly onlyAsRead?: boolean | undefined;
  readonly set?: ((rows: ReversalRows) => ReversalSet) | undefined;
  /** Shown to staff with the event. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly auditEvent?: AuditEvent | undefined;
};

type MoveDeps = Pick<PaymentDeps, "database" | "newId" | "nowMs">;

/** The state after all events; undefined when one of them changes nothing. */
function stateAfter({ state }: Reversal, events: readonly ReversalEvent[]): Reversal["state"] | undefined {
  let now: Reversal["state"] | undefined = state;
  for (const event of events) now = now && reversalStateAfter(now, event);
  return now;
}

/**
 * Moves a reversal, with the money on its payment, the event of its order and the outgoing event in one transaction. When it has
 * failed, a reversal that it has covered takes what it has given back.
 * @returns the reversal as it is then, and whether it was moved: another process can have moved it before
 */
export async function moveReversal(
  deps: MoveDeps,
  reversal: Reversal,
  move: Move,
): Promise<{ readonly reversal: Reversal; readonly isMoved: boolean }> {
  const moved = await deps.database.reversals.change(reversal, (rows) => {
    const state = stateAfter(rows.reversal, move.events);
    const isChanged = move.onlyAsRead && rows.reversal.revision !== reversal.revision;
    if (state === undefined || isChanged) return refuse({ code: "MOVED" as const });
    const set = { ...move.set?.(rows), state };
    const after = { ...rows.reversal, ...set };
    const reversals = rows.reversals.map((each) => (each.id === after.id ? after : each));
    const atMs = deps.nowMs();
    const isDone = state === "done" && rows.reversal.state !== "done";
    return ok({
      set,
      other: state === "failed" ? uncoveredBy(rows.payment, reversals, atMs) : undefined,
      payment: {
        set: { ...moneyAfter(rows.payment, reversals), ...(after.kind === "dispute" && disputedBy(reversals)) },
        event: eventOf(after, move, atMs),
        auditEvent: move.auditEvent,
        outgoing: isDone ? reversalDone(deps, { ...rows, reversal: after }, atMs) : undefined,
      },
    });
  });
  if (moved.ok) return { reversal: moved.value.reversal, isMoved: true };
  return { reversal: (await deps.database.reversals.find(reversal)) ?? reversal, isMoved: false };
}

function eventOf(
  { id, paymentId, kind, state, amountMinor }: Reversal,
  { events, source, details }: Move,
  atMs: number,
) {
  const what = `${kind}: ${events.at(-1) ?? state}`;
  return {
    ...{ atMs, what, source, reference: paymentId },
    details: JSON.stringify({ reversalId: id, state, minor: amountMinor, ...details }),
  };
}

/** The money of a payment, and its state, as its reversals are. */
export function moneyAfter(payment: Payment, reversals: readonly Parameters<typeof countedOf>[0][]): PaymentSet {
  const { reversing, reversed } = moneyOfReversals(minorUnits(payment.amountMinor), reversals.map(countedOf));
  return { reversingMinor: reversing, reversedMinor: reversed, ...stateOf(payment, reversed) };
}

/** Whether one of the disputes has not ended. */
const disputedBy = (reversals: readonly Reversal[]): Pick<PaymentSet, "disputed"> => ({
  disputed: reversals.some(({ kind, state }) => kind === "dispute" && state !== "done" && state !== "failed"),
});

/** A payment without credits is returned once all of its money went back. */
function stateOf({ state, amountMinor }: Payment, reversedMinor: number): Pick<PaymentSet, "state"> {
  const event = reversedMinor >= amountMinor ? "returned in full" : "return failed";
  const next = paymentStateAfter(state, event);
  return next === undefined ? {} : { state: next };
}
