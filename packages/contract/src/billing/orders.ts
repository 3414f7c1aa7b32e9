import { z } from "zod";
import { anyUser, staff } from "../callers.ts";
import { bilingual, type Wording } from "../language.ts";
import { operation } from "../operation.ts";
import { zCursor, zIdempotencyKey, zLimit, zPage, zTimestamp, zUserId } from "../primitives.ts";
import { zName } from "./action-price.ts";
import { zAdminOrder, zOrder, zOrderFile, zOrderId, zOrderState } from "./order-shape.ts";

const rule = (wording: Wording) => ({ error: bilingual(wording) });

const currencyRule = rule({ zh: "必须是 ISO 4217 货币代码，例如 CNY", en: "must be an ISO 4217 code, such as CNY" });
const urlRule = rule({
  zh: "必须是以 http:// 或 https:// 开头的网址，最多 2000 个字符",
  en: "must be an address with http:// or https://, of at most 2000 characters",
});

/** `POST /orders`: orders a pack and makes it payable, once per idempotency key. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/orders" },
  summary: { zh: "下单购买积分包，返回付款方式", en: "Order a pack of credits. The response says how to pay." },
  caller: anyUser("orders:write"),
  idempotent: true,
  input: z.strictObject({
    packId: zName,
    channel: zName.meta({ description: "A payment channel of this server, such as `epay`.", examples: ["epay"] }),
    method: zName.optional().meta({ description: "A method of the channel; its first one if left out." }),
    currency: z
      .string(currencyRule)
      .regex(/^[A-Z]{3}$/, currencyRule)
      .optional()
      .meta({ maxLength: 3, description: "The first currency that pack and channel have in common if left out." }),
    returnUrl: z
      .url({ protocol: /^https?$/, ...urlRule })
      .max(2_000, urlRule)
      .optional()
      .meta({
        description:
          "Where the browser goes after the payment: an address of a site in FRONTEND_URL, or of this server's pages.",
      }),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: zOrder,
  refusals: [
    "IDEMPOTENCY_KEY_REUSED",
    "PACK_NOT_FOUND",
    "CHANNEL_OFF",
    "CURRENCY_NOT_SOLD",
    "ORDER_LIMIT",
    "ALREADY_BOUGHT",
    "GATEWAY_UNAVAILABLE",
    "GATEWAY_REFUSED",
  ],
});

const filters = {
  state: zOrderState.optional(),
  from: zTimestamp.optional().meta({ description: "Only orders that were made at this time or later." }),
  to: zTimestamp.optional().meta({ description: "Only orders that were made before this time." }),
  limit: zLimit(100, 20),
  cursor: zCursor.optional(),
};

/** `GET /orders`: the orders of the caller, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/orders" },
  summary: { zh: "查询自己的订单，最新的在前", en: "List orders, newest first." },
  caller: anyUser("orders:read"),
  idempotent: false,
  input: z.strictObject(filters),
  output: zPage(zOrder),
  refusals: [],
});

/** `GET /orders/{orderId}`: one order of the caller. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/orders/{orderId}" },
  summary: { zh: "查询一个订单", en: "Read an order." },
  caller: anyUser("orders:read"),
  idempotent: false,
  input: z.strictObject({ orderId: zOrderId }),
  output: zOrder,
  refusals: ["ORDER_NOT_FOUND"],
});

/** `POST /orders/{orderId}/check`: asks the payment provider about an order, at most every 3 seconds. */
export const check = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/orders/{orderId}/check" },
  summary: {
    zh: "立即向支付平台查询订单是否已付款（同一订单每 3 秒最多一次）",
    en: "Ask the payment provider now whether an order is paid, at most every 3 seconds.",
  },
  caller: anyUser("orders:read"),
  idempotent: false,
  input: z.strictObject({ orderId: zOrderId }),
  output: zOrder,
  refusals: ["ORDER_NOT_FOUND", "GATEWAY_UNAVAILABLE"],
});

/** `POST /orders/{orderId}/cancel`: closes an order at the provider. Money that was faster wins. */
export const cancel = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/orders/{orderId}/cancel" },
  summary: {
    zh: "取消未付款的订单；若已付款则照常入账。支付渠道不支持关闭时，订单保持到期满",
    en: "Cancel an order that is not paid. A payment that was faster is credited; a channel that cannot close orders lets them expire.",
  },
  caller: anyUser("orders:write"),
  idempotent: false,
  input: z.strictObject({ orderId: zOrderId }),
  output: zOrder,
  refusals: ["ORDER_NOT_FOUND", "GATEWAY_UNAVAILABLE"],
});

/** `GET /admin/orders`: the orders of all users, newest first. */
export const adminList = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/orders" },
  summary: { zh: "查询全部订单（员工），最新的在前", en: "List the orders of all users, newest first." },
  caller: staff("orders:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ userId: zUserId.optional(), channel: zName.optional(), ...filters }),
  output: zPage(zAdminOrder),
  refusals: [],
});

/** `GET /admin/orders/{orderId}`: an order of any user with its events, payments and reversals. */
export const adminFind = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/orders/{orderId}" },
  summary: {
    zh: "查询任意订单及其经过、付款与退款",
    en: "Read an order of any user, with events, payments and refunds.",
  },
  caller: staff("orders:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ orderId: zOrderId }),
  output: zOrderFile,
  refusals: ["ORDER_NOT_FOUND"],
});

/** `POST /admin/orders/{orderId}/check`: asks the payment provider about an order of any user. */
export const adminCheck = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/orders/{orderId}/check" },
  summary: { zh: "立即向支付平台查询任意订单", en: "Ask the payment provider about an order of any user." },
  caller: staff("orders:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ orderId: zOrderId }),
  output: zOrderFile,
  refusals: ["ORDER_NOT_FOUND", "GATEWAY_UNAVAILABLE"],
});
