import { minorUnits, moneyText } from "@jifen/billing";
import { bilingual, type Language, pickLanguage, type Wording } from "@jifen/contract";
import { type DemoAct, type DemoTrade, possibleActs } from "@jifen/gateways";
import { html, raw } from "hono/html";
import { style } from "./style.ts";

/** What the buttons say, and what follows from a click. */
const acts: Readonly<Record<DemoAct, { readonly label: Wording; readonly effect: Wording }>> = {
  pay: {
    label: { zh: "付款", en: "Pay" },
    effect: { zh: "订单随即入账。", en: "The order is credited." },
  },
  "pay-less": {
    label: { zh: "少付一点", en: "Pay a little less" },
    effect: {
      zh: "金额不符：不会入账，等待人工处理。",
      en: "The amount differs: nothing is credited, and staff decides.",
    },
  },
  "pay-twice": {
    label: { zh: "付款两次", en: "Pay twice" },
    effect: {
      zh: "第一笔入账，第二笔等待人工处理。",
      en: "The first payment is credited, and staff decides on the second one.",
    },
  },
  close: {
    label: { zh: "关闭交易", en: "Close" },
    effect: { zh: "订单不能再付款。", en: "The order can no longer be paid." },
  },
  refund: {
    label: { zh: "在支付平台退款", en: "Refund at the provider" },
    effect: {
      zh: "相当于在支付平台的后台退款：积分随之收回。",
      en: "As if staff refunded it on the site of the provider: the credits are taken back.",
    },
  },
};

const stateOf = (
  trade: DemoTrade,
  offered: readonly DemoAct[],
): { readonly text: Wording; readonly isGood: boolean } => {
  if (trade.payments.length > 0 && offered.length === 0)
    return { text: { zh: "已退款", en: "Refunded" }, isGood: false };
  if (trade.payments.length > 0) return { text: { zh: "已付款", en: "Paid" }, isGood: true };
  if (offered.length > 0) return { text: { zh: "待付款", en: "Waiting for payment" }, isGood: false };
  return { text: { zh: "已关闭", en: "Closed" }, isGood: false };
};

/** What the page is rendered from. */
type PageOf = { readonly trade: DemoTrade; readonly language: Language; readonly nowMs: number };

/** The page on which a person plays the customer of a payment provider. */
export function demoPage({ trade, language, nowMs }: PageOf): ReturnType<typeof html> {
  const say = (wording: Wording) => pickLanguage(bilingual(wording), language);
  const offered = possibleActs(trade, nowMs);
  const state = stateOf(trade, offered);
  const { id, title, currency, returnUrl, payments } = trade;
  const amount = moneyText({ minor: minorUnits(trade.amountMinor), currency });
  const [first, others] = offered[0] === "pay" ? ["pay" as const, offered.slice(1)] : [undefined, offered];
  const button = (act: DemoAct, kind: string) =>
    html`<button class="${kind}" name="act" value="${act}">${say(acts[act].label)}</button>`;
  const transactions = payments.map(
    ({ txnId }) => html`<dt>${say({ zh: "流水号", en: "Transaction" })}</dt><dd>${txnId}</dd>`,
  );
  return html`<!doctype html>
<html lang="${language === "en" ? "en" : "zh-CN"}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>${say({ zh: "演示付款", en: "Demo payment" })}</title>
    <style>${raw(style)}</style>
  </head>
  <body>
    <main>
      <p class="notice">${say({ zh: "演示渠道（PAY_DEMO=on）：不涉及真实资金。", en: "The demo channel (PAY_DEMO=on): no money moves." })}</p>
      <form method="post">
        <div class="card">
          <h1>${title}</h1>
          <p class="amount">${amount} <small>${currency}</small></p>
          <p id="state" role="status" class="state ${state.isGood ? "good" : ""}">${say(state.text)}</p>
          ${first === undefined ? html`<a class="link primary" href="${returnUrl}">${say({ zh: "返回网站", en: "Return to the site" })}</a>` : button(first, "primary")}
          <dl><dt>${say({ zh: "订单号", en: "Order" })}</dt><dd>${id}</dd>${transactions}</dl>
        </div>
        ${others.length === 0 ? "" : html`<section><h2>${say({ zh: "试试其他情况", en: "Try what else can happen" })}</h2><ul>${others.map((act) => html`<li>${button(act, "")}<small>${say(acts[act].effect)}</small></li>`)}</ul></section>`}
        ${first === undefined ? "" : html`<section><a class="link" href="${returnUrl}">${say({ zh: "不付款，返回网站", en: "Return without paying" })}</a></section>`}
      </form>
    </main>
  </body>
</html>`;
}
