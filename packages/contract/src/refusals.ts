import { keyRefusals } from "./key-refusals.ts";
import type { Wording } from "./language.ts";
import { pricingRefusals } from "./pricing-refusals.ts";
import type { RefusalDetails } from "./refusal-details.ts";
import { reversalRefusals } from "./reversal-refusals.ts";
import { reviewRefusals } from "./review-refusals.ts";
import { sessionRefusals } from "./session-refusals.ts";

/** The HTTP status and the texts of a refusal. `retryAfterSeconds` becomes the Retry-After header. */
export type RefusalSpec = Wording & { readonly status: number; readonly retryAfterSeconds?: number };

/**
 * Every refusal with its status and its message. Both transports, the OpenAPI document, the client and the web app use
 * this table. A message has no final period; names of fields in it refer to `RefusalDetails`.
 */
export const refusals = {
  VALIDATION_FAILED: {
    status: 400,
    zh: "请求参数有误，请按 issues 逐项修改",
    en: "The request is not valid; correct each field in issues",
  },
  MALFORMED_JSON: {
    status: 400,
    zh: "请求体不是有效的 JSON；如有 issues，请按其修改",
    en: "The request body is not valid JSON; issues, if present, name the fault",
  },
  MALFORMED_REQUEST: { status: 400, zh: "不是有效的 HTTP 请求", en: "The request is not valid HTTP" },
  UNAUTHENTICATED: {
    status: 401,
    zh: "请先登录：缺少有效的 Bearer Token",
    en: "A valid bearer token is required; log in first",
  },
  INVALID_CREDENTIALS: { status: 401, zh: "邮箱或密码错误", en: "Wrong e-mail address or password" },
  INSUFFICIENT_CREDITS: { status: 402, zh: "积分不足", en: "Not enough credits" },
  FORBIDDEN: {
    status: 403,
    zh: "当前凭证没有权限：用户需要 roles 之一的角色，服务密钥还需要 scope；预扣只能由创建它的用户本人，或同一所有者的服务密钥处理",
    en: "The credential lacks permission: the user needs one of roles, a service key also needs scope, and a hold can be resolved only by the user in person, or by the service keys of the owner, that created it",
  },
  USER_MISMATCH: { status: 403, zh: "用户与登录凭证不一致", en: "The user id does not match the credential" },
  ...sessionRefusals,
  ACCOUNT_SUSPENDED: { status: 403, zh: "账户已停用，请联系客服", en: "The account is suspended; contact support" },
  NOT_FOUND: { status: 404, zh: "没有这个地址", en: "No endpoint has this path" },
  HOLD_NOT_FOUND: {
    status: 404,
    zh: "没有这笔预扣，请检查 holdId 和所用的账户",
    en: "The account has no such hold; check holdId and the user of the credential",
  },
  ORDER_NOT_FOUND: {
    status: 404,
    zh: "没有这个订单，请检查 orderId 和所用的账户",
    en: "The user has no such order; check orderId and the user of the credential",
  },
  PACK_NOT_FOUND: {
    status: 404,
    zh: "没有在售的积分包 packId，请重新读取商品目录",
    en: "No pack packId is sold to this user; read the catalogue again",
  },
  TRANSACTION_NOT_FOUND: {
    status: 404,
    zh: "没有这笔流水，请检查 transactionId 和所用的账户",
    en: "The account has no such transaction; check transactionId and the user of the credential",
  },
  LOG_NOT_FOUND: {
    status: 404,
    zh: "没有这条日志，请检查 logId 和所用的账户",
    en: "The user has no such log; check logId and the user of the credential",
  },
  USER_NOT_FOUND: {
    status: 404,
    zh: "没有这个用户，请检查 userId 或 X-User-Id（邮箱地址）",
    en: "The user does not exist; check userId or X-User-Id (an e-mail address)",
  },
  KEY_NOT_FOUND: {
    status: 404,
    zh: "没有这个服务密钥，请检查 keyId",
    en: "The service key does not exist; check keyId",
  },
  ENDPOINT_NOT_FOUND: {
    status: 404,
    zh: "没有这个 Webhook 端点，或已停用，请检查 endpointId",
    en: "The webhook endpoint does not exist or has ended; check endpointId",
  },
  DELIVERY_NOT_FOUND: {
    status: 404,
    zh: "没有这个投递，请检查 deliveryId",
    en: "The delivery does not exist; check deliveryId",
  },
  ENDPOINT_LIMIT: {
    status: 409,
    zh: "Webhook 端点已达上限 limit，请先停用不用的端点",
    en: "The owner already has limit webhook endpoints; end an unused one first",
  },
  ADDRESS_NOT_ALLOWED: {
    status: 422,
    zh: "不能向该地址投递事件：必须是公网地址并使用 https",
    en: "Events cannot be sent to this address: it must be public, and use https",
  },
  CODE_NOT_VALID: {
    status: 404,
    zh: "积分码无效：请检查输入；它也可能已被使用、已作废或不在有效期内",
    en: "The code is not valid: check it for typing errors; it can also be used up, ended, or outside of its time",
  },
  CODE_LIMIT: {
    status: 409,
    zh: "这批积分码每位用户最多兑换 limit 个",
    en: "A user can redeem at most limit codes of this batch",
  },
  CODE_BATCH_NOT_FOUND: {
    status: 404,
    zh: "没有这批积分码，请检查 batchId",
    en: "The batch of codes does not exist; check batchId",
  },
  CODE_BATCH_ENDED: { status: 409, zh: "这批积分码已经作废", en: "The batch of codes has ended already" },
  SCOPE_NOT_GRANTABLE: {
    status: 403,
    zh: "密钥的权限不能超过创建者和所有者，请去掉 scopes 中列出的权限",
    en: "A key cannot have scopes that its creator or owner lacks; remove the listed scopes",
  },
  USER_KEYS_OFF: {
    status: 403,
    zh: "本服务不允许普通用户创建或轮换服务密钥，请联系管理员",
    en: "This server does not let users create or rotate service keys; ask an admin",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    zh: "不支持该请求方法，请见 Allow 响应头",
    en: "The path does not support this method; see the Allow header",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    zh: "请求未在限定时间内发送完；本次请求未执行",
    en: "The request did not arrive in time; it had no effect",
  },
  HOLD_ALREADY_RESOLVED: {
    status: 409,
    zh: "这笔预扣已经结束，state 说明了结果；如需继续，请重新预扣",
    en: "The hold is already resolved, see state; create a new hold to continue",
  },
  SELF_ACTION_FORBIDDEN: {
    status: 409,
    zh: "不能对自己的账户执行此操作（包括给自己发放积分、退还自己的消费、释放自己的预扣），请由另一位员工执行",
    en: "Staff cannot do this to their own account, such as granting credits to themselves; ask another member of staff",
  },
  USER_HAS_CREDENTIALS: {
    status: 403,
    zh: "该用户已经可以登录，服务密钥不能为其生成设置密码的链接，请由管理员登录后操作，或由用户通过邮件找回密码",
    en: "The user can already sign in, so a service key cannot create a password link; an admin who is logged in can, or the user requests one by e-mail",
  },
  LAST_ADMIN: {
    status: 409,
    zh: "至少要保留一位管理员，请先设置另一位管理员",
    en: "At least one admin must remain; make another user an admin first",
  },
  EMAIL_TAKEN: { status: 409, zh: "该邮箱已被使用", en: "The e-mail address is already in use" },
  MAIL_NOT_CONFIGURED: {
    status: 409,
    zh: "本服务未配置邮件，不能发送邮件；设置密码的链接请联系管理员获取",
    en: "This server cannot send e-mail; ask an admin for a link to set a password",
  },
  LINK_EXPIRED: {
    status: 410,
    zh: "链接无效、已使用或已过期，请重新获取",
    en: "The link is invalid, already used or expired; request a new one",
  },
  ...keyRefusals,
  CHANNEL_OFF: {
    status: 409,
    zh: "支付渠道未启用，可用的渠道见 channels",
    en: "This payment channel is not set up; channels lists those that are",
  },
  ORDER_LIMIT: {
    status: 409,
    zh: "未付款的订单已达上限 limit，请先付款或取消",
    en: "The user has limit unpaid orders already; pay or cancel one first",
  },
  ALREADY_BOUGHT: {
    status: 409,
    zh: "该积分包每个用户最多购买 limit 次",
    en: "A user can buy this pack limit times",
  },
  LENGTH_REQUIRED: {
    status: 411,
    zh: "请求必须带 Content-Length，或分块发送",
    en: "The request must have a Content-Length header, or be chunked",
  },
  PAYLOAD_TOO_LARGE: { status: 413, zh: "请求体过大", en: "The request body is too large" },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    zh: "请求体必须是 application/json",
    en: "The request body must be application/json",
  },
  EXPECTATION_FAILED: {
    status: 417,
    zh: "Expect 请求头只支持 100-continue",
    en: "The Expect header supports only 100-continue",
  },
  CAPTURE_EXCEEDS_HOLD: {
    status: 422,
    zh: "扣费金额超过预扣金额：最多扣 held，超出部分请另行消费",
    en: "The amount exceeds the hold; capture at most held, and consume the rest",
  },
  REFUND_EXCEEDS_CHARGE: {
    status: 422,
    zh: "退款超过可退金额：最多还能退 charged 减 refunded",
    en: "The amount exceeds what can still be refunded: charged minus refunded",
  },
  GRANT_SPENT: {
    status: 409,
    zh: "这个批次没有可收回的积分：已用完、已过期、正在预扣，或不属于该用户",
    en: "Nothing can be taken from this grant: it is spent, expired or held, or it is not one of this user",
  },
  ...pricingRefusals,
  ...reversalRefusals,
  ...reviewRefusals,
  NOT_REFUNDABLE: {
    status: 422,
    zh: "这类流水不能退款：只有 consume 和 capture 可以",
    en: "Only transactions of kind consume and capture can be refunded",
  },
  BALANCE_LIMIT: {
    status: 422,
    zh: "超过账户积分上限 limit（含预扣的积分），请减少数量",
    en: "Balance and held credits together would exceed limit; use a smaller amount",
  },
  CURRENCY_NOT_SOLD: {
    status: 422,
    zh: "该积分包不能在此渠道用这种货币购买，可用的货币见 currencies",
    en: "The pack is not sold in this currency on this channel; currencies lists those that can be used",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    zh: "该幂等键已用于另一个请求，请换一个新的键",
    en: "The idempotency key was used for a different request; use a new key",
  },
  RATE_LIMITED: {
    status: 429,
    zh: "请求过于频繁，请在 retryAfterSeconds 秒后重试；本次请求未执行",
    en: "Too many requests; this one had no effect, retry after retryAfterSeconds seconds",
  },
  HEADERS_TOO_LARGE: { status: 431, zh: "请求地址或请求头过大", en: "The URL or the headers are too large" },
  OVERLOADED: {
    status: 503,
    retryAfterSeconds: 1,
    zh: "服务繁忙，请稍后重试；本次请求未执行",
    en: "The server is busy; the request had no effect, retry later",
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryAfterSeconds: 2,
    zh: "数据库暂时不可用，请稍后重试；本次请求未执行",
    en: "The database is unavailable; the request had no effect, retry later",
  },
  GATEWAY_UNAVAILABLE: {
    status: 503,
    retryAfterSeconds: 3,
    zh: "支付平台暂时没有响应，请稍后用同一个幂等键重试",
    en: "The payment provider does not respond; retry later with the same idempotency key",
  },
  GATEWAY_REFUSED: {
    status: 502,
    zh: "支付平台拒绝了该订单，请换一种付款方式重新下单",
    en: "The payment provider refused the order; make another one with another way to pay",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    retryAfterSeconds: 1,
    zh: "结果未知，请用同一个幂等键重试；未使用幂等键时，请用 transactionId 查询该交易是否存在",
    en: "The outcome is unknown; retry with the same idempotency key, or look up the transaction by transactionId",
  },
  INTERNAL_ERROR: {
    status: 500,
    zh: "服务器内部错误，请凭 requestId 联系管理员",
    en: "Internal server error; give requestId to the operator",
  },
} as const satisfies Record<string, RefusalSpec>;

/** The stable code of a refusal. */
export type RefusalCode = keyof typeof refusals;

/** A refusal with the fields that explain it. */
export type Refusal<Code extends RefusalCode = RefusalCode> = {
  [Each in Code]: { code: Each } & (Each extends keyof RefusalDetails ? RefusalDetails[Each] : unknown);
}[Code];

/** The error object in a response: the body in REST, `error.data.app` in tRPC. */
export type ErrorBody<Code extends RefusalCode = RefusalCode> = Refusal<Code> & { message: string; requestId: string };
