import { type Currency, minorUnits, moneyText } from "@jifen/billing";
import type { operations } from "@jifen/contract";
import type { Order, Payment } from "@jifen/database";
import type { z } from "zod";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { titleOf } from "./title.ts";

type Output = z.input<typeof operations.orders.find.output>;

/** Money as responses have it. */
export const toMoney = (minor: number, currency: Currency) => ({
  ...{ minor, currency, text: moneyText({ minor: minorUnits(minor), currency }) },
});

/** An order as responses have it. @param all payments, of which those of the order count */
export function toOrderOutput(order: Order, all: readonly Payment[]): Output {
  const payments = all.filter(({ orderId }) => orderId === order.id);
  const accepted = payments.find(({ state }) => state === "accepted" || state === "credited");
  const isOpen = order.state === "open" && order.payable !== null;
  return {
    ...{ orderId: order.id, state: order.state, kind: order.kind },
    item: { id: order.itemId, title: titleOf(order) },
    amount: toMoney(order.amountMinor, order.currency),
    ...{ credits: order.credits, bonusCredits: order.bonusCredits, channel: order.channel, method: order.method },
    pay: isOpen ? (JSON.parse(`${order.payable}`) as Output["pay"]) : null,
    ...{ createdAt: isoTime(order.createdAtMs), expiresAt: isoTime(order.expiresAtMs) },
    paidAt: isoTimeOrNull(accepted?.paidAtMs ?? null),
    creditedAt: isoTimeOrNull(accepted?.creditedAtMs ?? null),
    transactionId: accepted?.transactionId ?? null,
    refunded: toMoney(
      payments.reduce((sum, { reversedMinor, currency }) => sum + (currency === order.currency ? reversedMinor : 0), 0),
      order.currency,
    ),
    needsHelp: payments.some(({ state }) => state === "review"),
  };
}
