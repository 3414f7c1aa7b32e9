import { type Language, pickLanguage, type Wording } from "./language.ts";
import type { FieldIssue, RefusalDetails } from "./refusal-details.ts";
import { type Refusal, type RefusalCode, refusals } from "./refusals.ts";

/** A refused field can have a long name or value; a response must not be much longer than its request. */
const MAX_PATH = 100;
const MAX_FINDING = 300;

type Explained = keyof RefusalDetails;

/** What a message says of its refusal: the texts of `refusals` without a period, with the values of the fields in them. */
type Messages = { readonly [Code in Explained]: (refusal: Refusal<Code>) => Wording };

const names = (values: readonly string[]) => values.join(", ");

/** What is not valid, the first field that is wrong and what would be right, and how many more there are. */
function firstIssue(lead: Wording, issues: readonly [FieldIssue, ...FieldIssue[]]): Wording {
  const [first, ...others] = issues;
  const said = (language: Language, colon: string) => {
    const path = first.path === "" ? "" : `${first.path.slice(0, MAX_PATH)}${colon}`;
    return `${path}${pickLanguage(first.message, language).slice(0, MAX_FINDING)}`;
  };
  const more = { zh: `；另有 ${others.length} 处，见 issues`, en: `; ${others.length} more in issues` };
  return {
    zh: `${lead.zh}：${said("zh", "：")}${others.length > 0 ? more.zh : ""}`,
    en: `${lead.en}: ${said("en", ": ")}${others.length > 0 ? more.en : ""}`,
  };
}

const invalid =
  (code: RefusalCode, lead: Wording) =>
  ({ issues: [first, ...others] = [] }: { readonly issues?: readonly FieldIssue[] }): Wording =>
    first === undefined ? refusals[code] : firstIssue(lead, [first, ...others]);

/** The one cause: what the caller lacks. A refusal without roles is about a hold that another caller has created. */
function forbidden({ missing, roles, scope }: Refusal<"FORBIDDEN">): Wording {
  const [zhRoles, enRoles] = [(roles ?? []).join(" 或 "), (roles ?? []).join(" or ")];
  if (roles === undefined) {
    return {
      zh: "预扣只能由创建它的用户本人，或同一所有者的服务密钥处理",
      en: "A hold can be resolved only by the user in person, or by the service keys of the owner, that created it",
    };
  }
  if (missing === "scope") {
    return { zh: `服务密钥缺少权限 ${scope}`, en: `The service key lacks the scope ${scope}` };
  }
  if (missing === "person") {
    return {
      zh: "服务密钥不能执行此操作，请由用户本人登录后操作",
      en: "No service key can do this; a user must log in to do it",
    };
  }
  if (missing === "role") {
    return { zh: `需要角色 ${zhRoles} 的用户`, en: `The user needs the role ${enRoles}` };
  }
  return scope === null || scope === undefined
    ? {
        zh: `只有登录的 ${zhRoles} 可以执行此操作，服务密钥不能`,
        en: `Only a user with the role ${enRoles} can do this, no service key`,
      }
    : {
        zh: `用户需要角色 ${zhRoles}，服务密钥还需要权限 ${scope}`,
        en: `The user needs the role ${enRoles}, and a service key the scope ${scope} as well`,
      };
}

const messages: Messages = {
  VALIDATION_FAILED: invalid("VALIDATION_FAILED", { zh: "请求参数有误", en: "The request is not valid" }),
  CATALOGUE_INVALID: invalid("CATALOGUE_INVALID", { zh: "目录有误", en: "The catalogue is not valid" }),
  MALFORMED_JSON: invalid("MALFORMED_JSON", { zh: "请求体不是有效的 JSON", en: "The request body is not valid JSON" }),
  FORBIDDEN: forbidden,
  // Sites show these sentences to their users as they are.
  INSUFFICIENT_CREDITS: () => refusals.INSUFFICIENT_CREDITS,
  UNAUTHENTICATED: () => refusals.UNAUTHENTICATED,
  OUTCOME_UNKNOWN: () => refusals.OUTCOME_UNKNOWN,
  RATE_LIMITED: ({ retryAfterSeconds }) => ({
    zh: `请求过于频繁，请在 ${retryAfterSeconds} 秒后重试；本次请求未执行`,
    en: `Too many requests; this one had no effect, retry after ${retryAfterSeconds} seconds`,
  }),
  SCOPE_NOT_GRANTABLE: ({ scopes }) => ({
    zh: `密钥的权限不能超过创建者和所有者，请去掉：${names(scopes)}`,
    en: `A key cannot have scopes that its creator or owner lacks; remove ${names(scopes)}`,
  }),
  KEY_LIMIT_REACHED: ({ limit }) => ({
    zh: `有效的服务密钥已达上限 ${limit}，请先吊销不用的密钥`,
    en: `The owner already has ${limit} active service keys; revoke an unused one first`,
  }),
  GRANT_LIMIT_REACHED: ({ limit, used, resetsAt }) => ({
    zh: `该密钥今天还可发放 ${Math.max(0, limit - used)} 个积分（每天 ${limit}），不足本次数量；${resetsAt} 之后可再发放`,
    en: `The key can grant ${Math.max(0, limit - used)} more of its ${limit} credits a day, fewer than this amount; more from ${resetsAt} on`,
  }),
  CODE_LIMIT: ({ limit }) => ({
    zh: `这批积分码每位用户最多兑换 ${limit} 个`,
    en: `A user can redeem at most ${limit} codes of this batch`,
  }),
  ENDPOINT_LIMIT: ({ limit }) => ({
    zh: `Webhook 端点已达上限 ${limit}，请先停用不用的端点`,
    en: `The owner already has ${limit} webhook endpoints; end an unused one first`,
  }),
  ORDER_LIMIT: ({ limit }) => ({
    zh: `未付款的订单已达上限 ${limit}，请先付款或取消`,
    en: `The user has ${limit} unpaid orders already; pay or cancel one first`,
  }),
  ALREADY_BOUGHT: ({ limit }) => ({
    zh: `该积分包每个用户最多购买 ${limit} 次`,
    en: `A user can buy this pack at most ${limit} times`,
  }),
  CHANNEL_OFF: ({ channels }) => ({
    zh: `支付渠道未启用，可用的渠道：${names(channels) || "无"}`,
    en: `This payment channel is not set up; available: ${names(channels) || "none"}`,
  }),
  CURRENCY_NOT_SOLD: ({ currencies }) => ({
    zh: `该积分包不能在此渠道用这种货币购买，可用的货币：${names(currencies)}`,
    en: `The pack is not sold in this currency on this channel; available: ${names(currencies)}`,
  }),
  PAYMENT_NOT_REFUNDABLE: ({ state }) => ({
    zh: `这笔付款目前不能退款，它的状态是 ${state}`,
    en: `The payment cannot be refunded in its state ${state}`,
  }),
  NOT_STUCK: ({ state }) => ({
    zh: `这笔退款没有卡住，当前状态是 ${state}`,
    en: `The refund is not stuck; its state is ${state}`,
  }),
  REFUND_EXCEEDS_PAYMENT: ({ most }) => ({
    zh: `退款超过这笔付款剩余的金额，最多 ${most}（最小货币单位）`,
    en: `The amount exceeds what is left of the payment: at most ${most}, in minor units`,
  }),
  REFUND_EXCEEDS_UNUSED: ({ most }) => ({
    zh: `退款超过未用积分的价值，最多 ${most}（最小货币单位）；如仍要退，请用 goodwill`,
    en: `The amount exceeds what the unused credits are worth: at most ${most}, in minor units; goodwill allows more`,
  }),
  NOT_IN_REVIEW: ({ state }) => ({
    zh: `这笔付款不在待处理列表中，当前状态是 ${state}`,
    en: `The payment is not in review; its state is ${state}`,
  }),
  NOT_ACCEPTABLE: ({ reason }) => ({
    zh: `不能接受这笔付款：${reason}`,
    en: `The payment cannot be accepted: ${reason}`,
  }),
  PAYLOAD_TOO_LARGE: ({ limitBytes }) => ({
    zh: `请求体过大，最多 ${limitBytes} 字节`,
    en: `The request body is too large: at most ${limitBytes} bytes`,
  }),
  HOLD_ALREADY_RESOLVED: ({ state, resolvedAt }) => ({
    zh: `这笔预扣已于 ${resolvedAt} 结束，结果为 ${state}；如需继续，请重新预扣`,
    en: `The hold was resolved at ${resolvedAt}: ${state}; create a new hold to continue`,
  }),
  CAPTURE_EXCEEDS_HOLD: ({ amount, held }) => ({
    zh: `扣费金额 ${amount} 超过预扣金额：最多扣 ${held}，超出部分请另行消费`,
    en: `The amount ${amount} exceeds the hold; capture at most ${held}, and consume the rest`,
  }),
  REFUND_EXCEEDS_CHARGE: ({ charged, refunded, amount }) => ({
    zh: `退款 ${amount} 超过可退金额：最多还能退 ${charged - refunded}（${charged} 减已退 ${refunded}）`,
    en: `The amount ${amount} exceeds what can still be refunded: ${charged - refunded}, of ${charged} minus ${refunded}`,
  }),
  NOT_REFUNDABLE: ({ kind }) => ({
    zh: `${kind} 类流水不能退款：只有 consume 和 capture 可以`,
    en: `A transaction of kind ${kind} cannot be refunded, only consume and capture can`,
  }),
  PARAMS_NOT_PRICED: ({ path, allowed }) => ({
    zh: `目录中没有参数 ${path} 的这个值的价格，可用的值：${names(allowed)}`,
    en: `The catalogue has no price for this value of ${path}; possible: ${names(allowed)}`,
  }),
  QUOTE_EXPIRED: ({ expiredAt }) => ({
    zh: `报价已于 ${expiredAt} 过期，请重新报价`,
    en: `The quote expired at ${expiredAt}; request a new one`,
  }),
  TOO_SOON: ({ earliest }) => ({
    zh: `生效时间太早：最早为 ${earliest}`,
    en: `effectiveFrom is too soon: it must be ${earliest} or later`,
  }),
  ALREADY_PUBLISHED: ({ state }) => ({
    zh: `只有草稿可以发布，该版本的状态是 ${state}；请新建草稿`,
    en: `Only a draft can be published, and this version is ${state}; create a new draft`,
  }),
  BALANCE_LIMIT: ({ limit }) => ({
    zh: `超过账户积分上限 ${limit}（含预扣的积分），请减少数量`,
    en: `Balance and held credits together would exceed ${limit}; use a smaller amount`,
  }),
};

const isExplained = (code: RefusalCode): code is Explained => Object.hasOwn(messages, code);

/** The sentence of a refusal for its caller: as in `refusals`, with the values of its fields in place of their names. */
export function refusalMessage(refusal: Refusal, language: Language): string {
  const { code } = refusal;
  if (!isExplained(code)) return refusals[code][language];
  const message = messages[code] as (refusal: Refusal) => Wording;
  return message(refusal)[language];
}
