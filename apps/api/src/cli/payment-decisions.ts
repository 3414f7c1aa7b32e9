import { operations } from "@jifen/contract";
import { defineCommand } from "citty";
import { acceptPayment } from "../modules/billing/reviews/accept-payment.ts";
import { dismissPayment } from "../modules/billing/reviews/dismiss-payment.ts";
import { toAdminPayment } from "../modules/billing/reviews/to-admin-payment.ts";
import { t } from "./language.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withPayments } from "./with-payments.ts";

const args = {
  payment: {
    type: "positional",
    description: t({ en: "The id of the payment.", zh: "付款 ID。" }),
    required: true,
  },
  reason: {
    type: "string",
    description: t({ en: "Why; recorded in the audit log.", zh: "原因，写入审计日志。" }),
    required: true,
  },
  json: jsonArgument,
} as const;

const decisions = { accept: acceptPayment, dismiss: dismissPayment } as const;

async function decide(
  verdict: "accept" | "dismiss",
  { payment, reason, json }: { readonly payment: string; readonly reason: string; readonly json: boolean },
): Promise<void> {
  const input = parseInput(operations.adminPayments[verdict].input, { paymentId: payment, reason });
  if (!input) return;
  await withPayments(async ({ payments, operator }) => {
    const decided = await decisions[verdict](payments, input, operator.by);
    if (!decided.ok) return printRefusal(decided.refusal);
    const { id, state, credits, bonusCredits, userId } = decided.value;
    const sum = credits + bonusCredits;
    const texts = {
      credited: t({ en: `Granted ${sum} to ${userId}.`, zh: `已向 ${userId} 发放 ${sum}。` }),
      dismissed: t({ en: `Dismissed ${id}.`, zh: `已驳回 ${id}。` }),
    };
    const later = t({ en: "The credits will be granted later.", zh: "积分稍后发放。" });
    print(json, toAdminPayment(decided.value), state === "credited" || state === "dismissed" ? texts[state] : later);
  });
}

/** `jifen payments accept` */
export const accept = defineCommand({
  meta: {
    name: "accept",
    description: t({
      en: "Accepts a payment in review: it grants the full terms of its order.",
      zh: "接受一笔待处理的付款，按订单的全部条款发放积分。",
    }),
  },
  args,
  run: ({ args: typed }) => decide("accept", typed),
});

/** `jifen payments dismiss` */
export const dismiss = defineCommand({
  meta: {
    name: "dismiss",
    description: t({
      en: "Dismisses a payment in review: it grants nothing.",
      zh: "驳回一笔待处理的付款，不发放积分。",
    }),
  },
  args,
  run: ({ args: typed }) => decide("dismiss", typed),
});
