import type { Records } from "../records/records.ts";
import { type Payment, toPayment } from "./payment.ts";
import { type Reversal, toReversal } from "./reversals.ts";
import type { Stray } from "./strays.ts";

/**
 * Why a person has to look. `payment`: it was not accepted. `late`: its credits are not granted after many attempts. `stray`:
 * its order is not here. `reversal`: it is stuck, or not final for days. `shortfall`: credits that a reversal could not take.
 */
export const reviewKinds = ["payment", "late", "stray", "reversal", "shortfall"] as const;

/** The kind of an entry of the review list. */
export type ReviewKind = (typeof reviewKinds)[number];

/** An entry of the review list. `sinceMs`: epoch milliseconds. */
export type Review = { readonly sinceMs: number; readonly id: string } & (
  | { readonly kind: "payment" | "late"; readonly payment: Payment }
  | { readonly kind: "stray"; readonly stray: Stray }
  | { readonly kind: "reversal" | "shortfall"; readonly reversal: Reversal }
);

/** Where a page of the review list ended. */
export type ReviewPosition = Pick<Review, "sinceMs" | "kind" | "id">;

/** From when on a person has to look. */
export type ReviewBounds = {
  /** Attempts to grant the credits of a payment. */
  readonly minAttempts: number;
  /** Reversals that are not final, and were made at this time or before. */
  readonly reversalsUntilMs: number;
};

/** What a page of the review list holds. */
type ReviewPage = {
  readonly kinds: readonly ReviewKind[];
  readonly limit: number;
  readonly after?: ReviewPosition | undefined;
};

/** What staff has to look at. Every operation rejects as `Records` does. */
export type ReviewStore = {
  /** The oldest first, then by kind, then by id. */
  list(bounds: ReviewBounds, page: ReviewPage): Promise<readonly Review[]>;
  /** How many there are of a kind, counting up to `limit`. */
  count(bounds: ReviewBounds, kind: ReviewKind, limit: number): Promise<number>;
};

/** Rows of a kind from a position on. */
type Start = { readonly sinceMs: number; readonly id: string } | undefined;
type ReadKind = (start: Start, limit: number) => Promise<readonly Review[]>;

/** The review list on any database. */
export const createReviewStore = (records: Records): ReviewStore => ({
  list: async (bounds, { kinds, limit, after }) => {
    const readers = readersOf(records, bounds);
    const found = await Promise.all(
      reviewKinds
        .filter((kind) => kinds.includes(kind))
        .map((kind) => readers[kind](after && startOf(kind, after), limit)),
    );
    return found.flat().toSorted(byPosition).slice(0, limit);
  },

  count: async (bounds, kind, limit) => {
    const wheres = wheresOf(bounds);
    switch (kind) {
      case "payment":
      case "late":
        return records.count("payments", wheres[kind], limit);
      case "stray":
        return records.count("strays", wheres.stray, limit);
      case "reversal": {
        const stuck = await records.count("reversals", wheres.stuck, limit);
        return Math.min(limit, stuck + (await records.count("reversals", wheres.overdue, limit)));
      }
      case "shortfall":
        return records.count("reversals", wheres.shortfall, limit);
      default:
        return kind satisfies never;
    }
  },
});

/** Which rows are in the list. The index of each begins with its condition. */
const wheresOf = ({ minAttempts, reversalsUntilMs }: ReviewBounds) =>
  ({
    payment: { state: "review" },
    late: { state: "accepted", nextCheckMs: { gte: 0 }, checks: { gte: minAttempts } },
    stray: { resolvedAtMs: null },
    stuck: { state: "stuck" },
    overdue: { state: { in: ["asked", "taken", "sent", "failing"] }, createdAtMs: { lte: reversalsUntilMs } },
    shortfall: { shortfall: { gt: 0 } },
  }) as const;

function readersOf(records: Records, bounds: ReviewBounds): Readonly<Record<ReviewKind, ReadKind>> {
  const wheres = wheresOf(bounds);
  const payments =
    (kind: "payment" | "late", index: string): ReadKind =>
    async (start, limit) => {
      const found = await records.list("payments", {
        ...{ where: wheres[kind], by: ["recordedAtMs", "id"], index, limit },
        after: start && { recordedAtMs: start.sinceMs, id: start.id },
      });
      return found.map((row) => ({ kind, sinceMs: row.recordedAtMs, id: row.id, payment: toPayment(row) }));
    };
  const reversals =
    (kind: "reversal" | "shortfall", where: "stuck" | "overdue" | "shortfall"): ReadKind =>
    async (start, limit) => {
      const found = await records.list("reversals", {
        ...{ where: wheres[where], by: ["createdAtMs", "id"], limit },
        index: where === "shortfall" ? "shortfall" : "state",
        after: start && { createdAtMs: start.sinceMs, id: start.id },
      });
      return found.map((row) => ({ kind, sinceMs: row.createdAtMs, id: row.id, reversal: toReversal(row) }));
    };
  const stuck = reversals("reversal", "stuck");
  const overdue = reversals("reversal", "overdue");
  return {
    payment: payments("payment", "review"),
    late: payments("late", "due"),
    stray: async (start, limit) => {
      const found = await records.list("strays", {
        ...{ where: wheres.stray, by: ["firstMs", "txnId"], limit },
        after: start && { firstMs: start.sinceMs, txnId: start.id },
      });
      return found.map((stray) => ({ kind: "stray", sinceMs: stray.firstMs, id: stray.txnId, stray }));
    },
    reversal: async (start, limit) => [...(await stuck(start, limit)), ...(await overdue(start, limit))],
    shortfall: reversals("shortfall", "shortfall"),
  };
}

const placeOf = (kind: ReviewKind): number => reviewKinds.indexOf(kind);

/** Where the rows of a kind go on after a position of any kind. No id is empty. */
function startOf(kind: ReviewKind, { kind: ended, sinceMs, id }: ReviewPosition): NonNullable<Start> {
  if (kind === ended) return { sinceMs, id };
  return placeOf(kind) < placeOf(ended) ? { sinceMs: sinceMs + 1, id: "" } : { sinceMs, id: "" };
}

function byPosition(one: Review, other: Review): number {
  const difference = one.sinceMs - other.sinceMs || placeOf(one.kind) - placeOf(other.kind);
  if (difference !== 0) return difference;
  return one.id < other.id ? -1 : 1;
}
