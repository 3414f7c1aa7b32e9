import { operations } from "@jifen/contract";
import { ok, type UserId } from "@jifen/core";
import { type Order, type Payment, type Review, reviewKinds } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { pageOf, reviewCursor } from "../../../values/cursor.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { reviewBounds } from "./bounds.ts";
import { type Belongings, toReview } from "./to-review.ts";

/** Lists what staff has to look at, oldest first. */
export const list = (deps: PaymentDeps) =>
  implement(operations.adminReviews.list, async ({ input: { kind, limit, cursor } }) => {
    const after = reviewCursor.read(cursor);
    if (!after.ok) return after;
    const kinds = kind === undefined ? reviewKinds : [kind];
    const page = { kinds, limit: limit + 1, after: after.value };
    const found = await deps.database.reviews.list(reviewBounds(deps.nowMs()), page);
    const { page: shown, nextCursor } = pageOf(found, limit, reviewCursor.write);
    const rows = await belongingsOf(deps, shown);
    return ok({ items: shown.map((review) => toReview(review, rows)), nextCursor });
  });

/** The payments of reversals, and the orders of payments. */
export async function belongingsOf(
  { database }: Pick<PaymentDeps, "database">,
  reviews: readonly Review[],
): Promise<Belongings> {
  const orders: Promise<Order | undefined>[] = [];
  const payments: Promise<Payment | undefined>[] = [];
  const orderOf = (userId: UserId, id: string) => orders.push(database.orders.find({ userId, id }));
  for (const review of reviews) {
    if (review.kind === "payment") orderOf(review.payment.userId, review.payment.orderId);
    if (review.kind !== "reversal" && review.kind !== "shortfall") continue;
    payments.push(database.payments.find({ userId: review.reversal.userId, id: review.reversal.paymentId }));
  }
  return { orders: byId(await Promise.all(orders)), payments: byId(await Promise.all(payments)) };
}

const byId = <Row extends { readonly id: string }>(rows: readonly (Row | undefined)[]): ReadonlyMap<string, Row> =>
  new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])));
