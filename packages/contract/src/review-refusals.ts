/** Refusals of decisions about payments: a part of the table of all refusals. */
export const reviewRefusals = {
  STRAY_NOT_FOUND: {
    status: 404,
    zh: "没有这笔找不到订单的付款，或已处理",
    en: "No such payment without an order exists, or it is resolved already",
  },
  NOT_IN_REVIEW: {
    status: 409,
    zh: "这笔付款不在待处理列表中，当前状态是 state",
    en: "The payment is not in review; its state is state",
  },
  NOT_ACCEPTABLE: {
    status: 409,
    zh: "不能接受这笔付款，原因见 reason",
    en: "The payment cannot be accepted; reason says why",
  },
  CREDITS_GRANTED: {
    status: 409,
    zh: "这笔付款已发放积分，驳回会让用户既保留积分又没有付款记录",
    en: "The payment has granted credits; after a dismissal the user would keep them for money that counts as refused",
  },
} as const;

/** What to do about them. */
export const reviewRefusalFixes = {
  STRAY_NOT_FOUND: {
    zh: "用 `GET /admin/reviews?kind=stray` 查看，并对地址中的各段做 URL 编码。",
    en: "`GET /admin/reviews?kind=stray` lists them. Encode each part of the path.",
  },
  NOT_IN_REVIEW: {
    zh: "用 `GET /admin/orders/{orderId}` 查看谁做了什么决定。",
    en: "`GET /admin/orders/{orderId}` shows who decided what.",
  },
  NOT_ACCEPTABLE: {
    zh: "`live-mode`：测试付款不能用于正式订单；`user-deleted`：用户已删除；`returning`：正在退款或已退款；`disputed`：有争议。请退款或驳回。",
    en: "`live-mode`: test money for a live order, or the reverse. `user-deleted`: there is no user. `returning`: money goes back already. `disputed`: the payer disputes it. Return it, or dismiss it.",
  },
  CREDITS_GRANTED: {
    zh: "接受这笔付款（补发其余积分），或退款（先收回积分）。",
    en: "Accept it, which grants the rest, or refund it, which takes the credits first.",
  },
} as const;
