import type { GatewayFailure, GatewayLimits, PaymentRequest } from "@jifen/billing";
import { type Outcome, ok } from "@jifen/core";
import { refusedBy } from "./failures.ts";

/** Refuses an order that is not within the limits of the gateway, before the provider hears of it. */
export function checkRequest(request: PaymentRequest, limits: GatewayLimits): Outcome<undefined, GatewayFailure> {
  const { amount, method, createdAtMs, expiresAtMs } = request;
  const currency = limits.currencies.find((each) => each.currency === amount.currency);
  if (!currency) return refusedBy("CURRENCY", `${amount.currency} is not sold through this channel`);
  if (amount.minor < currency.minMinor || amount.minor > currency.maxMinor) {
    return refusedBy("AMOUNT", `the amount must be from ${currency.minMinor} to ${currency.maxMinor} minor units`);
  }
  if (!limits.methods.includes(method)) return refusedBy("METHOD", `methods are ${limits.methods.join(", ")}`);
  const lasts = expiresAtMs - createdAtMs;
  if (lasts < limits.shortestMs || lasts > limits.longestMs) {
    return refusedBy("DURATION", `an order must last from ${limits.shortestMs} to ${limits.longestMs} ms`);
  }
  return ok(undefined);
}
