/** Refusals of refunds: a part of the table of all refusals. */
export const reversalRefusals = {
  PAYMENT_NOT_FOUND: {
    status: 404,
    zh: "没有这笔付款，请检查 paymentId",
    en: "The payment does not exist; check paymentId",
  },
  REVERSAL_NOT_FOUND: {
    status: 404,
    zh: "没有这笔退款，请检查 reversalId",
    en: "The refund does not exist; check reversalId",
  },
  PAYMENT_NOT_REFUNDABLE: {
    status: 409,
    zh: "这笔付款目前不能退款，它的状态是 state",
    en: "The payment cannot be refunded in its state",
  },
  PAYMENT_DISPUTED: {
    status: 409,
    zh: "这笔付款有未结的争议，争议结束前不能退款，否则可能退两次",
    en: "The payment has an open dispute; a refund could return the money twice",
  },
  CHANNEL_CANNOT_REFUND: {
    status: 409,
    zh: "该支付渠道不能自动退这笔款，请用 byHand 并在支付平台人工退款",
    en: "The payment channel cannot return this money; use byHand and return it at the provider",
  },
  NOT_STUCK: {
    status: 409,
    zh: "这笔退款没有卡住，当前状态是 state",
    en: "The refund is not stuck; its state is state",
  },
  REFUND_EXCEEDS_PAYMENT: {
    status: 422,
    zh: "退款超过这笔付款剩余的金额，最多 most（最小货币单位）",
    en: "The amount exceeds what is left of the payment: at most most, in minor units",
  },
  REFUND_EXCEEDS_UNUSED: {
    status: 422,
    zh: "退款超过未用积分的价值，最多 most（最小货币单位）；如仍要退，请用 goodwill",
    en: "The amount exceeds what the unused credits are worth: at most most, in minor units; goodwill allows more",
  },
} as const;

/** What to do about them. */
export const reversalRefusalFixes = {
  PAYMENT_NOT_FOUND: {
    zh: "使用 `GET /admin/orders/{orderId}` 返回的 `paymentId`。",
    en: "Use the `paymentId` that `GET /admin/orders/{orderId}` returns.",
  },
  REVERSAL_NOT_FOUND: {
    zh: "使用 `GET /admin/orders/{orderId}` 返回的 `reversalId`。",
    en: "Use the `reversalId` that `GET /admin/orders/{orderId}` returns.",
  },
  PAYMENT_NOT_REFUNDABLE: {
    zh: "`accepted`：积分正在入账，稍后重试。`returned` 和 `dismissed`：这笔付款已经处理完毕。",
    en: "`accepted`: its credits are being granted, retry later. `returned` and `dismissed`: the payment is dealt with.",
  },
  PAYMENT_DISPUTED: {
    zh: "在支付平台处理争议。若争议败诉，钱已退回；若胜诉，可以再退款。",
    en: "Answer the dispute at the provider. If it is lost, the money has gone back; if it is won, a refund is possible.",
  },
  CHANNEL_CANNOT_REFUND: {
    zh: "带上 `byHand: true` 重新请求，在支付平台人工退款后调用 `POST /admin/reversals/{reversalId}/settled-by-hand`。",
    en: "Send `byHand: true`, return the money at the provider, then call `POST /admin/reversals/{reversalId}/settled-by-hand`.",
  },
  NOT_STUCK: {
    zh: "只有 `stuck` 状态的退款可以重试或人工确认，其他状态会自动完成。",
    en: "Only a refund in the state `stuck` can be retried or confirmed; the others finish by themselves.",
  },
  REFUND_EXCEEDS_PAYMENT: { zh: "最多退 `most`。", en: "Refund at most `most`." },
  REFUND_EXCEEDS_UNUSED: {
    zh: "最多退 `most`，或用 `goodwill` 退更多。",
    en: "Refund at most `most`, or use `goodwill` to return more.",
  },
} as const;
