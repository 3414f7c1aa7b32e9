import type { JifenErrorCode } from "./error.ts";

/** After these it is not known whether the call had an effect. */
const unknown: readonly JifenErrorCode[] = [
  "OUTCOME_UNKNOWN",
  "NETWORK_ERROR",
  "UNEXPECTED_RESPONSE",
  "ABORTED",
  "INTERNAL_ERROR",
];

/**
 * The server gives these refusals after it has looked for an earlier effect of the idempotency key, and has found none or
 * has ended it. Everything else that refuses a call, such as UNAUTHENTICATED or RATE_LIMITED, is decided before this, and
 * says nothing about an earlier attempt. IDEMPOTENCY_KEY_REUSED says that there is an effect.
 */
const final: readonly JifenErrorCode[] = [
  "INSUFFICIENT_CREDITS",
  "HOLD_NOT_FOUND",
  "HOLD_ALREADY_RESOLVED",
  "CAPTURE_EXCEEDS_HOLD",
  "TRANSACTION_NOT_FOUND",
  "NOT_REFUNDABLE",
  "REFUND_EXCEEDS_CHARGE",
  "GRANT_SPENT",
  "PAYMENT_NOT_REFUNDABLE",
  "PAYMENT_DISPUTED",
  "CHANNEL_CANNOT_REFUND",
  "REFUND_EXCEEDS_PAYMENT",
  "REFUND_EXCEEDS_UNUSED",
  "BALANCE_LIMIT",
  "ACTION_NOT_PRICED",
  "PARAMS_NOT_PRICED",
  "NOTHING_TO_CHARGE",
  "QUOTE_EXPIRED",
  "AMOUNT_NOT_ACCEPTED",
  "CHANNEL_OFF",
  "PACK_NOT_FOUND",
  "CURRENCY_NOT_SOLD",
  "ORDER_LIMIT",
  "ALREADY_BOUGHT",
  "GATEWAY_REFUSED",
];

/**
 * Whether a call that failed with this code may have had an effect.
 * @param wasUnknown whether an earlier attempt with the same idempotency key may have had one
 */
export const isOutcomeUnknown = (code: JifenErrorCode, wasUnknown = false): boolean =>
  unknown.includes(code) || (wasUnknown && !final.includes(code));
