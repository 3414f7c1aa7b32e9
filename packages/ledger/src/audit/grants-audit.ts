import type { GrantId } from "@jifen/core";
import { grantRequestParams } from "../commands/grant.ts";
import type { Entry } from "../entry.ts";
import type { Allocation, Grant } from "../grant.ts";
import { spendableGain } from "../posting.ts";
import type { ReportDifference } from "./difference.ts";

type GrantHistory = Pick<Grant, "amount" | "expiresAtMs"> & {
  readonly requestParams: string | null;
  remaining: number;
};

/** Recomputes the rest of each grant from the entries that took from it and returned credits to it. */
export class GrantsAudit {
  readonly #report: ReportDifference;
  readonly #histories = new Map<GrantId, GrantHistory>();

  constructor(report: ReportDifference) {
    this.#report = report;
  }

  add(entry: Entry): void {
    const sum = entry.allocations.reduce((total, allocation) => total + allocation.amount, 0);
    if (sum !== entry.amount) this.#report("ALLOCATIONS_DIFFER", entry.id, { expected: entry.amount, found: sum });
    if (entry.kind === "grant") {
      for (const { grantId, amount } of entry.allocations) {
        this.#histories.set(grantId, {
          amount,
          remaining: amount,
          expiresAtMs: entry.expiresAtMs,
          requestParams: entry.requestParams,
        });
      }
      return;
    }
    const direction = Math.sign(spendableGain(entry));
    if (direction !== 0) for (const allocation of entry.allocations) this.#move(entry, allocation, direction);
  }

  #move(entry: Entry, allocation: Allocation, direction: number): void {
    const history = this.#histories.get(allocation.grantId);
    if (!history) {
      this.#report("GRANT_DIFFERS", allocation.grantId, { expected: "a grant entry", found: null });
      return;
    }
    history.remaining += direction * allocation.amount;
    if (history.remaining < 0 || history.remaining > history.amount) {
      this.#report("GRANT_OVERDRAWN", allocation.grantId, { expected: history.amount, found: history.remaining });
    }
    const isSpent = direction < 0 && entry.kind !== "expire";
    if (isSpent && history.expiresAtMs !== null && entry.createdAtMs >= history.expiresAtMs) {
      this.#report("GRANT_USED_AFTER_EXPIRY", allocation.grantId, {
        expected: history.expiresAtMs,
        found: entry.createdAtMs,
      });
    }
  }

  /** Compares the result with the rows. */
  finish(grants: readonly Grant[]): void {
    const rows = new Map(grants.map((grant) => [grant.id, grant]));
    for (const id of new Set([...rows.keys(), ...this.#histories.keys()])) {
      const [history, row] = [this.#histories.get(id), rows.get(id)];
      const expected = history ? describeHistory(history, history.requestParams) : null;
      const found = row ? describeHistory(row, grantRequestParams(row)) : null;
      if (expected !== found) this.#report("GRANT_DIFFERS", id, { expected, found });
    }
  }
}

/** Describes a grant, from its entries or from its row: the texts are equal if both agree. */
const describeHistory = (
  { amount, remaining }: { amount: number; remaining: number },
  requestParams: string | null,
): string => `${remaining} of ${amount}, ${requestParams}`;
