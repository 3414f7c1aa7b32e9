import type { TransactionId } from "@jifen/core";
import { isCharge } from "../commands/refund.ts";
import type { Entry } from "../entry.ts";
import type { Note } from "./difference.ts";

/** Adds up the refunds of each charge; only the few charges that were refunded are remembered, however long the journal. */
export class RefundsAudit {
  readonly #note: Note;
  readonly #refunded = new Map<TransactionId, number>();

  constructor(note: Note) {
    this.#note = note;
  }

  /** Which charges were refunded is known after the first reading. */
  add({ kind, referenceId, amount }: Entry): void {
    if (kind !== "refund") return;
    const id = referenceId as TransactionId;
    this.#refunded.set(id, (this.#refunded.get(id) ?? 0) + amount);
  }

  /** Whether the lines have to be read a second time, to compare refunds with their charges. */
  get wantsCharges(): boolean {
    return this.#refunded.size > 0;
  }

  /** A line of the second reading. */
  compare(line: Entry): void {
    const { id } = line;
    const refunded = this.#refunded.get(id);
    if (refunded === undefined) return;
    this.#refunded.delete(id);
    const charged = isCharge(line) ? line.amount : 0;
    if (refunded > charged) this.#note("REFUND_EXCEEDS_CHARGE", id, { expected: charged, found: refunded });
  }

  /** What is left was refunded and never charged. */
  finish(): void {
    for (const [id, refunded] of this.#refunded)
      this.#note("REFUND_EXCEEDS_CHARGE", id, { expected: 0, found: refunded });
  }
}
