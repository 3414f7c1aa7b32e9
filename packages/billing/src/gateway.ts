import type { Outcome } from "@jifen/core";
import type { Currency, MinorUnits, Money } from "./money.ts";
import type { PaymentFact } from "./payment.ts";

/** Every payment channel. `demo` moves no money and exists outside production only. */
export const channels = ["stripe", "alipay", "wechatpay", "epay", "demo"] as const;

/** The name of a payment channel. A channel exists only when all of its settings are there. */
export type Channel = (typeof channels)[number];

/**
 * A call that did not succeed. `GATEWAY_REFUSED`: the provider has answered that the call has no effect and never will;
 * `providerCode` is the provider's own code. `GATEWAY_UNAVAILABLE`: the call may have had its effect: ask, or repeat it with
 * the same ids. `GATEWAY_MISCONFIGURED`: keys, merchant or permissions are wrong: no repetition helps until a person has
 * changed `what`. `isOfOrder`: only the order of the call is concerned, others can be asked about. No text holds a secret or
 * personal data.
 */
export type GatewayFailure =
  | { readonly code: "GATEWAY_REFUSED"; readonly providerCode: string; readonly reason: string }
  | { readonly code: "GATEWAY_UNAVAILABLE"; readonly reason: string; readonly isOfOrder?: true }
  | { readonly code: "GATEWAY_MISCONFIGURED"; readonly what: string; readonly isOfOrder?: true };

/** The answer to a call of a gateway. Adapters return every failure of the network and the provider; they throw bugs only. */
export type FromGateway<Value> = Promise<Outcome<Value, GatewayFailure>>;

/** An order that is to become payable. A repetition has the same content: providers refuse a number with another one. */
export type PaymentRequest = {
  /** 32 lower-case hexadecimal digits: the order number at the provider. */
  readonly orderId: string;
  readonly amount: Money;
  /** What the user buys: at most 40 characters, without `& = / % +` and control characters. */
  readonly title: string;
  /** One of the methods of the gateway's limits. */
  readonly method: string;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  /** Epoch milliseconds, between `shortestMs` and `longestMs` after `createdAtMs`. */
  readonly expiresAtMs: number;
  /** Where the provider sends its notices, without a query. */
  readonly notifyUrl: string;
  /** Where the provider sends the user's browser afterwards. */
  readonly returnUrl: string;
  /** The user's network address, as some providers require it; undefined when it is not known. */
  readonly clientAddress: string | undefined;
};

/** How the user pays: by opening an address, or by scanning the QR code of a text. */
export type Payable = {
  readonly kind: "redirect" | "qr";
  readonly text: string;
  /** The provider's id of what was made, at most 255 characters; null when it has none before the payment. */
  readonly providerRef: string | null;
};

/** An order that the provider may know. */
export type OrderAtGateway = {
  readonly orderId: string;
  readonly amount: Money;
  readonly method: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Whether the answer to `create` was stored. Only then has the user seen something payable. */
  readonly isPayable: boolean;
  /** As `create` returned it; null when it was not stored. */
  readonly providerRef: string | null;
};

/**
 * A refund as the provider has it. `pending`: accepted, which is no success. `failed`: the money stays with the merchant.
 * `stuck`: a person has to look, at the provider.
 */
export type RefundFact = {
  readonly kind: "refund";
  /** The provider's id of the refund: the number that the request gave it, where the provider has no other. */
  readonly refundId: string;
  /** The reversal that asked for it; null when it was made elsewhere. */
  readonly reversalId: string | null;
  /** The transaction that it returns. */
  readonly txnId: string;
  readonly amount: Money;
  readonly state: "pending" | "done" | "failed" | "stuck";
};

/**
 * A dispute as the provider has it. `inquiry`: no money has moved. `opened`: refunds of the payment are blocked.
 * `withdrawn`: the provider has taken the money. `reinstated`: it has given it back. `lost`: it keeps it. `dropped`: it ended
 * before money moved.
 */
export type DisputeFact = {
  readonly kind: "dispute";
  readonly disputeId: string;
  readonly txnId: string;
  readonly amount: Money;
  readonly state: "inquiry" | "opened" | "withdrawn" | "reinstated" | "lost" | "dropped";
};

/**
 * What the provider says of an order. `absent`: it has no trade of this number (yet: some make it when the user scans the
 * code). `open`: it can be paid. `closed`: it can no longer be paid; if it was, `facts` has the payment.
 */
export type Trade = {
  readonly state: "absent" | "open" | "closed";
  /** Every payment of the order. Not compared with the order: `judge` does that. */
  readonly facts: readonly PaymentFact[];
  /** The refunds and disputes that the provider lists with the order; not every provider does. */
  readonly reversals: readonly (RefundFact | DisputeFact)[];
};

/** A notice as it arrived: nothing is decoded. */
export type RawNotice = {
  readonly method: "GET" | "POST";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address from after `?`, still encoded; empty without one. */
  readonly query: string;
  /** At most 64 KB. */
  readonly body: Uint8Array;
};

/**
 * What to ask the provider for because of a notice. `order`: with the transaction that the notice names, if it names one.
 * `payment`: the order that this transaction has paid.
 */
export type Look =
  | { readonly at: "nothing" }
  | { readonly at: "order"; readonly orderId: string; readonly txnId?: string | undefined }
  | { readonly at: "payment"; readonly txnId: string }
  | { readonly at: "refund"; readonly orderId: string; readonly refundId: string };

/** A notice with a valid signature. */
export type Notice = {
  /** Payments that the notice proves by itself. */
  readonly facts: readonly PaymentFact[];
  /** Payments that it names without proof enough: kept when their order is unknown, otherwise `look` decides. Never credited. */
  readonly claims: readonly PaymentFact[];
  readonly look: Look;
};

/**
 * Why a notice is refused. `probe`: the provider tests with a wrong signature whether it is checked. `malformed`: it has no
 * form of this provider's. `foreign`: it is signed for another merchant, app or mode.
 */
export type ForgedNotice = {
  readonly code: "FORGED";
  readonly reason: "malformed" | "unsigned" | "signature" | "algorithm" | "key" | "time" | "foreign" | "probe";
};

/**
 * What became of a notice. `recorded`: what it says is committed, or needs nothing. `forged`: refused, as `readNotice` said.
 * `unknown-order`: kept as a stray, and the provider is to send it again. `unavailable`: not recorded, to be sent again.
 */
export type NoticeVerdict = "recorded" | "forged" | "unknown-order" | "unavailable";

/** The response to a notice, in the only form that the provider understands. */
export type NoticeAnswer = { readonly status: number; readonly type: string; readonly body: string };

/** A refund to be made. A repetition has the same content. */
export type RefundRequest = {
  /** 32 lower-case hexadecimal digits: the number of the refund at the provider, for ever. */
  readonly reversalId: string;
  readonly orderId: string;
  readonly txnId: string;
  /** At most what was paid. */
  readonly amount: Money;
  /** What the transaction paid. */
  readonly paid: Money;
  /** Shown to the user by some providers: at most 80 characters. */
  readonly reason: string;
};

/** A refund that the provider may know. */
export type RefundAtGateway = {
  /** The number that the request gave to the refund: of a reversal of ours, or of one that was made elsewhere. */
  readonly refundId: string;
  /** As `refund` returned it; null when it is not known. */
  readonly providerRef: string | null;
  readonly orderId: string;
  readonly txnId: string;
  /** What the transaction paid. */
  readonly paid: Money;
};

/** What the provider answered to a refund. `pending`: accepted, which is no success: ask later. */
export type RefundAccepted = { readonly state: "pending" | "done"; readonly providerRef: string | null };

/** Notices that the provider keeps, from where the last call ended. */
export type RecentNotices = { readonly notices: readonly Notice[]; readonly cursor: string };

/** What an examination of the channel found. `details` is for operators: no secret, no personal data. */
export type GatewayFinding = {
  readonly check: "keys" | "query" | "clock";
  readonly isGood: boolean;
  readonly details: string;
};

/** The bounds of one currency, in minor units. */
export type CurrencyLimits = {
  readonly currency: Currency;
  readonly minMinor: MinorUnits;
  readonly maxMinor: MinorUnits;
};

/** What a gateway can do. */
export type GatewayLimits = {
  /** At least one; the first is the default. */
  readonly currencies: readonly CurrencyLimits[];
  /** At least one; the first is the default. */
  readonly methods: readonly string[];
  /** How soon and how late an order can end after it was made. */
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Whether `close` can end an order. Without it, an order ends by its time alone. */
  readonly canClose: boolean;
  /** The least time between two refunds of one payment; null when refunds are made by hand, at the provider. */
  readonly refundGapMs: number | null;
  /** Whether a part of a payment can be returned. */
  readonly canRefundParts: boolean;
};

/**
 * A payment provider with one merchant account. The rules of orders, payments and reversals work with any implementation; one
 * conformance suite holds for all of them. An implementation keeps nothing between two calls, may be called concurrently and
 * from several processes, and answers each call within 15 seconds.
 */
export type Gateway = {
  readonly channel: Channel;
  /** The merchant's account at the provider. Kept on each order: a payment to another account is never credited. */
  readonly merchant: string;
  /** Whether real money moves. */
  readonly live: boolean;
  readonly limits: GatewayLimits;

  /** Makes the order payable. The same request again returns the same trade: no user can pay twice because of it. */
  create(request: PaymentRequest): FromGateway<Payable>;

  /**
   * Asks for an order. Every fact is proved by the channel's keys or its encrypted connection.
   * @param txnId a transaction that a notice named: some providers show the second one of an order only by its id
   */
  find(order: OrderAtGateway, txnId?: string): FromGateway<Trade>;

  /**
   * Ends an order, so that it can no longer be paid, and says what it is then: `open` when the provider cannot end it, with
   * `facts` when the payment was faster.
   */
  close(order: OrderAtGateway): FromGateway<Trade>;

  /** Verifies a notice, without a call to the provider. @param nowMs epoch milliseconds: old notices are refused */
  readNotice(raw: RawNotice, nowMs: number): Outcome<Notice, ForgedNotice>;

  /** The response to a notice. */
  answer(verdict: NoticeVerdict): NoticeAnswer;

  /** Returns money. The same request again is the same refund. */
  refund(request: RefundRequest): FromGateway<RefundAccepted>;

  /** Asks for a refund. @returns undefined when the provider has none of this number */
  findRefund(refund: RefundAtGateway): FromGateway<RefundFact | undefined>;

  /**
   * The order number that a transaction carries, for providers whose notices name a transaction alone.
   * @returns undefined when it belongs to another program of the same account
   */
  orderOf?(txnId: string): FromGateway<string | undefined>;

  /** Notices of the past, for providers that keep them: what no webhook brought. @param cursor undefined at first */
  recent?(cursor: string | undefined): FromGateway<RecentNotices>;

  /** Tests keys, merchant and clock with a signed request that moves no money. Never fails: what is wrong is a finding. */
  examine(nowMs: number): Promise<readonly GatewayFinding[]>;
};
