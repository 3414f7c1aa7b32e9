import type { Language } from "@jifen/contract";
import { isJifenError, type JifenError } from "../error.ts";
import { useJifenState } from "./provider.tsx";

const zh = {
  tryAgain: "支付平台暂时没有响应。没有扣款，请稍后再试，或换一种付款方式。",
  reload: "这个积分包或付款方式刚刚有变化。请刷新页面后再选。",
  tooManyOrders: (limit: number) => `你有 ${limit} 个订单还没付款。请先付款，或取消其中一个。`,
  bought: (limit: number) => `这个积分包每人最多购买 ${limit} 次。`,
  wait: (minutes: number) => `操作太频繁，请在 ${minutes} 分钟后再试。`,
  codeLimit: (limit: number) => `这批兑换码每人最多兑换 ${limit} 个。`,
  noCredits: (required: number, balance: number) => `需要 ${required} 积分，余额只有 ${balance} 积分。请先充值。`,
  quoteExpired: "报价已过期，价格已更新。请再点一次。",
};

const en: typeof zh = {
  tryAgain:
    "The payment provider does not respond. You were not charged: try again later, or choose another way to pay.",
  reload: "This pack or way to pay has just changed. Reload the page and choose again.",
  tooManyOrders: (limit) => `You have ${limit} unpaid orders. Pay or cancel one of them first.`,
  bought: (limit) => (limit === 1 ? "This pack can be bought once." : `This pack can be bought ${limit} times.`),
  wait: (minutes) => `That was too often. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
  codeLimit: (limit) => `You can redeem at most ${limit} ${limit === 1 ? "code" : "codes"} of this kind.`,
  noCredits: (required, balance) => `${required} credits are required, your balance is ${balance}. Top up first.`,
  quoteExpired: "The quote has expired and was renewed. Press the button again.",
};

const words: Readonly<Record<Language, typeof zh>> = { zh, en };

/** What a page says of an error, for users: what to do. The server's own messages are for developers as well. */
export function useErrorText(): (error: JifenError) => string {
  const { language } = useJifenState();
  return (error) => errorText(error, language);
}

function errorText(error: JifenError, language: Language): string {
  const say = words[language];
  if (isJifenError(error, "GATEWAY_UNAVAILABLE")) return say.tryAgain;
  if (isJifenError(error, "ORDER_LIMIT")) return say.tooManyOrders(error.details.limit);
  if (isJifenError(error, "ALREADY_BOUGHT")) return say.bought(error.details.limit);
  if (isJifenError(error, "CODE_LIMIT")) return say.codeLimit(error.details.limit);
  if (isJifenError(error, "RATE_LIMITED")) return say.wait(Math.ceil(error.details.retryAfterSeconds / 60));
  if (isJifenError(error, "INSUFFICIENT_CREDITS")) {
    return say.noCredits(error.details.required, error.details.balance);
  }
  if (isJifenError(error, "QUOTE_EXPIRED")) return say.quoteExpired;
  const hasChanged = ["CHANNEL_OFF", "PACK_NOT_FOUND", "CURRENCY_NOT_SOLD"].includes(error.code);
  return hasChanged ? say.reload : error.message;
}
