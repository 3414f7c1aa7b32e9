import { createHash, randomInt } from "node:crypto";

/** What a merchant orders. Everything in it is compared when a number comes again. */
type TradeContent = {
  readonly amountMinor: number;
  readonly currency: string;
  readonly title: string;
  readonly method: string;
  readonly notifyUrl: string;
  readonly returnUrl: string;
  readonly expiresAtMs: number;
};

/** One transaction of a trade. */
export type Payment = { readonly txnId: string; readonly amountMinor: number; readonly paidAtMs: number };

/** Money that went back. `number`: of the merchant's request, or made by the provider for one that staff made there. */
export type Refund = {
  readonly number: string;
  readonly refundId: string;
  readonly txnId: string;
  readonly amountMinor: number;
  readonly atMs: number;
  state: "pending" | "done" | "failed" | "stuck";
};

/** A dispute of a payment. `inquiry`: no money has moved; `dropped`: it ended as one. */
export type Dispute = {
  readonly disputeId: string;
  readonly state: "inquiry" | "open" | "won" | "lost" | "dropped";
  /** Whether the provider has taken the money. */
  readonly isWithdrawn: boolean;
};

/** One trade of the provider. */
export type Trade = {
  readonly number: string;
  /** The provider's id of the trade before a payment. */
  readonly tradeId: string;
  readonly content: TradeContent;
  readonly createdAtMs: number;
  isClosed: boolean;
  /** The user has done everything, and the money has not arrived. */
  isPending: boolean;
  /** Whether the user has opened it: some providers know no trade before. */
  isKnown: boolean;
  readonly payments: Payment[];
  readonly refunds: Refund[];
  dispute: Dispute | undefined;
};

/** Why the provider refuses. */
type BookRefusal = "content" | "closed" | "paid" | "amount";

/** What the provider has recorded: the truth that a test compares with. */
export type Books = {
  readonly trades: ReadonlyMap<string, Trade>;
  find(number: string): Trade | undefined;
  /** Records a trade, or returns the one of the same number and content. */
  open(number: string, content: TradeContent): Trade | BookRefusal;
  /** @returns a refusal when the trade is closed or paid */
  pay(trade: Trade, amountMinor?: number): Payment | BookRefusal;
  /** Records one more transaction for a trade that is paid. */
  payAgain(trade: Trade): Payment;
  /** The same number again is the same refund. @returns a refusal when more than the payment would go back */
  refund(trade: Trade, payment: Payment, request: { number: string; amountMinor: number }): Refund | BookRefusal;
};

/** Twenty-eight digits that no other call returns, as providers number their transactions. */
const newDigits = (now: number): string =>
  `${new Date(now).toISOString().replaceAll(/\D/g, "").slice(0, 14)}${String(randomInt(10 ** 14 - 1)).padStart(14, "0")}`;

const digestOf = (content: TradeContent): string => createHash("sha256").update(JSON.stringify(content)).digest("hex");

const sumOf = (amounts: readonly { amountMinor: number }[]): number =>
  amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** How much of a payment has gone back, or is about to. */
export const refundedMinor = ({ refunds }: Trade, { txnId }: Payment): number =>
  sumOf(refunds.filter((each) => each.txnId === txnId && each.state !== "failed"));

/** Opens empty books. @param now the provider's clock @param txnPrefix what the provider's ids of transactions begin with */
export function openBooks(now: () => number, txnPrefix: string): Books {
  const trades = new Map<string, Trade>();
  const addPayment = (trade: Trade, amountMinor: number): Payment => {
    const payment = {
      txnId: `${txnPrefix}${newDigits(now())}`,
      amountMinor,
      paidAtMs: Math.floor(now() / 1_000) * 1_000,
    };
    trade.payments.push(payment);
    return payment;
  };
  return {
    trades,
    find: (number) => trades.get(number),
    open: (number, content) => {
      const known = trades.get(number);
      if (known && digestOf(known.content) !== digestOf(content)) return "content";
      if (known) return known;
      const trade = {
        number,
        tradeId: newDigits(now()),
        content,
        createdAtMs: now(),
        isClosed: false,
        isPending: false,
        isKnown: false,
        dispute: undefined,
      };
      const opened: Trade = { ...trade, payments: [], refunds: [] };
      trades.set(number, opened);
      return opened;
    },
    pay: (trade, amountMinor = trade.content.amountMinor) => {
      if (trade.payments.length > 0) return "paid";
      if (trade.isClosed || now() >= trade.content.expiresAtMs) return "closed";
      return addPayment(trade, amountMinor);
    },
    payAgain: (trade) => addPayment(trade, trade.content.amountMinor),
    refund: (trade, payment, { number, amountMinor }) => {
      const known = trade.refunds.find((each) => each.number === number);
      if (known) return known.amountMinor === amountMinor && known.txnId === payment.txnId ? known : "content";
      if (refundedMinor(trade, payment) + amountMinor > payment.amountMinor) return "amount";
      const refund: Refund = {
        number,
        refundId: newDigits(now()),
        txnId: payment.txnId,
        amountMinor,
        atMs: now(),
        state: "pending",
      };
      trade.refunds.push(refund);
      return refund;
    },
  };
}
