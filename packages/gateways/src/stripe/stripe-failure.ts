import { misconfigured, noMerchantBalance, orderMisconfigured, refusedBy, unavailable } from "../failures.ts";

/** An error of the SDK, as this adapter reads it. */
type ThrownByStripe = {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
};

const isStripeError = (error: unknown): error is ThrownByStripe =>
  error instanceof Error && typeof (error as ThrownByStripe).type === "string";

/** Whether Stripe has no object of this id under this key. */
export const isMissing = (error: unknown): boolean => isStripeError(error) && error.code === "resource_missing";

/** Whether a request was refused in the state in which its object is. */
export const isInvalid = (error: unknown): boolean =>
  isStripeError(error) && error.type === "StripeInvalidRequestError" && !isMissing(error);

/** What an error of the SDK means. @throws the error when it is none of Stripe's: a bug */
export function stripeFailure(error: unknown) {
  if (!isStripeError(error)) throw error;
  const code = typeof error.code === "string" ? error.code : String(error.type);
  // Texts of Stripe repeat a part of the key.
  const reason = String(error.message).replaceAll(/\b([rs]k|whsec)_\S+/g, "…");
  if (code === "balance_insufficient") return noMerchantBalance(code);
  switch (error.type) {
    case "StripeAuthenticationError":
      return misconfigured("STRIPE_SECRET_KEY: Stripe does not know the key");
    case "StripePermissionError":
      return misconfigured(`STRIPE_SECRET_KEY: the key lacks a permission: ${reason}`);
    case "StripeIdempotencyError":
      return error.statusCode === 409 ? unavailable(reason) : refusedBy(code, reason);
    case "StripeInvalidRequestError":
      return isMissing(error)
        ? orderMisconfigured(`the account has no such object: ${reason}`)
        : refusedBy(code, reason);
    case "StripeCardError":
      return refusedBy(code, reason);
    default:
      return unavailable(`${error.type}: ${reason}`);
  }
}
