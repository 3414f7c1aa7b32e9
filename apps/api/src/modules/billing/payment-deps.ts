import type { UserId } from "@jifen/core";
import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { Logger } from "pino";
import type { OrderLimits } from "../../http/rate-limits/orders.ts";
import type { NewId } from "../../values/ids.ts";
import type { ChannelCalls } from "./gateways/channel-calls.ts";
import type { ChannelMonitor } from "./gateways/channel-monitor.ts";
import type { PaymentMeter } from "./gateways/payment-meter.ts";

/** What orders and payments work with. */
export type PaymentDeps = {
  readonly ledger: Pick<Ledger, "balance" | "grant" | "revoke">;
  readonly database: Pick<
    Database,
    | "auditLog"
    | "catalogues"
    | "channels"
    | "demoTrades"
    | "history"
    | "ledger"
    | "orders"
    | "payments"
    | "reversals"
    | "reviews"
    | "strays"
    | "users"
  >;
  /** The payment channels that are set up, by name. */
  readonly channels: ReadonlyMap<string, ChannelCalls>;
  readonly monitor: ChannelMonitor;
  readonly meter: PaymentMeter;
  readonly orderLimits: OrderLimits;
  /** 32 hexadecimal digits that grow with time. */
  readonly newOrderId: () => string;
  readonly newId: NewId;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** How long an order can be paid. */
  readonly orderMs: number;
  /** Where browsers go after a payment whose order does not say it. */
  readonly topUpReturnUrl: string | undefined;
  /** Whether pages of this origin belong to a site of the operator, or to this server. */
  readonly isSiteOrigin: (origin: string) => boolean;
  /** The address of this server for users, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Whether staff can refund their own payments. */
  readonly isSelfGrantAllowed: boolean;
  /** Whether the money of a second payment of an order goes back by itself. */
  readonly returnsSurplus: boolean;
  /** Suspends a user whose payment is disputed; undefined when the operator does not want that. */
  readonly suspendForDispute: ((user: UserId, disputeId: string) => Promise<void>) | undefined;
  readonly log: Logger;
};
