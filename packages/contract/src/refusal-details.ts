import type { EntryKind, HoldState } from "@jifen/core";
import type { Role, Scope } from "./callers.ts";

/** An invalid field and what it must be. `path` is dotted, and empty for the whole input. */
export type FieldIssue = { readonly path: string; readonly message: string };

/** The fields of a refusal besides its code. */
export type RefusalDetails = {
  /** The id of the transaction if the request took effect: for callers without an idempotency key. */
  OUTCOME_UNKNOWN: { transactionId?: string };
  VALIDATION_FAILED: { issues: readonly FieldIssue[] };
  /** Present when the text could be parsed, but not in one way only: a repeated member, another encoding. */
  MALFORMED_JSON: { issues?: readonly FieldIssue[] };
  /** Present when a credential was sent: it is invalid, expired or revoked (RFC 6750, section 3.1). */
  UNAUTHENTICATED: { reason?: "invalid_token" };
  /**
   * The sufficient roles and scope. `scope` is null for operations that no service key can call. `missing` is what the
   * caller lacks: a role of the user, a scope of the key, or, as a key, to be a user in person.
   */
  FORBIDDEN: { missing?: "role" | "scope" | "person"; roles?: readonly Role[]; scope?: Scope | null };
  /** The scopes that must be removed. */
  SCOPE_NOT_GRANTABLE: { scopes: readonly Scope[] };
  KEY_LIMIT_REACHED: { limit: number };
  /** What the key has granted today (UTC), and when the next day begins. */
  GRANT_LIMIT_REACHED: { limit: number; used: number; resetsAt: string };
  CODE_LIMIT: { limit: number };
  ENDPOINT_LIMIT: { limit: number };
  CHANNEL_OFF: { channels: readonly string[] };
  CURRENCY_NOT_SOLD: { currencies: readonly string[] };
  PAYMENT_NOT_REFUNDABLE: { state: "accepted" | "returned" | "dismissed" };
  NOT_STUCK: { state: "asked" | "taken" | "sent" | "done" | "failing" | "failed" | "stuck" };
  /** In minor units of the payment's currency. */
  REFUND_EXCEEDS_PAYMENT: { most: number };
  REFUND_EXCEEDS_UNUSED: { most: number };
  NOT_IN_REVIEW: { state: "accepted" | "credited" | "returned" | "dismissed" };
  NOT_ACCEPTABLE: { reason: "live-mode" | "user-deleted" | "returning" | "disputed" };
  ORDER_LIMIT: { limit: number };
  ALREADY_BOUGHT: { limit: number };
  INSUFFICIENT_CREDITS: { balance: number; required: number };
  PAYLOAD_TOO_LARGE: { limitBytes: number };
  RATE_LIMITED: { retryAfterSeconds: number };
  HOLD_ALREADY_RESOLVED: { state: Exclude<HoldState, "pending">; resolvedAt: string };
  CAPTURE_EXCEEDS_HOLD: { amount: number; held: number };
  REFUND_EXCEEDS_CHARGE: { charged: number; refunded: number; amount: number };
  NOT_REFUNDABLE: { kind: EntryKind };
  /** The parameter, and the values that have a price: those of a choice, or a range such as `1…60`. */
  PARAMS_NOT_PRICED: { path: string; allowed: readonly string[] };
  QUOTE_EXPIRED: { expiredAt: string };
  CATALOGUE_INVALID: { issues: readonly FieldIssue[] };
  TOO_SOON: { earliest: string };
  ALREADY_PUBLISHED: { state: "published" | "withdrawn" };
  BALANCE_LIMIT: { balance: number; limit: number };
};
