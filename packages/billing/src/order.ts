import type { Credits } from "@jifen/core";
import type { RefundRule } from "./catalogue.ts";
import type { Money } from "./money.ts";
import { movesBy } from "./moves.ts";

/**
 * The states of an order. `new`: saved, and the gateway may know of it. `open`: it can be paid. `paid`: a payment was
 * accepted. `credited`: the ledger has granted. `closed` and `failed`: it was not paid; money that arrives later wins.
 */
export const orderStates = ["new", "open", "failed", "closed", "paid", "credited"] as const;

/** The state of an order. */
export type OrderState = (typeof orderStates)[number];

/** What moves an order. */
export type OrderEvent =
  | "payable"
  | "refused by the gateway"
  | "closed by the provider"
  | "closed without the provider"
  | "payment accepted"
  | "credits granted";

/** The state of an order after an event; undefined when the event changes nothing in this state. */
export const stateAfter = movesBy<OrderState, OrderEvent>({
  payable: { from: ["new"], to: "open" },
  "refused by the gateway": { from: ["new"], to: "failed" },
  "closed by the provider": { from: ["new", "open"], to: "closed" },
  // Its channel or its merchant is no longer set up, and its time is over.
  "closed without the provider": { from: ["new", "open"], to: "closed" },
  "payment accepted": { from: ["new", "open", "failed", "closed"], to: "paid" },
  "credits granted": { from: ["paid"], to: "credited" },
});

/** Whether the user can still pay: such orders are counted, and asked for at the provider. */
export const isUnfinished = (state: OrderState): boolean => state === "new" || state === "open";

/** What an order grants once it is paid. Pinned when the order is made: a pack that changes later does not matter. */
export type OrderTerms = {
  readonly credits: Credits;
  readonly bonusCredits: Credits;
  /** null: the credits never expire. */
  readonly validDays: number | null;
  readonly bonusValidDays: number | null;
  readonly priority: number;
  readonly refund: RefundRule;
};

/** What a payment is compared with. */
export type ExpectedPayment = {
  readonly orderId: string;
  readonly channel: string;
  /** The merchant's account at the provider. */
  readonly merchant: string;
  /** Whether real money moves. */
  readonly live: boolean;
  readonly amount: Money;
};
