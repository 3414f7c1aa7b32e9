import type { Database } from "@jifen/database";

/** Orders that are looked at. Beyond this, more make no difference. */
const MOST = 1_000;

/** Orders that cannot be asked about: their channel is off, or has another merchant now. */
export type FormerMerchant = {
  readonly channel: string;
  readonly merchant: string;
  readonly orderIds: readonly string[];
};

/**
 * The merchants of orders that are not final whose notices can no longer be verified.
 * @param merchants the merchant of each channel that is set up
 */
export async function formerMerchants(
  { orders }: Pick<Database, "orders">,
  merchants: ReadonlyMap<string, string>,
): Promise<readonly FormerMerchant[]> {
  const waiting = await orders.waiting(MOST);
  const former = waiting.filter(({ channel, merchant }) => merchants.get(channel) !== merchant);
  const groups = Map.groupBy(former, ({ channel, merchant }) => JSON.stringify([channel, merchant]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ channel: first.channel, merchant: first.merchant, orderIds: group.map(({ id }) => id) }] : [];
  });
}
