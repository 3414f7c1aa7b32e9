import { type Currency, isCurrency } from "@jifen/billing";
import { invariant, type Outcome, ok, refuse } from "@jifen/core";

/** A row of `DemoTrades`: what a payment provider would keep of an order. Times are epoch milliseconds. */
export type DemoTradeRow = {
  /** The order number. */
  readonly id: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly title: string;
  readonly method: string;
  readonly returnUrl: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly closedAtMs: number | null;
  /** JSON of `DemoPayment[]`. */
  readonly payments: string;
  /** JSON of `DemoRefund[]`. */
  readonly refunds: string;
  /** 1, and one more after each change. */
  readonly revision: number;
};

/** What a change sets. */
export type DemoChange = Partial<Pick<DemoTradeRow, "closedAtMs" | "payments" | "refunds">>;

/** Where the trades of the channel are kept. Every operation rejects when the database cannot be reached. */
export type DemoTrades = {
  /** Stores a trade unless there is one of this number. @returns the trade that is stored then */
  open(trade: Omit<DemoTradeRow, "closedAtMs" | "payments" | "refunds" | "revision">): Promise<DemoTradeRow>;
  find(id: string): Promise<DemoTradeRow | undefined>;
  /** Changes a trade, unless it was changed since it was read. @returns whether it was changed now */
  change(trade: Pick<DemoTradeRow, "id" | "revision">, set: DemoChange): Promise<boolean>;
};

/** A payment that a person made on the page. */
type DemoPayment = { readonly txnId: string; readonly amountMinor: number; readonly paidAtMs: number };

/** Money that went back. `number`: of the reversal, or of a refund that was made on the page. */
export type DemoRefund = { readonly number: string; readonly txnId: string; readonly amountMinor: number };

/** A trade with its payments and refunds. */
export type DemoTrade = Omit<DemoTradeRow, "currency" | "payments" | "refunds"> & {
  readonly currency: Currency;
  readonly payments: readonly DemoPayment[];
  readonly refunds: readonly DemoRefund[];
};

/** What a person can do on the page of a trade. */
export const demoActs = ["pay", "pay-less", "pay-twice", "close", "refund"] as const;

/** The name of an act. */
export type DemoAct = (typeof demoActs)[number];

/** The act, or the call, is not possible in the state of the trade. */
export type NotPossible = { readonly code: "NOT_POSSIBLE" };

/** Reads a row. @throws InvariantError when it was not written by this channel */
export function toDemoTrade({ currency, payments, refunds, ...row }: DemoTradeRow): DemoTrade {
  invariant(isCurrency(currency), "a demo trade has a known currency");
  return {
    ...row,
    ...{ currency, payments: JSON.parse(payments) as DemoPayment[], refunds: JSON.parse(refunds) as DemoRefund[] },
  };
}

/** Whether a trade can still be paid. */
export const canBePaid = ({ closedAtMs, payments, expiresAtMs }: DemoTrade, nowMs: number): boolean =>
  closedAtMs === null && payments.length === 0 && nowMs < expiresAtMs;

/** How much of a payment has not gone back. */
const leftOf = ({ refunds }: DemoTrade, { txnId, amountMinor }: DemoPayment): number =>
  refunds.reduce((left, refund) => (refund.txnId === txnId ? left - refund.amountMinor : left), amountMinor);

/** The acts that are possible now, in the order in which they are offered. */
export function possibleActs(trade: DemoTrade, nowMs: number): readonly DemoAct[] {
  if (canBePaid(trade, nowMs)) {
    return trade.amountMinor > 1 ? ["pay", "pay-less", "pay-twice", "close"] : ["pay", "pay-twice", "close"];
  }
  return trade.payments.some((payment) => leftOf(trade, payment) > 0) ? ["refund"] : [];
}

/** What an act changes. */
export function changeOf(trade: DemoTrade, act: DemoAct, nowMs: number): Outcome<DemoChange, NotPossible> {
  if (!possibleActs(trade, nowMs).includes(act)) return refuse({ code: "NOT_POSSIBLE" });
  switch (act) {
    case "pay":
      return ok(paid(trade, [trade.amountMinor], nowMs));
    case "pay-less":
      return ok(paid(trade, [trade.amountMinor - 1], nowMs));
    case "pay-twice":
      return ok(paid(trade, [trade.amountMinor, trade.amountMinor], nowMs));
    case "close":
      return ok({ closedAtMs: nowMs });
    case "refund":
      return ok(refundedOutside(trade));
    default:
      return act satisfies never;
  }
}

/** The numbers of transactions follow from the order, so that an attempt that is repeated makes the same ones. */
const paid = ({ id }: DemoTrade, amounts: readonly number[], nowMs: number): DemoChange => ({
  payments: JSON.stringify(
    amounts.map((amountMinor, at): DemoPayment => ({ txnId: `demo-${id}-${at + 1}`, amountMinor, paidAtMs: nowMs })),
  ),
});

/** All that is left goes back, as if staff had refunded it at the provider. */
function refundedOutside(trade: DemoTrade): DemoChange {
  const made = trade.payments.flatMap((payment): DemoRefund[] => {
    const amountMinor = leftOf(trade, payment);
    return amountMinor > 0 ? [{ number: `outside-${payment.txnId}`, txnId: payment.txnId, amountMinor }] : [];
  });
  return { refunds: JSON.stringify([...trade.refunds, ...made]) };
}

/** A refund by its number: the same number again changes nothing, one with other content is not possible. */
export function refundOf(trade: DemoTrade, refund: DemoRefund): Outcome<DemoChange | undefined, NotPossible> {
  const { number, txnId, amountMinor } = refund;
  const known = trade.refunds.find((each) => each.number === number);
  if (known) {
    const isSame = known.txnId === txnId && known.amountMinor === amountMinor;
    return isSame ? ok(undefined) : refuse({ code: "NOT_POSSIBLE" });
  }
  const payment = trade.payments.find((each) => each.txnId === txnId);
  if (!payment || amountMinor > leftOf(trade, payment)) return refuse({ code: "NOT_POSSIBLE" });
  return ok({ refunds: JSON.stringify([...trade.refunds, refund]) });
}
