import { createHash } from "node:crypto";
import type { PaymentFact } from "@jifen/billing";

/** The id of the payment of a provider's transaction: the same transaction always has the same one. */
export const paymentIdOf = ({
  channel,
  merchant,
  txnId,
}: Pick<PaymentFact, "channel" | "merchant" | "txnId">): string =>
  `pay-${createHash("sha256")
    .update(JSON.stringify([channel, merchant, txnId]))
    .digest("hex")
    .slice(0, 32)}`;
