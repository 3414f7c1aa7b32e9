import type { Trade } from "./books.ts";

/** What a person can do on the page of a trade. */
const acts = {
  pay: { en: "Pay", zh: "付款" },
  "pay-less": { en: "Pay one minor unit less", zh: "少付一分" },
  "pay-twice": { en: "Pay twice", zh: "付款两次" },
  pend: { en: "Pay by a method that takes days", zh: "用数日后到账的方式付款" },
  close: { en: "Close", zh: "关闭" },
  refund: { en: "Refund at the provider", zh: "在支付平台退款" },
  inquire: { en: "Open an inquiry, which can become a dispute", zh: "发起查询（可能升级为争议）" },
  drop: { en: "The inquiry ends", zh: "查询结束" },
  dispute: { en: "Open a dispute", zh: "发起争议" },
  win: { en: "The merchant wins the dispute", zh: "商户胜诉" },
  lose: { en: "The merchant loses the dispute", zh: "商户败诉" },
  forge: { en: "Forge a notice of payment", zh: "伪造付款通知" },
} as const satisfies Record<string, { en: string; zh: string }>;

/** The name of an act. */
export type Act = keyof typeof acts;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const stateOf = ({ payments, refunds, isClosed }: Trade): { en: string; zh: string } => {
  if (refunds.length > 0) return { en: "refunded", zh: "已退款" };
  if (payments.length > 0) return { en: "paid", zh: "已付款" };
  return isClosed ? { en: "closed", zh: "已关闭" } : { en: "waiting for payment", zh: "待付款" };
};

/** The page on which a person pays, as a phone would show it, in Chinese and English. */
export function payPage(trade: Trade, offered: readonly Act[], message = ""): string {
  const { title, amountMinor, currency, returnUrl } = trade.content;
  const state = stateOf(trade);
  const buttons = offered.map((act) => {
    const { en, zh } = acts[act];
    return `<button name="act" value="${act}">${zh} · ${en}</button>`;
  });
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>模拟支付 · Fake payment</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 2rem auto; padding: 0 1rem }
button { display: block; width: 100%; margin: .5rem 0; padding: .75rem; font: inherit }
dd { margin: 0 0 .5rem; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
<h1>模拟支付 · Fake payment</h1>
<p>没有真实资金往来。No real money moves.</p>
<p role="status">${escaped(message)}</p>
<dl>
<dt>商品 · Item</dt><dd>${escaped(title)}</dd>
<dt>金额 · Amount</dt><dd>${amountMinor} ${escaped(currency)} (minor units 最小单位)</dd>
<dt>订单号 · Number</dt><dd>${escaped(trade.number)}</dd>
<dt>状态 · State</dt><dd id="state">${state.zh} · ${state.en}</dd>
</dl>
<form method="post">${buttons.join("\n")}</form>
${returnUrl === "" ? "" : `<p><a href="${escaped(returnUrl)}">返回商户 · Back to the merchant</a></p>`}
</main>
</body>
</html>
`;
}
