import type { TransactionId } from "@jifen/core";
import { isCharge } from "../commands/refund.ts";
import type { Entry } from "../entry.ts";
import type { ReportDifference } from "./difference.ts";

/** Sums up the refunds of each charge. Memory grows with the refunded charges only, not with the number of entries. */
export class RefundsAudit {
  readonly #report: ReportDifference;
  readonly #refunded = new Map<TransactionId, number>();

  constructor(report: ReportDifference) {
    this.#report = report;
  }

  /** An entry of the first pass, which finds the refunded charges. */
  add({ kind, referenceId, amount }: Entry): void {
    if (kind !== "refund") return;
    const id = referenceId as TransactionId;
    this.#refunded.set(id, (this.#refunded.get(id) ?? 0) + amount);
  }

  /** Whether a second pass is needed, to compare refunds with their charges. */
  get needsSecondPass(): boolean {
    return this.#refunded.size > 0;
  }

  /** An entry of the second pass. */
  compare(entry: Entry): void {
    const { id } = entry;
    const refunded = this.#refunded.get(id);
    if (refunded === undefined) return;
    this.#refunded.delete(id);
    const charged = isCharge(entry) ? entry.amount : 0;
    if (refunded > charged) this.#report("REFUND_EXCEEDS_CHARGE", id, { expected: charged, found: refunded });
  }

  /** Reports refunds of charges that do not exist. */
  finish(): void {
    for (const [id, refunded] of this.#refunded)
      this.#report("REFUND_EXCEEDS_CHARGE", id, { expected: 0, found: refunded });
  }
}
