import type { operations } from "@jifen/contract";
import type { z } from "zod";
import { t } from "./language.ts";

type OrderFile = z.input<typeof operations.adminOrders.find.output>;
type AdminOrder = z.input<typeof operations.adminOrders.list.output>["items"][number];
type Review = z.input<typeof operations.adminReviews.list.output>["items"][number];
type Money = AdminOrder["amount"];

const moneyOf = ({ text, currency }: Money): string => `${text} ${currency}`;

/** One line about an order. */
export const orderLine = ({ orderId, state, amount, channel, userId, createdAt, needsHelp }: AdminOrder): string => {
  const help = needsHelp ? `  ${t({ en: "needs a decision", zh: "待处理" })}` : "";
  return `${orderId}  ${state}  ${moneyOf(amount)}  ${channel}  ${userId}  ${createdAt}${help}`;
};

/** An order with its events, payments and refunds, a line each. */
export function orderFileText(file: OrderFile): string {
  const events = file.events.map(({ at, what, source, reference, repeats }) => {
    const again = repeats > 0 ? t({ en: `, ${repeats} times more`, zh: `，又 ${repeats} 次` }) : "";
    return `  ${at}  ${what} (${source}${again})${reference === null ? "" : `  ${reference}`}`;
  });
  const payments = file.payments.map(
    ({ paymentId, state, amount, providerId, reason }) =>
      `  ${paymentId}  ${state}  ${moneyOf(amount)}  ${providerId}${reason === null ? "" : `  ${reason}`}`,
  );
  const reversals = file.reversals.map(
    ({ reversalId, kind, state, amount, reason }) =>
      `  ${reversalId}  ${kind}  ${state}  ${moneyOf(amount)}${reason === null ? "" : `  ${reason}`}`,
  );
  const parts = [
    { title: t({ en: "Events", zh: "经过" }), lines: events },
    { title: t({ en: "Payments", zh: "付款" }), lines: payments },
    { title: t({ en: "Refunds", zh: "退款" }), lines: reversals },
  ].filter(({ lines }) => lines.length > 0);
  return [orderLine(file), ...parts.flatMap(({ title, lines }) => [title, ...lines])].join("\n");
}

/** One line about an entry of the review list. */
export function reviewText({
  kind,
  since,
  userId,
  orderId,
  paymentId,
  reversalId,
  what,
  expected,
  can,
}: Review): string {
  const id = reversalId ?? paymentId ?? what.providerId ?? "";
  const came = `${moneyOf(what.amount)}  ${what.channel} ${what.merchant}  ${what.reason ?? ""}`;
  const wanted = expected ? `  ${t({ en: "expected", zh: "应为" })} ${moneyOf(expected.amount)}` : "";
  const who = userId ?? orderId ?? "";
  const verbs = can.length === 0 ? "" : `  [${can.join(", ")}]`;
  return `${kind}  ${id}  ${since}  ${who}  ${came}${wanted}${verbs}`;
}
