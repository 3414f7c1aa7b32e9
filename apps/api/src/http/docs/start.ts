import type { Language } from "@jifen/contract";

/** One part of the beginning of the documentation; codes are between backticks. */
export type StartPart = {
  readonly id: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Whether the code that the samples build on follows. */
  readonly hasPrelude?: boolean;
  readonly code?: string;
};

const error = `{
  "message": "Not enough credits",
  "code": "INSUFFICIENT_CREDITS",
  "requestId": "req-7c1f5b9e-5d5e-4b7e-9a53-0d9e1f2b3c4d",
  "balance": 3,
  "required": 5
}`;

const en: readonly StartPart[] = [
  {
    id: "authenticate",
    title: "How to authenticate",
    paragraphs: [
      "Send `Authorization: Bearer …` with one of three credentials: a token of `POST /auth/login`, a session token of Auth.js, or a service key of `POST /keys`. Servers and workers use a service key: it has only the scopes that it was given, and it can be revoked alone.",
      "A service key with the scope `act-as` acts for the user named in the header `X-User-Id`. Without it, the header may only repeat the user of the credential. An address beyond ASCII is written `UTF-8''j%C3%BCrgen%40example.com`.",
      "Keep the credential in the environment as `TOKEN`. The samples of this page build on the following:",
    ],
    hasPrelude: true,
  },
  {
    id: "idempotency",
    title: "Retries that never charge twice",
    paragraphs: [
      "Operations that move credits take the header `Idempotency-Key`, or the field `idempotencyKey`: 1 to 255 visible ASCII characters. Use a key that belongs to the job, not to the attempt. The same key takes effect once, for ever; a replay has the same answer and the header `Idempotency-Replayed: true`.",
      "After `OUTCOME_UNKNOWN`, a timeout or a lost connection, send the same request with the same key. After `RATE_LIMITED`, `OVERLOADED` or `DATABASE_UNAVAILABLE` wait for the seconds in `Retry-After`: the request had no effect.",
    ],
  },
  {
    id: "errors",
    title: "Errors",
    paragraphs: [
      "Every error has this shape, with further fields for some codes. Decide by `code`, show `message` to users, and keep `requestId` for the operator.",
    ],
    code: error,
  },
  {
    id: "conventions",
    title: "Requests and answers",
    paragraphs: [
      "Fields that are not in the path go into the query of a GET and into the body of a POST. Bodies are JSON in UTF-8, with `Content-Type: application/json`. `null` in an optional field means that it is absent. Unknown fields are refused. Credits are whole numbers, never negative. Times are ISO 8601, in UTC in answers.",
      "Lists take `limit` and `cursor` and answer `items` and `nextCursor`; send `nextCursor` as `cursor` until it is null. Answers can get new fields: ignore those that you do not know.",
      "`Accept-Language: en` or `zh` chooses the language of messages. The headers `RateLimit` and `RateLimit-Policy` say how many calls remain.",
    ],
  },
];

const zh: readonly StartPart[] = [
  {
    id: "authenticate",
    title: "如何认证",
    paragraphs: [
      "发送 `Authorization: Bearer …`，凭证有三种：`POST /auth/login` 返回的 token、Auth.js 的会话 token、`POST /keys` 创建的服务密钥。服务器和后台任务使用服务密钥：它只有授予的权限，并且可以单独吊销。",
      "带 `act-as` 权限的服务密钥代表请求头 `X-User-Id` 中的用户；没有该权限时，这个请求头只能重复凭证所属的用户。含非 ASCII 字符的邮箱写成 `UTF-8''j%C3%BCrgen%40example.com`。",
      "把凭证放在环境变量 `TOKEN` 中。本页的示例以下面的代码为基础：",
    ],
    hasPrelude: true,
  },
  {
    id: "idempotency",
    title: "重试不会重复扣费",
    paragraphs: [
      "变动积分的接口接受请求头 `Idempotency-Key` 或字段 `idempotencyKey`：1 到 255 个可见 ASCII 字符。键应属于任务，而不是某一次尝试。同一个键只生效一次，永久有效；重放的响应内容相同，并带有 `Idempotency-Replayed: true`。",
      "遇到 `OUTCOME_UNKNOWN`、超时或连接中断时，用同一个键重发同样的请求。遇到 `RATE_LIMITED`、`OVERLOADED` 或 `DATABASE_UNAVAILABLE` 时，按 `Retry-After` 的秒数等待：该请求没有生效。",
    ],
  },
  {
    id: "errors",
    title: "错误",
    paragraphs: [
      "所有错误都是这种形式，部分错误码带有更多字段。程序按 `code` 判断，`message` 显示给用户，`requestId` 供运维查询。",
    ],
    code: error.replace("Not enough credits", "积分不足"),
  },
  {
    id: "conventions",
    title: "请求与响应",
    paragraphs: [
      "不在路径中的字段，GET 放在查询参数中，POST 放在请求体中。请求体是 UTF-8 编码的 JSON，请求头 `Content-Type: application/json`。可选字段为 `null` 等同于没有这个字段，未知字段会被拒绝。积分是整数，时间是 ISO 8601 格式，响应中为 UTC。",
      "列表接受 `limit` 和 `cursor`，返回 `items` 和 `nextCursor`；把 `nextCursor` 作为 `cursor` 传回，直到它为 null。响应以后可能增加字段，请忽略不认识的字段。",
      "`Accept-Language: en` 或 `zh` 决定消息的语言。响应头 `RateLimit` 和 `RateLimit-Policy` 说明剩余的调用次数。",
    ],
  },
];

/** The beginning of the documentation: how to authenticate, first. */
export const startParts: Readonly<Record<Language, readonly StartPart[]>> = { zh, en };
