import { operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { type Database, type Order, type Review, reviewKinds } from "@jifen/database";
import { defineCommand } from "citty";
import { checkNow } from "../modules/billing/orders/check-now.ts";
import { orderFile, toAdminOrder } from "../modules/billing/orders/order-file.ts";
import { paymentsOf } from "../modules/billing/orders/payments-of.ts";
import { reviewBounds } from "../modules/billing/reviews/bounds.ts";
import { belongingsOf } from "../modules/billing/reviews/list.ts";
import { toReview } from "../modules/billing/reviews/to-review.ts";
import { reconcileSince } from "../modules/billing/use-cases/reconcile-since.ts";
import { parseTime } from "../values/parse-time.ts";
import { t } from "./language.ts";
import { accept, dismiss } from "./payment-decisions.ts";
import { refund } from "./payment-refund.ts";
import { orderFileText, orderLine, reviewText } from "./payment-texts.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { withDatabase } from "./with-database.ts";
import { withPayments } from "./with-payments.ts";

const PAGE_SIZE = 100;

const orderArgument = {
  type: "positional",
  description: t({ en: "The id of the order, or of a payment of it.", zh: "订单号，或其付款 ID。" }),
  required: true,
} as const;

/** The order of an id, which can be that of a payment. */
async function findOrder({ orders, payments }: Database, id: string): Promise<Order | undefined> {
  if (!id.startsWith("pay-")) return orders.findById(id);
  const payment = await payments.findById(id);
  return payment && orders.find({ userId: payment.userId, id: payment.orderId });
}

const list = defineCommand({
  meta: {
    name: "list",
    description: t({ en: "Lists orders, newest first, with their payments.", zh: "列出订单及其付款，最新的在前。" }),
  },
  args: {
    user: { type: "string", description: t({ en: "Only orders of this user.", zh: "只看某个用户的订单。" }) },
    state: {
      type: "string",
      description: t({
        en: "Only orders in this state: new, open, failed, closed, paid or credited.",
        zh: "只看某种状态：new、open、failed、closed、paid 或 credited。",
      }),
    },
    channel: { type: "string", description: t({ en: "Only this payment channel.", zh: "只看某个支付渠道。" }) },
    limit: { type: "string", description: t({ en: "How many.", zh: "条数。" }), default: "20" },
    json: jsonArgument,
  },
  run: ({ args: { user, state, channel, limit, json } }) => {
    const input = parseInput(operations.adminOrders.list.input, {
      limit: wholeNumber(limit),
      ...(user !== undefined && { userId: user }),
      ...(state !== undefined && { state }),
      ...(channel !== undefined && { channel }),
    });
    if (!input) return;
    return withDatabase(async (database) => {
      const owner = input.userId === undefined ? undefined : userId(input.userId);
      const filter = { userId: owner, state: input.state, channel: input.channel };
      const orders = await database.orders.list(filter, { limit: input.limit });
      const payments = await paymentsOf({ database }, orders);
      const items = orders.map((order) => toAdminOrder(order, payments));
      const none = t({ en: "No orders.", zh: "没有订单。" });
      print(json, { items }, items.length === 0 ? none : items.map(orderLine).join("\n"));
    });
  },
});

const show = defineCommand({
  meta: {
    name: "show",
    description: t({
      en: "Shows an order with its events, payments and refunds.",
      zh: "查看一个订单及其经过、付款与退款。",
    }),
  },
  args: { order: orderArgument, json: jsonArgument },
  run: ({ args: { order: id, json } }) =>
    withDatabase(async (database) => {
      const order = await findOrder(database, id);
      if (!order) return printRefusal({ code: "ORDER_NOT_FOUND" });
      const file = await orderFile({ database }, order);
      print(json, file, orderFileText(file));
    }),
});

const check = defineCommand({
  meta: {
    name: "check",
    description: t({
      en: "Asks the payment provider about an order now.",
      zh: "立即向支付平台查询一个订单。",
    }),
  },
  args: { order: orderArgument, json: jsonArgument },
  run: ({ args: { order: id, json } }) =>
    withPayments(async ({ payments, database }) => {
      const order = await findOrder(database, id);
      if (!order) return printRefusal({ code: "ORDER_NOT_FOUND" });
      const checked = await checkNow(payments, order);
      if (!checked.ok) return printRefusal(checked.refusal);
      const file = await orderFile(payments, checked.value);
      print(json, file, orderFileText(file));
    }),
});

const reconcile = defineCommand({
  meta: {
    name: "reconcile",
    description: t({
      en: "Asks the payment providers about all orders since a time, such as after a backup was restored.",
      zh: "向支付平台查询某时间以来的所有订单，例如恢复备份之后。",
    }),
  },
  args: {
    since: { type: "string", description: t({ en: "ISO 8601.", zh: "起始时间（ISO 8601）。" }), required: true },
    json: jsonArgument,
  },
  run: ({ args: { since, json } }) => {
    const input = parseInput(operations.adminOrders.list.input, { from: since });
    const sinceMs = parseTime(input?.from);
    if (sinceMs === undefined) return;
    return withPayments(async ({ payments, settings }) => {
      const result = await reconcileSince(payments, { sinceMs, ratePerSecond: settings.gatewayRate });
      const { orders, asked, unavailable, changed } = result;
      const counts = t({
        en: `${orders} orders, ${asked} asked for, ${unavailable} could not be asked for, ${changed.length} changed.`,
        zh: `${orders} 个订单，查询 ${asked} 个，无法查询 ${unavailable} 个，变化 ${changed.length} 个。`,
      });
      print(json, result, [...changed.map(({ id, state }) => `${id}  ${state}`), counts].join("\n"));
      if (unavailable > 0) process.exitCode = 1;
    });
  },
});

const reviews = defineCommand({
  meta: {
    name: "reviews",
    description: t({
      en: "Lists what needs a decision: payments that differ, payments without an order, late credits, stuck refunds.",
      zh: "列出待处理的事项：有差异的付款、找不到订单的付款、迟迟未入账的付款、受阻的退款。",
    }),
  },
  args: { json: jsonArgument },
  run: ({ args: { json } }) =>
    withDatabase(async (database) => {
      const bounds = reviewBounds(Date.now());
      const found: Review[] = [];
      for (let page: readonly Review[]; ; ) {
        page = await database.reviews.list(bounds, { kinds: reviewKinds, limit: PAGE_SIZE, after: found.at(-1) });
        found.push(...page);
        if (page.length < PAGE_SIZE) break;
      }
      const rows = await belongingsOf({ database }, found);
      const items = found.map((review) => toReview(review, rows));
      const none = t({ en: "Nothing needs a decision.", zh: "没有待处理的事项。" });
      print(json, { items }, items.length === 0 ? none : items.map(reviewText).join("\n"));
    }),
});

/** `jifen payments …` */
export const payments = defineCommand({
  meta: { name: "payments", description: t({ en: "Orders and payments.", zh: "订单与付款。" }) },
  subCommands: { list, show, check, reconcile, reviews, accept, dismiss, refund },
});
