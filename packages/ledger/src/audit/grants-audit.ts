import type { GrantId } from "@jifen/core";
import { grantRequestParams } from "../commands/grant.ts";
import type { Entry } from "../entry.ts";
import type { Allocation, Grant } from "../grant.ts";
import { spendableGain } from "../posting.ts";
import type { Note } from "./difference.ts";

type Bucket = Pick<Grant, "amount" | "expiresAtMs"> & { readonly requestParams: string | null; remaining: number };

/** Recomputes what is left of each grant from the lines that took from it and gave back. */
export class GrantsAudit {
  readonly #note: Note;
  readonly #buckets = new Map<GrantId, Bucket>();

  constructor(note: Note) {
    this.#note = note;
  }

  add(line: Entry): void {
    const sum = line.allocations.reduce((total, share) => total + share.amount, 0);
    if (sum !== line.amount) this.#note("SHARES_DIFFER", line.id, { expected: line.amount, found: sum });
    if (line.kind === "grant") {
      for (const { grantId, amount } of line.allocations) {
        this.#buckets.set(grantId, {
          amount,
          remaining: amount,
          expiresAtMs: line.expiresAtMs,
          requestParams: line.requestParams,
        });
      }
      return;
    }
    const direction = Math.sign(spendableGain(line));
    if (direction !== 0) for (const share of line.allocations) this.#move(line, share, direction);
  }

  #move(line: Entry, share: Allocation, direction: number): void {
    const bucket = this.#buckets.get(share.grantId);
    if (!bucket) {
      this.#note("GRANT_DIFFERS", share.grantId, { expected: "a line that gave it", found: null });
      return;
    }
    bucket.remaining += direction * share.amount;
    if (bucket.remaining < 0 || bucket.remaining > bucket.amount) {
      this.#note("GRANT_OVERDRAWN", share.grantId, { expected: bucket.amount, found: bucket.remaining });
    }
    const isSpent = direction < 0 && line.kind !== "expire";
    if (isSpent && bucket.expiresAtMs !== null && line.createdAtMs >= bucket.expiresAtMs) {
      this.#note("GRANT_USED_AFTER_EXPIRY", share.grantId, { expected: bucket.expiresAtMs, found: line.createdAtMs });
    }
  }

  /** Compares with the rows. */
  finish(grants: readonly Grant[]): void {
    const rows = new Map(grants.map((grant) => [grant.id, grant]));
    for (const id of new Set([...rows.keys(), ...this.#buckets.keys()])) {
      const [bucket, row] = [this.#buckets.get(id), rows.get(id)];
      const expected = bucket ? told(bucket, bucket.requestParams) : null;
      const found = row ? told(row, grantRequestParams(row)) : null;
      if (expected !== found) this.#note("GRANT_DIFFERS", id, { expected, found });
    }
  }
}

/** One sentence for what the journal says, the same as for what the row says when both agree. */
const told = ({ amount, remaining }: { amount: number; remaining: number }, requestParams: string | null): string =>
  `${remaining} of ${amount}, ${requestParams}`;
