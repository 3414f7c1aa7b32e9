import type { EntryKind, HoldState } from "@jifen/core";
import type { Role, Scope } from "./callers.ts";
import type { Wording } from "./language.ts";

/** How one refusal looks from outside. `retryAfterSeconds` becomes the Retry-After header. */
export type RefusalSpec = Wording & { readonly status: number; readonly retryAfterSeconds?: number };

/**
 * Every refusal, its status and its words: the only table of its kind, read by both transports,
 * the OpenAPI document and the client.
 */
export const refusals = {
  VALIDATION_FAILED: {
    status: 400,
    zh: "请求参数有误，请按 issues 逐项修改",
    en: "The request is not valid; see issues for each field",
  },
  MALFORMED_JSON: { status: 400, zh: "请求体不是有效的 JSON", en: "The request body is not valid JSON" },
  MALFORMED_REQUEST: { status: 400, zh: "不是有效的 HTTP 请求", en: "This is not a valid HTTP request" },
  UNAUTHENTICATED: {
    status: 401,
    zh: "请先登录：缺少有效的 Bearer Token",
    en: "Log in first: a valid bearer token is required",
  },
  INVALID_CREDENTIALS: { status: 401, zh: "邮箱或密码错误", en: "Wrong e-mail address or password" },
  INSUFFICIENT_CREDITS: { status: 402, zh: "积分不足", en: "Not enough credits" },
  FORBIDDEN: {
    status: 403,
    zh: "当前凭证没有权限：需要 roles 之一的角色，服务密钥还需要 scope；预扣须由放置它的一类凭证处理",
    en: "This credential may not do this: it takes one of roles, a service key needs scope too, and a hold the kind of credential that placed it",
  },
  USER_MISMATCH: { status: 403, zh: "用户与登录凭证不一致", en: "The user is not the one the credential belongs to" },
  ACCOUNT_SUSPENDED: { status: 403, zh: "账户已停用，请联系客服", en: "This account is suspended; contact support" },
  REGISTRATION_CLOSED: {
    status: 403,
    zh: "本服务不开放注册，请联系管理员创建账户",
    en: "Nobody registers here; ask an admin for an account",
  },
  NOT_FOUND: { status: 404, zh: "没有这个地址", en: "There is nothing at this address" },
  HOLD_NOT_FOUND: {
    status: 404,
    zh: "没有这笔预扣，请检查 holdId 和所用的账户",
    en: "There is no such hold; check holdId, and whose token this is",
  },
  TRANSACTION_NOT_FOUND: {
    status: 404,
    zh: "没有这笔流水，请检查 transactionId 和所用的账户",
    en: "There is no such transaction; check transactionId, and whose token this is",
  },
  USER_NOT_FOUND: {
    status: 404,
    zh: "没有这个用户，请检查 userId 或 X-User-Id（邮箱地址）",
    en: "There is no such user; check userId or X-User-Id, the e-mail address",
  },
  KEY_NOT_FOUND: {
    status: 404,
    zh: "没有这个服务密钥，请检查 keyId",
    en: "There is no such service key; check keyId",
  },
  SCOPE_NOT_GRANTABLE: {
    status: 403,
    zh: "密钥的权限不能超过创建者和所有者：请去掉 scopes 中列出的权限",
    en: "A key may no more than its maker and its owner may: leave out the scopes that are listed",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    zh: "不支持该请求方法，请见 Allow 响应头",
    en: "This method is not allowed here; see the Allow header",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    zh: "请求未在限定时间内发送完；本次请求未执行",
    en: "The request took too long to arrive; nothing was done",
  },
  HOLD_ALREADY_RESOLVED: {
    status: 409,
    zh: "这笔预扣已经结束，state 说明了结果；如需继续，请重新预扣",
    en: "This hold is over, state says how; place a new one to go on",
  },
  SELF_ACTION_FORBIDDEN: {
    status: 409,
    zh: "不能对自己的账户执行此操作，请由另一位管理员执行",
    en: "Nobody does this to their own account; ask another admin",
  },
  LAST_ADMIN: {
    status: 409,
    zh: "至少要保留一位管理员：请先设置另一位管理员",
    en: "Somebody has to be left who may do everything: make another admin first",
  },
  EMAIL_TAKEN: { status: 409, zh: "该邮箱已被使用", en: "This e-mail address is taken" },
  MAIL_NOT_CONFIGURED: {
    status: 409,
    zh: "本服务未配置邮件，请联系管理员获取设置密码的链接",
    en: "This server sends no mail; ask an admin for a link to set a password",
  },
  LINK_EXPIRED: {
    status: 410,
    zh: "链接无效、已使用或已过期，请重新获取",
    en: "This link is wrong, was used, or is too old; ask for a new one",
  },
  KEY_REVOKED: {
    status: 409,
    zh: "该服务密钥已被吊销，请创建新的密钥",
    en: "This service key has been revoked; make a new one",
  },
  KEY_LIMIT_REACHED: {
    status: 409,
    zh: "有效的服务密钥已达上限 limit，请先吊销不用的密钥",
    en: "There are as many live service keys as an owner may have; revoke one that is not used",
  },
  LENGTH_REQUIRED: { status: 411, zh: "请求必须带 Content-Length", en: "The request must carry a Content-Length" },
  PAYLOAD_TOO_LARGE: { status: 413, zh: "请求体过大", en: "The request body is too large" },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    zh: "请求体必须是 application/json",
    en: "The request body must be application/json",
  },
  EXPECTATION_FAILED: {
    status: 417,
    zh: "Expect 请求头只支持 100-continue",
    en: "In the Expect header only 100-continue is supported",
  },
  CAPTURE_EXCEEDS_HOLD: {
    status: 422,
    zh: "扣费金额超过预扣金额：最多扣 held，超出部分请另行消费",
    en: "More than the hold has: charge at most held, and consume the rest",
  },
  REFUND_EXCEEDS_CHARGE: {
    status: 422,
    zh: "退款超过可退金额：最多还能退 charged 减 refunded",
    en: "More than is left of the charge: at most charged minus refunded can be given back",
  },
  NOT_REFUNDABLE: {
    status: 422,
    zh: "这类流水不能退款：只有 consume 和 capture 可以",
    en: "This kind of transaction cannot be refunded: only consume and capture can",
  },
  BALANCE_LIMIT: {
    status: 422,
    zh: "超过账户积分上限 limit（含预扣的积分），请减少数量",
    en: "The account would have more than limit, what is set aside included; give less",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    zh: "该幂等键已用于另一个请求，请换一个新的键",
    en: "This idempotency key was used for a different request; use a new key",
  },
  RATE_LIMITED: {
    status: 429,
    zh: "请求过于频繁，请在 retryAfterSeconds 秒后重试；本次请求未执行",
    en: "Too many requests; nothing was done, retry after retryAfterSeconds",
  },
  HEADERS_TOO_LARGE: { status: 431, zh: "请求地址或请求头过大", en: "The address or the headers are too large" },
  OVERLOADED: {
    status: 503,
    retryAfterSeconds: 1,
    zh: "服务繁忙，请稍后重试；本次请求未执行",
    en: "The server is busy; nothing was done, retry shortly",
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryAfterSeconds: 2,
    zh: "数据库暂时不可用，请稍后重试；本次请求未执行",
    en: "The database is unavailable; nothing was done, retry shortly",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    retryAfterSeconds: 1,
    zh: "结果未知，请用同一个幂等键重试；未使用幂等键时，请用 transactionId 查询该交易是否存在",
    en: "The outcome is unknown; retry with the same idempotency key, or look for the transaction by its transactionId",
  },
  INTERNAL_ERROR: {
    status: 500,
    zh: "服务器内部错误，请凭 requestId 联系管理员",
    en: "Something went wrong; give the requestId to the operator",
  },
} as const satisfies Record<string, RefusalSpec>;

/** The stable name of a refusal. */
export type RefusalCode = keyof typeof refusals;

/** What is wrong with one field and what would be right. `path` is dotted; empty for the whole. */
export type FieldIssue = { readonly path: string; readonly message: string };

/** What a refusal carries beside its code. */
export type RefusalDetails = {
  /** The id that the transaction has if it was made after all: for those who sent no key. */
  OUTCOME_UNKNOWN: { transactionId?: string };
  VALIDATION_FAILED: { issues: readonly FieldIssue[] };
  /** Where there was a credential: it is wrong, over, or was ended (RFC 6750, section 3.1). */
  UNAUTHENTICATED: { reason?: "invalid_token" };
  /** What would be enough. `scope` is null where no service key may. */
  FORBIDDEN: { roles?: readonly Role[]; scope?: Scope | null };
  /** What is too much. */
  SCOPE_NOT_GRANTABLE: { scopes: readonly Scope[] };
  KEY_LIMIT_REACHED: { limit: number };
  INSUFFICIENT_CREDITS: { balance: number; required: number };
  PAYLOAD_TOO_LARGE: { limitBytes: number };
  RATE_LIMITED: { retryAfterSeconds: number };
  HOLD_ALREADY_RESOLVED: { state: Exclude<HoldState, "pending">; resolvedAt: string };
  CAPTURE_EXCEEDS_HOLD: { amount: number; held: number };
  REFUND_EXCEEDS_CHARGE: { charged: number; refunded: number; amount: number };
  NOT_REFUNDABLE: { kind: EntryKind };
  BALANCE_LIMIT: { balance: number; limit: number };
};

/** A refusal with the numbers that explain it. */
export type Refusal<Code extends RefusalCode = RefusalCode> = {
  [Each in Code]: { code: Each } & (Each extends keyof RefusalDetails ? RefusalDetails[Each] : unknown);
}[Code];

/** An error as it travels: the body in REST, `error.data.app` in tRPC. */
export type ErrorBody<Code extends RefusalCode = RefusalCode> = Refusal<Code> & { message: string; requestId: string };
