"use client";

import {
  moneyText,
  type Order,
  type OrderState,
  useErrorText,
  useJifen,
  useTimeText,
  useWords,
} from "@jifen/client/react";
import { encode } from "uqr";

/** What an order looks like to its user. `help`: staff looks at a payment of it. */
type Phase = "preparing" | "waiting" | "paid" | "credited" | "closed" | "failed" | "help";

const phases: Record<Order["state"], Phase> = {
  new: "preparing",
  open: "waiting",
  paid: "paid",
  credited: "credited",
  closed: "closed",
  failed: "failed",
};

/** The phase of an order. Credits that arrived are the news, also when staff looks at a second payment. */
const phaseOf = ({ state, needsHelp }: Pick<Order, "state" | "needsHelp">): Phase =>
  needsHelp && state !== "credited" ? "help" : phases[state];

const zh = {
  phase: {
    preparing: "准备付款",
    waiting: "待付款",
    paid: "已付款，正在入账",
    credited: "已入账",
    closed: "已关闭",
    failed: "未能下单",
    help: "核对中",
  } as Record<Phase, string>,
  explain: {
    preparing: "正在向支付平台下单，通常只需几秒。",
    waiting: "付款后这个页面会自动更新，不用刷新。",
    paid: "已收到付款，积分马上到账。",
    credited: "积分已经可以使用。",
    closed: "订单没有付款，已经关闭。如果你刚刚付过款，积分仍会自动到账。",
    failed: "支付平台没有接受这笔订单，没有扣款。请换一种付款方式重新下单。",
    help: "我们收到了一笔与订单不完全相符的付款，正在人工核对。钱没有丢，请不要重复付款。有疑问时请提供订单号。",
  } as Record<Phase, string>,
  secondPayment: "这笔订单还收到了另一笔付款，我们正在核对，会与你联系或退回。",
  credits: (credits: number, bonus: number) => `${credits} 积分${bonus > 0 ? ` + 赠送 ${bonus}` : ""}`,
  scan: "请用手机扫码付款",
  qr: "付款二维码",
  openPage: "打开付款页面",
  payUntil: "请在此时间前付款：",
  check: "我已付款，立即查询",
  checking: "正在查询…",
  cancel: "取消订单",
  cancelling: "正在取消…",
  cannotCancel: "这个付款方式的订单不能提前取消，到时间会自动关闭。不付款就不会扣款。",
};

const en: typeof zh = {
  phase: {
    preparing: "Preparing",
    waiting: "Waiting for payment",
    paid: "Paid, crediting",
    credited: "Credited",
    closed: "Closed",
    failed: "Not accepted",
    help: "Being checked",
  },
  explain: {
    preparing: "The payment provider is being asked; this takes a few seconds.",
    waiting: "This page updates by itself after the payment.",
    paid: "Your payment has arrived; the credits follow in a moment.",
    credited: "The credits are ready to use.",
    closed: "The order was not paid and is closed. If you have just paid, the credits still arrive by themselves.",
    failed:
      "The payment provider did not accept this order. You were not charged: order again with another way to pay.",
    help: "We have received a payment that differs from this order, and a person is looking at it. Your money is not lost: please do not pay again. If you have questions, tell us the order number.",
  },
  secondPayment: "This order has received a second payment. We are looking at it, and will contact you or return it.",
  credits: (credits, bonus) => `${credits} credits${bonus > 0 ? ` + ${bonus} bonus` : ""}`,
  scan: "Scan this code with your phone",
  qr: "QR code for the payment",
  openPage: "Open the payment page",
  payUntil: "Please pay before",
  check: "I have paid: check now",
  checking: "Checking…",
  cancel: "Cancel the order",
  cancelling: "Cancelling…",
  cannotCancel:
    "This way to pay cannot cancel an order before its time; it closes by itself. Nothing is charged unless you pay.",
};

const words = { zh, en };

type OrderPanelProps = {
  order: Order;
  /** The rest of `useOrder` or `useTopUp`. */
  state: Pick<OrderState, "task" | "error" | "check" | "cancel" | "isNotCancelled">;
  words?: Partial<typeof zh>;
  className?: string;
};

/** An order that changes before the eyes of its user: what it is, how to pay for it, and what became of it. */
export function OrderPanel({ order, state, words: changed, className = "" }: OrderPanelProps) {
  const say = useWords(words, changed);
  const { language } = useJifen();
  const errorText = useErrorText();
  const phase = phaseOf(order);
  return (
    <div className={`flex flex-col gap-5 ${className}`}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="text-xl font-semibold">{order.item.title[language]}</p>
          <p className="text-sm text-muted-foreground">{say.credits(order.credits, order.bonusCredits)}</p>
        </div>
        <p className="text-xl font-semibold tabular-nums">{moneyText(order.amount)}</p>
      </div>
      <div role="status" data-phase={phase} className="flex flex-col items-start gap-2">
        <span className="rounded-full border border-border px-2.5 py-0.5 text-sm">{say.phase[phase]}</span>
        <p className="text-sm text-pretty text-muted-foreground">{say.explain[phase]}</p>
      </div>
      {phase === "waiting" && order.pay && <Pay order={order} pay={order.pay} state={state} say={say} />}
      {phase === "credited" && order.needsHelp && <Problem>{say.secondPayment}</Problem>}
      {phase === "waiting" && state.isNotCancelled && <Problem>{say.cannotCancel}</Problem>}
      {state.error && <Problem>{errorText(state.error)}</Problem>}
    </div>
  );
}

const Problem = ({ children }: { children: string }) => (
  <p role="alert" className="rounded-lg border border-destructive p-4 text-sm text-destructive">
    {children}
  </p>
);

type PayProps = Pick<OrderPanelProps, "order" | "state"> & { pay: NonNullable<Order["pay"]>; say: typeof zh };

/** A browser can open some codes as well: those that are an address of the web. */
const canBeOpened = (text: string): boolean => /^https?:\/\//.test(text);

/** How an order is paid: a code to scan, or a page to open; and what can be done instead. */
function Pay({ order, pay, state: { task, check, cancel }, say }: PayProps) {
  const time = useTimeText();
  const isQr = pay.kind === "qr";
  const look = "rounded-lg border border-border px-4 py-2.5 text-sm hover:border-foreground aria-disabled:opacity-70";
  return (
    <div className="flex flex-col items-center gap-4">
      {isQr && (
        <>
          <p>{say.scan}</p>
          <QrCode text={pay.text} label={say.qr} />
        </>
      )}
      {canBeOpened(pay.text) && (
        <a
          href={pay.text}
          className={
            isQr
              ? "text-sm underline underline-offset-4"
              : "w-full rounded-lg bg-primary px-4 py-3 text-center font-medium text-primary-foreground"
          }
        >
          {say.openPage}
        </a>
      )}
      <p className="text-sm text-muted-foreground">
        {say.payUntil} <time dateTime={order.expiresAt}>{time(order.expiresAt, "time")}</time>
      </p>
      <div className="grid w-full gap-3 sm:grid-cols-2">
        <button type="button" onClick={() => void check()} aria-disabled={task === "check"} className={look}>
          {task === "check" ? say.checking : say.check}
        </button>
        <button type="button" onClick={() => void cancel()} aria-disabled={task === "cancel"} className={look}>
          {task === "cancel" ? say.cancelling : say.cancel}
        </button>
      </div>
    </div>
  );
}

/** Light modules around the code, which scanners need. */
const MARGIN = 4;

/** A QR code, dark on white in dark mode too: many scanners read nothing else. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: MARGIN });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="aspect-square w-full max-w-64 rounded-xl border border-border bg-white"
    >
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
