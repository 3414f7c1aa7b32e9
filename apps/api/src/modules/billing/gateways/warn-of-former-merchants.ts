import type { PaymentDeps } from "../payment-deps.ts";
import { formerMerchants } from "./former-merchants.ts";

/** How many orders a line of the log names. */
const NAMED = 10;

/** Warns of orders that are not final and whose merchant is no longer set up. Never rejects: the doctor says it too. */
export async function warnOfFormerMerchants({ channels, database, log }: PaymentDeps): Promise<void> {
  const merchants = new Map([...channels].map(([channel, { gateway }]) => [channel, gateway.merchant]));
  try {
    for (const { channel, merchant, orderIds } of await formerMerchants(database, merchants)) {
      const details = { channel, merchant, orders: orderIds.length, first: orderIds.slice(0, NAMED) };
      log.warn(
        details,
        "orders of this merchant are not final, and it is not set up: they cannot be paid or asked about",
      );
    }
  } catch (error) {
    log.debug({ err: error }, "the merchants of open orders cannot be read");
  }
}
