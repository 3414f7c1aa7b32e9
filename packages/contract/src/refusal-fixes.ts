import { keyRefusalFixes } from "./key-refusals.ts";
import type { Wording } from "./language.ts";
import type { RefusalCode } from "./refusals.ts";
import { reversalRefusalFixes } from "./reversal-refusals.ts";
import { reviewRefusalFixes } from "./review-refusals.ts";
import { sessionRefusalFixes } from "./session-refusals.ts";

/** What the caller should do about each refusal, for the error reference. Messages for users are in `refusals`. */
export const refusalFixes: Readonly<Record<RefusalCode, Wording>> = {
  VALIDATION_FAILED: {
    zh: "按 `issues` 逐项修改：`path` 是字段，`message` 说明正确的值。不要原样重试。",
    en: "Correct every field in `issues`: `path` names the field, `message` the valid values. Do not retry unchanged.",
  },
  MALFORMED_JSON: {
    zh: "用 JSON 库生成请求体，编码为不带 BOM 的 UTF-8，同一对象中的字段名不能重复。",
    en: "Create the body with a JSON library, in UTF-8 without a byte order mark, and no name twice in one object.",
  },
  MALFORMED_REQUEST: {
    zh: "使用标准的 HTTP 客户端；检查请求行、请求头和 Host。",
    en: "Use a standard HTTP client; check the request line, the headers and Host.",
  },
  UNAUTHENTICATED: {
    zh: "调用 `POST /auth/login` 获取 Token，并以 `Authorization: Bearer <token>` 发送。`reason` 为 `invalid_token` 时，原来的 Token 无效、已过期或已注销。",
    en: "Get a token with `POST /auth/login` and send it as `Authorization: Bearer <token>`. With `reason: invalid_token` the token is invalid, expired or revoked.",
  },
  INVALID_CREDENTIALS: {
    zh: "请用户检查邮箱和密码。多次输错后会暂时锁定，锁定期间即使密码正确也返回此错误。",
    en: "Ask the user to check the e-mail address and the password. After several wrong passwords even the correct one is refused for a while.",
  },
  INSUFFICIENT_CREDITS: {
    zh: "请用户充值，或减少 `required`。不要原样重试。",
    en: "Ask the user to top up, or request less than `required`. Do not retry unchanged.",
  },
  FORBIDDEN: {
    zh: "`missing` 说明缺少什么。`role`：换用具有 `roles` 之一的用户；`scope`：换用带权限 `scope` 的服务密钥；`person`：服务密钥不能使用，请由用户登录。",
    en: "`missing` names what the caller lacks. `role`: use a user with one of `roles`. `scope`: use a service key with `scope`. `person`: no service key can call the operation, a user must log in.",
  },
  USER_MISMATCH: {
    zh: "去掉 `X-User-Id` 和 `userId`，或使其与凭证的用户一致。代表其他用户需要带 `act-as` 权限的服务密钥。",
    en: "Omit `X-User-Id` and `userId`, or send the user of the credential. Acting for other users needs a service key with the scope `act-as`.",
  },
  ...sessionRefusalFixes,
  ACCOUNT_SUSPENDED: {
    zh: "由管理员通过 `POST /admin/users/{userId}/resume` 恢复该用户。",
    en: "An admin can resume the user with `POST /admin/users/{userId}/resume`.",
  },
  NOT_FOUND: {
    zh: "检查地址；所有地址见 `/docs` 或 `/openapi.json`。",
    en: "Check the path; `/docs` and `/openapi.json` list all of them.",
  },
  HOLD_NOT_FOUND: {
    zh: "使用创建预扣时返回的 `holdId`，并使用同一个用户的凭证。",
    en: "Use the `holdId` that creating the hold returned, and a credential of the same user.",
  },
  ...reversalRefusalFixes,
  TRANSACTION_NOT_FOUND: {
    zh: "检查 `transactionId`，并使用该流水所属用户的凭证。",
    en: "Check `transactionId`, and use a credential of the user that the transaction belongs to.",
  },
  LOG_NOT_FOUND: {
    zh: "检查 `logId`，并使用该日志所属用户的凭证。",
    en: "Check `logId`, and use a credential of the user that the log belongs to.",
  },
  USER_NOT_FOUND: {
    zh: "检查用户 ID（邮箱地址）；用户可能尚未创建，或已被删除。",
    en: "Check the user id, an e-mail address. The user may not exist yet, or may be deleted.",
  },
  KEY_NOT_FOUND: {
    zh: "通过 `GET /keys` 查询 `keyId`；用户只能看到自己的密钥，管理员可以用 `userId` 查询其他所有者的密钥。",
    en: "Find `keyId` with `GET /keys`. Users see their own keys; admins can pass the `userId` of another owner.",
  },
  ENDPOINT_NOT_FOUND: {
    zh: "通过 `GET /webhooks/endpoints` 查询 `endpointId`；只能看到自己的端点。",
    en: "Find `endpointId` with `GET /webhooks/endpoints`, which lists those of the caller.",
  },
  DELIVERY_NOT_FOUND: {
    zh: "通过 `GET /webhooks/deliveries` 查询 `deliveryId`。",
    en: "Find `deliveryId` with `GET /webhooks/deliveries`.",
  },
  ENDPOINT_LIMIT: {
    zh: "通过 `POST /webhooks/endpoints/{endpointId}/end` 停用不用的端点，然后重试。",
    en: "End an unused endpoint with `POST /webhooks/endpoints/{endpointId}/end`, then retry.",
  },
  ADDRESS_NOT_ALLOWED: {
    zh: "使用公网的 https 地址；内网地址由运维通过 `WEBHOOK_ALLOW` 为管理员的端点允许。",
    en: "Use a public https address. The operator can allow private ones with `WEBHOOK_ALLOW`, for endpoints of admins.",
  },
  CODE_NOT_VALID: {
    zh: "请用户检查积分码。所有无效的积分码都返回同样的错误；输错多次后会返回 `RATE_LIMITED`。",
    en: "Ask the user to check the code. Every code that is not valid gets this answer, and after several of them `RATE_LIMITED`.",
  },
  CODE_LIMIT: {
    zh: "告诉用户每人最多兑换 `limit` 个。不要重试。",
    en: "Tell the user that `limit` is the most for each user. Do not retry.",
  },
  CODE_BATCH_NOT_FOUND: {
    zh: "通过 `GET /admin/codes/batches` 查询 `batchId`。",
    en: "Find `batchId` with `GET /admin/codes/batches`.",
  },
  CODE_BATCH_ENDED: {
    zh: "无需处理：作废的积分码不能再兑换。",
    en: "Nothing to do: codes of a batch that has ended cannot be redeemed.",
  },
  SCOPE_NOT_GRANTABLE: {
    zh: "去掉 `scopes` 中列出的权限，或由具有这些权限的用户创建密钥。",
    en: "Remove the scopes listed in `scopes`, or let a user who has them create the key.",
  },
  USER_KEYS_OFF: {
    zh: "由管理员创建密钥（`jifen key create` 或 `POST /keys`），或者设置 `USER_KEYS=on` 并重启。",
    en: "Let an admin create the key (`jifen key create` or `POST /keys`), or set `USER_KEYS=on` and restart.",
  },
  METHOD_NOT_ALLOWED: {
    zh: "使用 `Allow` 响应头中的请求方法。",
    en: "Use a method from the `Allow` header.",
  },
  REQUEST_TIMEOUT: {
    zh: "重试；持续出现时检查网络，或减小请求体。",
    en: "Retry. If it persists, check the network or send a smaller body.",
  },
  HOLD_ALREADY_RESOLVED: {
    zh: "查看 `state` 和 `resolvedAt`：已扣费则无需处理；已释放或已过期时重新预扣。",
    en: "Read `state` and `resolvedAt`. A captured hold needs nothing more; after a release or an expiry create a new hold.",
  },
  SELF_ACTION_FORBIDDEN: {
    zh: "由另一位具有所需角色的员工执行，或者在命令行执行。只有一位员工时，可以设置 `SELF_GRANT=on` 允许给自己发放积分。",
    en: "Let another member of staff with the role do it, or use the command line. `SELF_GRANT=on` allows grants to oneself, where there is only one.",
  },
  USER_HAS_CREDENTIALS: {
    zh: "由管理员登录后调用 `POST /admin/users/{userId}/password-link`，或由用户调用 `POST /auth/forgotten-password`。服务密钥只能为没有密码、没有密钥且从未登录过的用户生成链接。",
    en: "Let an admin who is logged in call `POST /admin/users/{userId}/password-link`, or the user call `POST /auth/forgotten-password`. A service key creates links only for users without a password and service keys who have never signed in.",
  },
  LAST_ADMIN: {
    zh: "先通过 `POST /admin/users/{userId}/role` 设置另一位管理员。",
    en: "First make another user an admin with `POST /admin/users/{userId}/role`.",
  },
  EMAIL_TAKEN: {
    zh: "使用已有的用户，或换一个邮箱地址。已删除用户的地址不能再次使用。",
    en: "Use the existing user or another address. The address of a deleted user cannot be used again.",
  },
  MAIL_NOT_CONFIGURED: {
    zh: "由管理员通过 `POST /admin/users/{userId}/password-link` 生成链接，或由运维配置邮件服务器（`SMTP_URL` 和 `MAIL_FROM`）。",
    en: "An admin creates a link with `POST /admin/users/{userId}/password-link`; the operator can configure a mail server (`SMTP_URL` and `MAIL_FROM`).",
  },
  LINK_EXPIRED: {
    zh: "重新获取链接；每个链接只能使用一次。",
    en: "Request a new link; each link works once.",
  },
  ...keyRefusalFixes,
  LENGTH_REQUIRED: {
    zh: "发送 `Content-Length` 请求头，或用分块传输（`Transfer-Encoding: chunked`，需 HTTP/1.1）。",
    en: "Send `Content-Length`, or a chunked body (`Transfer-Encoding: chunked`) over HTTP/1.1.",
  },
  PAYLOAD_TOO_LARGE: {
    zh: "请求体最多 `limitBytes` 字节，请减小后重试。",
    en: "Send at most `limitBytes` bytes.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    zh: "发送 UTF-8 编码、未压缩的 JSON，请求头为 `Content-Type: application/json`。",
    en: "Send uncompressed JSON in UTF-8 with `Content-Type: application/json`.",
  },
  EXPECTATION_FAILED: {
    zh: "去掉 `Expect` 请求头，或发送 `100-continue`。",
    en: "Omit the `Expect` header, or send `100-continue`.",
  },
  CAPTURE_EXCEEDS_HOLD: {
    zh: "最多扣 `held`；超出部分用 `POST /credits/consume` 另行消费。",
    en: "Capture at most `held`, and charge the rest with `POST /credits/consume`.",
  },
  ORDER_NOT_FOUND: {
    zh: "用 `GET /orders` 查看该用户的订单。",
    en: "`GET /orders` lists the orders of the user.",
  },
  PACK_NOT_FOUND: {
    zh: "重新读取商品目录，使用其中的 `packId`。",
    en: "Read the catalogue again, and use a `packId` of it.",
  },
  CHANNEL_OFF: {
    zh: "使用 `channels` 中的渠道；运营者设置该渠道的全部变量后即启用。",
    en: "Use one of `channels`. A channel is on once the operator has set all of its variables.",
  },
  CURRENCY_NOT_SOLD: {
    zh: "使用 `currencies` 中的货币，或换一个渠道。",
    en: "Use one of `currencies`, or another channel.",
  },
  ORDER_LIMIT: {
    zh: "用 `GET /orders?state=open` 找到未付款的订单，付款或用 `POST /orders/{orderId}/cancel` 取消。",
    en: "`GET /orders?state=open` lists unpaid orders. Pay one, or cancel it with `POST /orders/{orderId}/cancel`.",
  },
  ALREADY_BOUGHT: {
    zh: "该用户已用完购买次数；未付款的订单取消或过期后可再次购买。",
    en: "The user has used all purchases. An unpaid order counts until it is closed.",
  },
  GATEWAY_UNAVAILABLE: {
    zh: "几秒后用同一个幂等键重试；同一订单不会生成两笔交易。",
    en: "Retry after some seconds with the same key: one order never becomes two trades.",
  },
  GATEWAY_REFUSED: {
    zh: "换一个渠道或付款方式，用新的幂等键下单。",
    en: "Order again with another channel or method, and a new key.",
  },
  REFUND_EXCEEDS_CHARGE: {
    zh: "最多退 `charged` 减 `refunded`；不传 `amount` 时退还全部余额。",
    en: "Refund at most `charged` minus `refunded`. Without `amount` all of it is refunded.",
  },
  GRANT_SPENT: {
    zh: "用 `GET /credits/grants` 查看各批次的余额；从所有批次收回时不传 `grantId`。",
    en: "`GET /credits/grants` lists what is left of each grant. Omit `grantId` to take from all of them.",
  },
  ACTION_NOT_PRICED: {
    zh: "`GET /catalogue` 列出已定价的操作；也可以指定 `amount`。",
    en: "`GET /catalogue` lists the actions that have a price. `amount` charges for any other.",
  },
  PARAMS_NOT_PRICED: {
    zh: "把参数 `path` 改为 `allowed` 中的值；`GET /catalogue` 列出所有参数。",
    en: "Send one of `allowed` for the parameter `path`. `GET /catalogue` lists all parameters.",
  },
  NOTHING_TO_CHARGE: {
    zh: "直接执行操作即可，不需要扣费。",
    en: "Do the action without a charge.",
  },
  QUOTE_EXPIRED: {
    zh: "重新调用 `POST /credits/quotes`，并向用户显示新的价格。",
    en: "Call `POST /credits/quotes` again, and show the new price to the user.",
  },
  AMOUNT_NOT_ACCEPTED: {
    zh: "发送 `params` 或 `quote`；确认预扣时发送 `usage`。带 `admin` 权限的密钥仍可指定 `amount`。",
    en: "Send `params` or `quote`, or `usage` at a capture. A key with the scope `admin` can still send `amount`.",
  },
  NOT_PRICED: {
    zh: "以 `amount` 确认扣费；要按用量结算，预扣时请使用 `params` 或 `quote`。",
    en: "Capture with `amount`. To settle by usage, create the hold with `params` or `quote`.",
  },
  CATALOGUE_NOT_FOUND: {
    zh: "通过 `GET /admin/catalogues` 查询版本。",
    en: "`GET /admin/catalogues` lists the versions.",
  },
  CATALOGUE_INVALID: {
    zh: "按 `issues` 逐项修改；`jifen catalogue check` 在本地做同样的检查。",
    en: "Correct every field in `issues`. `jifen catalogue check` makes the same checks locally.",
  },
  TOO_SOON: {
    zh: "使用 `earliest` 或更晚的时间，或省略 `effectiveFrom`。",
    en: "Send `earliest` or a later time, or leave `effectiveFrom` out.",
  },
  ALREADY_PUBLISHED: {
    zh: "用同样的内容新建草稿再发布。",
    en: "Create a draft with the same document and publish that.",
  },
  ALREADY_IN_FORCE: {
    zh: "发布另一个版本，例如用上一个版本的内容。",
    en: "Publish another version, such as one with the document of the version before.",
  },
  ...reviewRefusalFixes,
  NOT_REFUNDABLE: {
    zh: "使用 `consume` 或 `capture` 流水的 `transactionId`。",
    en: "Use the `transactionId` of a `consume` or `capture` transaction.",
  },
  BALANCE_LIMIT: {
    zh: "减少数量：`balance`、预扣的积分和新增的积分合计不能超过 `limit`。",
    en: "Use a smaller amount: `balance`, held credits and the new credits together cannot exceed `limit`.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    zh: "每个操作使用一个新的键；重试时发送与第一次完全相同的请求。",
    en: "Use a new key for every operation. A retry must repeat the first request exactly.",
  },
  RATE_LIMITED: {
    zh: "等待 `retryAfterSeconds` 秒（即 `Retry-After`）后重试。",
    en: "Retry after `retryAfterSeconds` seconds (the `Retry-After` header).",
  },
  HEADERS_TOO_LARGE: {
    zh: "缩短地址或请求头，例如去掉不需要的 Cookie。",
    en: "Shorten the URL or the headers, for example remove unneeded cookies.",
  },
  OVERLOADED: {
    zh: "按 `Retry-After` 等待后重试，并逐次延长间隔。",
    en: "Retry after `Retry-After` seconds, with increasing delays.",
  },
  DATABASE_UNAVAILABLE: {
    zh: "按 `Retry-After` 等待后重试；持续出现时由运维检查数据库。",
    en: "Retry after `Retry-After` seconds. If it persists, the operator must check the database.",
  },
  OUTCOME_UNKNOWN: {
    zh: "用同一个幂等键重试，直到得到确定的结果。没有幂等键时，用 `GET /credits/transactions/{transactionId}` 查询：存在即已生效。",
    en: "Retry with the same idempotency key until the result is definite. Without a key, read `GET /credits/transactions/{transactionId}`: if it exists, the request took effect.",
  },
  INTERNAL_ERROR: {
    zh: "把 `requestId` 交给运维，日志中有详细信息。带幂等键的请求可以重试。",
    en: "Give `requestId` to the operator; the server's log has the details. A request with an idempotency key can be retried.",
  },
};
