import { operations } from "@jifen/contract";
import { defineCommand } from "citty";
import { toMoney } from "../modules/billing/orders/to-order.ts";
import { askRefund } from "../modules/billing/reversals/ask-refund.ts";
import { toReversal } from "../modules/billing/reversals/to-reversal.ts";
import { t } from "./language.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { withPayments } from "./with-payments.ts";

/** `jifen payments refund` */
export const refund = defineCommand({
  meta: {
    name: "refund",
    description: t({
      en: "Refunds a payment: takes the credits that belong to the money, then returns the money.",
      zh: "退款：先收回对应的积分，再把钱退回付款人。",
    }),
  },
  args: {
    payment: { type: "positional", description: t({ en: "The id of the payment.", zh: "付款 ID。" }), required: true },
    reason: {
      type: "string",
      description: t({ en: "Why; recorded in the audit log.", zh: "原因，写入审计日志。" }),
      required: true,
    },
    amount: {
      type: "string",
      description: t({
        en: "Minor units of the currency, such as cents; all that is left if left out.",
        zh: "最小货币单位（例如分）的金额；不填则退全部剩余金额。",
      }),
    },
    goodwill: {
      type: "boolean",
      description: t({ en: "Return money for spent credits too.", zh: "已用积分对应的钱也退。" }),
    },
    "keep-credits": {
      type: "boolean",
      description: t({ en: "With --goodwill: take no credits.", zh: "与 --goodwill 同用：不收回积分。" }),
    },
    "by-hand": {
      type: "boolean",
      description: t({
        en: "For channels that cannot return money: you return it at the provider.",
        zh: "用于无法自动退款的渠道：由您在支付平台退款。",
      }),
    },
    key: {
      type: "string",
      description: t({
        en: "Idempotency key: a repeated key refunds once.",
        zh: "幂等键，相同的键只退款一次。",
      }),
    },
    json: jsonArgument,
  },
  run: ({ args }) => {
    const { payment, reason, amount, key, json } = args;
    const input = parseInput(operations.adminReversals.refund.input, {
      ...{ paymentId: payment, reason },
      ...(amount !== undefined && { amountMinor: wholeNumber(amount) }),
      ...(args.goodwill && { goodwill: true }),
      ...(args["keep-credits"] && { keepCredits: true }),
      ...(args["by-hand"] && { byHand: true }),
      ...(key !== undefined && { idempotencyKey: key }),
    });
    if (!input) return;
    return withPayments(async ({ payments, operator }) => {
      const asked = await askRefund(payments, input, operator.by);
      if (!asked.ok) return printRefusal(asked.refusal);
      const { reversal } = asked.value;
      const { text, currency } = toMoney(reversal.amountMinor, reversal.currency);
      const taken = reversal.takenCredits + reversal.takenBonus;
      const done = t({
        en: `Returned ${text} ${currency}, took ${taken} credits.`,
        zh: `已退 ${text} ${currency}，收回 ${taken} 积分。`,
      });
      const pending = t({
        en: `Refund ${reversal.id} of ${text} ${currency} is ${reversal.state}; ${taken} credits are taken.`,
        zh: `退款 ${reversal.id}（${text} ${currency}）状态为 ${reversal.state}，已收回 ${taken} 积分。`,
      });
      print(json, toReversal(reversal), reversal.state === "done" ? done : pending);
    });
  },
});
