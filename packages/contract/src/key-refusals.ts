/** Refusals about service keys: a part of the table of all refusals. */
export const keyRefusals = {
  KEY_REVOKED: {
    status: 409,
    zh: "该服务密钥已被吊销，请创建新的密钥",
    en: "The service key is revoked; create a new one",
  },
  KEY_LIMIT_REACHED: {
    status: 409,
    zh: "有效的服务密钥已达上限 limit，请先吊销不用的密钥",
    en: "The owner already has limit active service keys; revoke an unused one first",
  },
  GRANT_LIMIT_REACHED: {
    status: 429,
    zh: "该密钥今天还可发放 limit 减 used 个积分，不足本次数量；resetsAt 之后可再发放",
    en: "The key can grant limit minus used more credits today, fewer than this amount; more from resetsAt on",
  },
} as const;

/** What the caller should do about each of them. */
export const keyRefusalFixes = {
  KEY_REVOKED: {
    zh: "通过 `POST /keys` 创建新的密钥。",
    en: "Create a new key with `POST /keys`.",
  },
  KEY_LIMIT_REACHED: {
    zh: "通过 `POST /keys/{keyId}/revoke` 吊销不用的密钥，然后重试。",
    en: "Revoke an unused key with `POST /keys/{keyId}/revoke`, then retry.",
  },
  GRANT_LIMIT_REACHED: {
    zh: "在 `resetsAt` 之后用同一个幂等键重试，或创建 `grantLimitPerDay` 更大的密钥。突然达到上限可能意味着密钥泄露：查看 `GET /admin/audit`。",
    en: "Retry with the same idempotency key after `resetsAt`, or create a key with a greater `grantLimitPerDay`. A limit that is reached suddenly can mean a leaked key: look at `GET /admin/audit`.",
  },
} as const;
