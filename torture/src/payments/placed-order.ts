import type { TestUser } from "../faults/send.ts";
import type { Pack } from "./catalogue.ts";
import type { FakeChannel } from "./gateways.ts";

/** An order that a client has placed. What was paid of it is in the books of its provider. */
export type PlacedOrder = {
  readonly user: TestUser;
  readonly orderId: string;
  readonly channel: FakeChannel;
  readonly pack: Pack;
};

/** Every payment of the order by the books of its provider: those of the right amount first in time, and the others. */
export function paymentsOf({ orderId, channel }: PlacedOrder): {
  /** The ids of the transactions that paid the order in full. */
  readonly full: readonly string[];
  /** The ids of those with another amount. */
  readonly wrong: readonly string[];
} {
  const trade = channel.fake.books.find(orderId);
  const payments = trade?.payments ?? [];
  const isFull = ({ amountMinor }: { readonly amountMinor: number }) => amountMinor === trade?.content.amountMinor;
  return {
    full: payments.filter(isFull).map(({ txnId }) => txnId),
    wrong: payments.filter((payment) => !isFull(payment)).map(({ txnId }) => txnId),
  };
}

/** The credits that an order must have brought: those of its pack, once, if it was paid in full. */
export const creditsOf = (order: PlacedOrder): number =>
  paymentsOf(order).full.length > 0 ? order.pack.credits + order.pack.bonusCredits : 0;
