import type { HoldId } from "@jifen/core";
import type { Entry } from "../entry.ts";
import type { Hold } from "../hold.ts";
import type { ReportDifference } from "./difference.ts";

type HoldHistory = {
  readonly amount: number;
  readonly allocations: string;
  captured: number;
  releasedOrExpired: number;
  expiresAtMs: number | null;
};

/** Recomputes each hold from the entries about it. */
export class HoldsAudit {
  readonly #report: ReportDifference;
  readonly #histories = new Map<HoldId, HoldHistory>();

  constructor(report: ReportDifference) {
    this.#report = report;
  }

  add(entry: Entry): void {
    const id = entry.referenceId as HoldId;
    if (entry.kind === "hold") {
      const { amount, expiresAtMs } = entry;
      this.#histories.set(id, {
        amount,
        expiresAtMs,
        allocations: JSON.stringify(entry.allocations),
        captured: 0,
        releasedOrExpired: 0,
      });
    }
    const history = this.#histories.get(id);
    if (entry.kind === "extend" && history) history.expiresAtMs = entry.expiresAtMs;
    if (entry.kind !== "capture" && entry.kind !== "release") return;
    if (!history) {
      this.#report("HOLD_DIFFERS", id, { expected: "a hold entry", found: null });
      return;
    }
    if (entry.kind === "capture") history.captured += entry.amount;
    else history.releasedOrExpired += entry.amount;
    const left = history.captured + history.releasedOrExpired;
    if (left > history.amount) this.#report("HOLD_RESOLVED_TWICE", id, { expected: history.amount, found: left });
  }

  /** Compares the result with the rows. */
  finish(holds: readonly Hold[]): void {
    const rows = new Map(holds.map((hold) => [hold.id, hold]));
    for (const id of new Set([...rows.keys(), ...this.#histories.keys()])) {
      const [expected, found] = [describeHistory(this.#histories.get(id)), describeRow(rows.get(id))];
      if (expected !== found) this.#report("HOLD_DIFFERS", id, { expected, found });
    }
  }
}

/** Describes a hold from its entries; equal to the description of its row if both agree. */
function describeHistory(history: HoldHistory | undefined): string | null {
  if (!history) return null;
  const { amount, captured, releasedOrExpired, allocations, expiresAtMs } = history;
  const isResolved = captured + releasedOrExpired > 0;
  return `${amount} of ${allocations} until ${expiresAtMs}, ${isResolved ? `captured ${captured}, released ${releasedOrExpired}` : "pending"}`;
}

function describeRow(hold: Hold | undefined): string | null {
  if (!hold) return null;
  const { amount, captured, released, expired, state, expiresAtMs } = hold;
  const end = state === "pending" ? "pending" : `captured ${captured}, released ${released + expired}`;
  return `${amount} of ${JSON.stringify(hold.allocations)} until ${expiresAtMs}, ${end}`;
}
