import { announceDemo } from "./demo/announce.ts";
import { warnOfFormerMerchants } from "./gateways/warn-of-former-merchants.ts";
import type { PaymentDeps } from "./payment-deps.ts";

/** Says in the log of a server that starts what an operator has to know about its payment channels. */
export async function announcePayments(deps: PaymentDeps): Promise<void> {
  void warnOfFormerMerchants(deps);
  await announceDemo(deps);
}
