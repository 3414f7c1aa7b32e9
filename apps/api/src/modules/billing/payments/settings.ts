import { z } from "zod";
import type { Rate } from "../../../http/rate-limits/counters.ts";
import { rateForm, zRate } from "../../../http/settings.ts";
import { defineSettings } from "../../../settings/define-settings.ts";
import { forms, same, zSwitch, zWholeNumber } from "../../../settings/values.ts";

/** Settings of orders and payments. */
export type PaymentSettings = {
  /** How long an order can be paid. */
  readonly orderMs: number;
  /** Where browsers go after a payment, unless the order says otherwise; undefined: the site of FRONTEND_URL. */
  readonly topUpReturnUrl: string | undefined;
  /** Orders of one user. undefined: no limit. */
  readonly orderRate: Rate | undefined;
  /** Questions of the schedule in a second. */
  readonly gatewayRate: number;
  /** Whether the money of a second payment of an order goes back by itself. */
  readonly returnsSurplus: boolean;
  /** Whether users whose payments are disputed are suspended. */
  readonly suspendsDisputed: boolean;
};

const zReturnUrl = z.url({ protocol: /^https?$/, error: "must be a URL such as https://example.com/top-up" });

/** Settings of orders and payments. */
export const paymentSettings = defineSettings({
  variables: {
    ORDER_MINUTES: {
      schema: zWholeNumber(1, 1_440).default(30),
      type: forms.wholeNumber(1, 1_440),
      default: same("30"),
      description: {
        en: "How long an order can be paid, within what its payment channel allows.",
        zh: "订单可付款的时长（分钟），以支付渠道允许的范围为限。",
      },
    },
    TOP_UP_RETURN_URL: {
      schema: zReturnUrl.optional(),
      type: forms.url,
      default: { en: "`/top-up` of the first origin in `FRONTEND_URL`", zh: "`FRONTEND_URL` 中第一个来源的 `/top-up`" },
      description: {
        en: "Where browsers go after a payment, with `?order=` and the id of the order.",
        zh: "付款后浏览器前往的页面，附带 `?order=` 和订单号。",
      },
    },
    RATE_LIMIT_ORDERS: {
      schema: zRate.prefault("20/1h"),
      type: rateForm,
      default: same("20/1h"),
      description: { en: "Orders that one user makes.", zh: "每个用户下单的次数。" },
    },
    GATEWAY_RATE: {
      schema: zWholeNumber(1, 1_000).default(20),
      type: forms.wholeNumber(1, 1_000),
      default: same("20"),
      description: {
        en: "Orders that payment providers are asked about in a second, by all servers together.",
        zh: "所有服务器合计每秒向支付平台查询的订单数。",
      },
    },
    SURPLUS: {
      schema: z.enum(["review", "return"], "must be review or return").default("review"),
      type: same("review, return"),
      default: same("review"),
      description: {
        en: "What becomes of a second payment of an order: `review` leaves it to staff, `return` sends the money back by itself.",
        zh: "同一订单的第二笔付款如何处理：`review` 交由员工处理，`return` 自动退回。",
      },
    },
    DISPUTE_SUSPENDS: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on` suspends a user when a payment of the user is disputed. Staff resumes the user.",
        zh: "`on` 表示用户的付款发生争议时自动停用该用户，由员工恢复。",
      },
    },
  },
  read: (values): PaymentSettings => ({
    orderMs: values.ORDER_MINUTES * 60_000,
    topUpReturnUrl: values.TOP_UP_RETURN_URL,
    orderRate: values.RATE_LIMIT_ORDERS,
    gatewayRate: values.GATEWAY_RATE,
    returnsSurplus: values.SURPLUS === "return",
    suspendsDisputed: values.DISPUTE_SUSPENDS,
  }),
});
