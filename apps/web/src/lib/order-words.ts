import type { JifenOutputs, Language } from "@jifen/client";

/** An order as the API returns it. */
export type Order = JifenOutputs["orders"]["find"];

/** What an order looks like to its user. `help`: staff looks at a payment of it. */
export type OrderPhase = "preparing" | "waiting" | "paid" | "credited" | "closed" | "failed" | "help";

const phases: Readonly<Record<Order["state"], OrderPhase>> = {
  new: "preparing",
  open: "waiting",
  paid: "paid",
  credited: "credited",
  closed: "closed",
  failed: "failed",
};

/** The phase of an order. Credits that arrived are the news, also when staff looks at a second payment. */
export const phaseOf = ({ state, needsHelp }: Pick<Order, "state" | "needsHelp">): OrderPhase =>
  needsHelp && state !== "credited" ? "help" : phases[state];

const zh = {
  title: "订单",
  listTitle: "我的订单",
  empty: "还没有订单。",
  topUp: "去充值",
  older: "更早的订单",
  number: "订单号",
  way: "付款方式",
  amount: "金额",
  madeAt: "下单时间",
  paidAt: "付款时间",
  refunded: "已退款",
  phase: {
    preparing: "准备付款",
    waiting: "待付款",
    paid: "已付款，正在入账",
    credited: "已入账",
    closed: "已关闭",
    failed: "未能下单",
    help: "核对中",
  } satisfies Record<OrderPhase, string>,
  again: "重新下单",
  history: "查看积分明细",
  use: "使用积分",
  allOrders: "全部订单",
};

const en: typeof zh = {
  title: "Order",
  listTitle: "Your orders",
  empty: "No orders yet.",
  topUp: "Top up",
  older: "Older orders",
  number: "Order number",
  way: "Paid by",
  amount: "Amount",
  madeAt: "Ordered",
  paidAt: "Paid",
  refunded: "Refunded",
  phase: {
    preparing: "Preparing",
    waiting: "Waiting for payment",
    paid: "Paid, crediting",
    credited: "Credited",
    closed: "Closed",
    failed: "Not accepted",
    help: "Being checked",
  },
  again: "Order again",
  history: "See the history",
  use: "Use your credits",
  allOrders: "All orders",
};

/** The texts about orders. */
export type OrderWords = typeof zh;

const words: Readonly<Record<Language, OrderWords>> = { zh, en };

/** The texts about orders in one language. */
export const orderWordsOf = (language: Language): OrderWords => words[language];
