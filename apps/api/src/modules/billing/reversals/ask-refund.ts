import { minorUnits, type TakeRule } from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { accountOf, type IdempotencyKey, type Outcome, ok, refuse } from "@jifen/core";
import type { AuditEvent, EventSource, NewReversal, Payment, Reversal } from "@jifen/database";
import { invalidField } from "../../../values/invalid-field.ts";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import { staffKeys } from "../../credits/idempotency-keys.ts";
import { isForbiddenGrant } from "../../credits/self-grant.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { finishReversal } from "./finish-reversal.ts";
import { decideRefund, type RefundTerms, readRemaining, type TermsRefusal } from "./refund-terms.ts";

/** A refund that staff asks for. */
type RefundWish = {
  readonly paymentId: string;
  /** Minor units; all that is left if left out. */
  readonly amountMinor?: number | undefined;
  /** Whether more can be returned than the unused credits are worth. */
  readonly goodwill?: boolean | undefined;
  /** With goodwill: whether the user keeps the credits. */
  readonly keepCredits?: boolean | undefined;
  /** Whether staff returns the money at the provider, where the channel cannot. */
  readonly byHand?: boolean | undefined;
  readonly reason: string;
  /** For the audit log only; no part of what a later request has to repeat. */
  readonly note?: string | undefined;
  readonly idempotencyKey?: string | undefined;
};

/** Why no refund was asked for. */
type AskRefusal = TermsRefusal | Refusal<"PAYMENT_NOT_FOUND" | "SELF_ACTION_FORBIDDEN" | "IDEMPOTENCY_KEY_REUSED">;

/** A refund, asked for now or by an earlier request with the same idempotency key. */
type Asked = { readonly reversal: Reversal; readonly replayed: boolean };

/** How long the request itself has to finish the refund, before the background job does it. */
export const REQUEST_MS = 15_000;

/**
 * Asks for a refund of a payment, once per idempotency key of its user, and does what can be done of it now: takes the
 * credits, then returns the money. The answer is the refund as far as it is; the background job does the rest.
 * Refuses, in this order: VALIDATION_FAILED, PAYMENT_NOT_FOUND, SELF_ACTION_FORBIDDEN, IDEMPOTENCY_KEY_REUSED,
 * PAYMENT_NOT_REFUNDABLE, PAYMENT_DISPUTED, CHANNEL_CANNOT_REFUND, REFUND_EXCEEDS_PAYMENT, REFUND_EXCEEDS_UNUSED.
 */
export async function askRefund(
  deps: PaymentDeps,
  wish: RefundWish,
  by: Principal,
): Promise<Outcome<Asked, AskRefusal>> {
  const rule = ruleOf(wish);
  if (!rule.ok) return rule;
  const payment = await deps.database.payments.findById(wish.paymentId);
  if (!payment) return refuse({ code: "PAYMENT_NOT_FOUND" });
  if (isForbiddenGrant(deps, by, accountOf(payment.userId))) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  const { idempotencyKey } = staffKeys(by, wish.idempotencyKey);
  return askOnce(deps, payment, { wish, rule: rule.value, by, idempotencyKey, source: "staff" });
}

type Wish = Omit<RefundWish, "idempotencyKey">;

/** A refund that is allowed to whom asks for it. */
type Asking = {
  readonly wish: Wish;
  readonly rule: TakeRule;
  readonly by: Actor;
  readonly idempotencyKey: IdempotencyKey | undefined;
  readonly source: EventSource;
};

/** Asks for a refund as `askRefund` does, by staff or by the server itself. */
export async function askOnce(
  deps: PaymentDeps,
  payment: Payment,
  { wish, rule, by, idempotencyKey, source }: Asking,
): Promise<Outcome<Asked, AskRefusal>> {
  const remaining = await readRemaining(deps, payment);
  const { userId, id } = payment;
  const request = requestOf(wish);
  const asked = await deps.database.reversals.ask({ userId, id, idempotencyKey }, (rows) => {
    const decided = decideRefund(deps, rows, { ...wish, rule, remaining });
    if (!decided.ok) return decided;
    const reversal = { ...newRefund(deps, rows.payment, decided.value), madeBy: by.actor, reason: wish.reason };
    return ok({
      reversal: { ...reversal, idempotencyKey: idempotencyKey ?? null, request },
      payment: {
        set: {
          reversingMinor: minorUnits(rows.payment.reversingMinor + reversal.amountMinor),
          // A second payment is due until its money goes back.
          ...(rows.payment.state === "review" && { nextCheckMs: null }),
        },
        event: {
          ...{ atMs: reversal.createdAtMs, what: "refund: asked", source, reference: id },
          details: JSON.stringify({ reversalId: reversal.id, minor: reversal.amountMinor, rule: reversal.rule }),
        },
        auditEvent: auditOf(deps, reversal, { wish, by }),
      },
    });
  });
  if (asked.ok) return ok({ reversal: await finishReversal(deps, asked.value.reversal, source), replayed: false });
  const { refusal } = asked;
  if (refusal.code !== "ASKED_BEFORE") return refuse(refusal);
  return refusal.reversal.paymentId === id && refusal.reversal.request === request
    ? ok({ reversal: refusal.reversal, replayed: true })
    : refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
}

function ruleOf({ goodwill, keepCredits }: RefundWish): Outcome<TakeRule, Refusal<"VALIDATION_FAILED">> {
  if (!keepCredits) return ok(goodwill ? "goodwill" : "unused");
  if (goodwill) return ok("keep");
  return invalidField("keepCredits", { zh: "需要同时设置 goodwill", en: "needs goodwill as well" });
}

function newRefund(
  { newOrderId, nowMs }: PaymentDeps,
  { userId, id, currency }: Payment,
  { amountMinor, askedCredits, rule }: RefundTerms,
) {
  const createdAtMs = nowMs();
  return {
    ...{ userId, id: newOrderId(), paymentId: id, kind: "refund", outsideId: null, rule, state: "asked" },
    ...{ amountMinor: minorUnits(amountMinor), currency, askedCredits, takenCredits: 0, takenBonus: 0, shortfall: 0 },
    ...{ createdAtMs, nextCheckMs: createdAtMs + REQUEST_MS },
  } as const satisfies Omit<NewReversal, "madeBy">;
}

function auditOf(
  deps: PaymentDeps,
  {
    id,
    userId,
    paymentId,
    amountMinor,
    currency,
    rule,
  }: Pick<Reversal, "id" | "userId" | "paymentId" | "amountMinor" | "currency" | "rule">,
  { wish, by }: Pick<Asking, "wish" | "by">,
): AuditEvent {
  const details = { reversalId: id, paymentId, minor: amountMinor, currency, rule };
  const { reason, note } = wish;
  return toAuditEvent(deps, by, { action: "payments.refund", subject: `user:${userId}`, reason, note, details });
}

/** What a later request under the same key has to repeat. */
const requestOf = ({ amountMinor, goodwill = false, keepCredits = false, byHand = false, reason }: Wish): string =>
  JSON.stringify({ amountMinor, goodwill, keepCredits, byHand, reason });
