import { jifen } from "../../jifen.ts";
import type { Role } from "../../session.ts";
import { ages } from "../holds/ages.ts";

/** What waits for a person. */
export type Found = Awaited<ReturnType<typeof readAttention>>;

/** Reads what waits for a person, as far as the role may read it. */
export async function readAttention(role: Role) {
  // Support reads orders and decides nothing; only admins have the system and webhooks.
  const isFinance = role === "finance" || role === "admin";
  const isAdmin = role === "admin";
  const [reviews, orders, holds, audits, endpoints] = await Promise.all([
    isFinance && jifen.adminReviews.list.query({ limit: 1 }),
    jifen.adminOrders.list.query({ state: "paid", limit: 1 }),
    jifen.holds.listOpen.query({ olderThanSeconds: ages.day, limit: 1 }),
    isAdmin && jifen.system.audits.query({}),
    isAdmin && jifen.webhooks.list.query({}),
  ]);
  const lastAudit = audits ? audits.items[0] : undefined;
  return {
    hasReviews: reviews ? reviews.items.length > 0 : false,
    hasPaidOrders: orders.items.length > 0,
    hasOldHolds: holds.items.length > 0,
    hasDifferences: lastAudit !== undefined && lastAudit.differences > 0,
    /** The endpoints of the person that get no events. */
    endpoints: endpoints
      ? endpoints.items.filter(({ state, failingSince }) => state === "paused" || failingSince !== null)
      : [],
  };
}
