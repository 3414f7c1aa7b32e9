import type { ForgedNotice, GatewayFailure, GatewayFinding } from "@jifen/billing";
import { refuse } from "@jifen/core";

type Failed = { readonly ok: false; readonly refusal: GatewayFailure };

/** Longer texts of a provider are cut: they stand in logs and in the events of an order. */
const MAX_REASON = 200;

/** The call may have had its effect. */
export const unavailable = (reason: string): Failed =>
  refuse({ code: "GATEWAY_UNAVAILABLE", reason: reason.slice(0, MAX_REASON) });

/** The answer proves nothing about this order. Others can be asked about. */
export const orderUnavailable = (reason: string): Failed =>
  refuse({ code: "GATEWAY_UNAVAILABLE", reason: reason.slice(0, MAX_REASON), isOfOrder: true });

/** The call has no effect, and never will. */
export const refusedBy = (providerCode: string, reason: string): Failed =>
  refuse({ code: "GATEWAY_REFUSED", providerCode, reason: reason.slice(0, MAX_REASON) });

/** A person has to change something first. */
export const misconfigured = (what: string): Failed =>
  refuse({ code: "GATEWAY_MISCONFIGURED", what: what.slice(0, MAX_REASON) });

/** The account does not have what this order names, as after a change of the account. */
export const orderMisconfigured = (what: string): Failed =>
  refuse({ code: "GATEWAY_MISCONFIGURED", what: what.slice(0, MAX_REASON), isOfOrder: true });

/** The merchant has too little money for a refund: it works again once a person has paid some in. */
export const noMerchantBalance = (code: string): Failed =>
  misconfigured(`the balance of the merchant account is too low: ${code}`);

/** A notice that proves nothing. */
export const forged = (reason: ForgedNotice["reason"]): { readonly ok: false; readonly refusal: ForgedNotice } =>
  refuse({ code: "FORGED", reason });

/** A failure as one line for operators. */
export function failureText(failure: GatewayFailure): string {
  switch (failure.code) {
    case "GATEWAY_REFUSED":
      return `${failure.providerCode}: ${failure.reason}`;
    case "GATEWAY_UNAVAILABLE":
      return failure.reason;
    case "GATEWAY_MISCONFIGURED":
      return failure.what;
    default:
      return failure satisfies never;
  }
}

/** A failure of an examination. */
export const failureFinding = (failure: GatewayFailure): GatewayFinding => ({
  check: failure.code === "GATEWAY_MISCONFIGURED" ? "keys" : "query",
  isGood: false,
  details: failureText(failure),
});
