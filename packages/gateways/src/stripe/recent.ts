import type { FromGateway, RecentNotices } from "@jifen/billing";
import { ok } from "@jifen/core";
import type Stripe from "stripe";
import { noticeOf, stripeEvents } from "./notice.ts";
import type { StripeCall } from "./sessions.ts";
import { isMissing, stripeFailure } from "./stripe-failure.ts";

const PAGE = 100;
const MAX_EVENTS = 1_000;

/** Events after the cursor, oldest first. Stripe keeps them for 30 days; an older cursor begins again with the newest page. */
export async function recentEvents(call: StripeCall, cursor: string | undefined): FromGateway<RecentNotices> {
  try {
    return ok(await eventsAfter(call, cursor));
  } catch (error) {
    if (!isMissing(error) || cursor === undefined) return stripeFailure(error);
    return await recentEvents(call, undefined);
  }
}

async function eventsAfter({ stripe, live }: StripeCall, cursor: string | undefined): Promise<RecentNotices> {
  const events: Stripe.Event[] = [];
  let newest = cursor;
  do {
    const page = await stripe.events.list({
      types: [...stripeEvents],
      limit: PAGE,
      ...(newest !== undefined && { ending_before: newest }),
    });
    // Each page has its newest event first.
    events.push(...page.data.toReversed());
    newest = page.data[0]?.id ?? newest;
    if (cursor === undefined || !page.has_more) break;
  } while (events.length < MAX_EVENTS);
  return { notices: events.map((event) => noticeOf(event, live)), cursor: newest ?? "" };
}
