import { z } from "zod";
import { anyUser, scopes } from "../callers.ts";
import { zReason, zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCursor, zLimit, zOutputText, zPage, zPathId, zSingleLine, zTimestamp, zUserId } from "../primitives.ts";

const rule = (zh: string, en: string) => ({ error: bilingual({ zh, en }) });

const zKeyId = zPathId("3fKq9ZtB0xYw").meta({ id: "KeyId", description: "The part of a key that may be shown." });
const zSecretKey = zOutputText(100).meta({
  description: "The key itself. It is shown this once: only its hash is kept.",
  examples: ["jf_live_3fKq9ZtB0xYw…"],
});

const scopesRule = rule(
  `必须是不重复的权限列表，可选：${scopes.join("、")}`,
  `must be a list of different scopes out of ${scopes.join(", ")}`,
);
const zScopes = z
  .array(z.enum(scopes, scopesRule), scopesRule)
  .min(1, scopesRule)
  .max(scopes.length, scopesRule)
  .refine((list) => new Set(list).size === list.length, scopesRule);

const MAX_OVERLAP_SECONDS = 604_800;
const overlapRule = rule(
  `必须是 0 到 ${MAX_OVERLAP_SECONDS} 之间的整数（秒）`,
  `must be a whole number of seconds from 0 to ${MAX_OVERLAP_SECONDS}`,
);

const key = {
  keyId: zKeyId,
  name: zOutputText(100),
  scopes: z.array(z.enum(scopes)).max(scopes.length),
  ownerId: zOutputText(254).meta({ description: "On whose behalf it acts, and whose role it needs." }),
  createdAt: zTime,
  expiresAt: zTime.nullable(),
};

/** `POST /keys`: make a service key. Nobody makes a key that may more than they may. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys" },
  summary: { zh: "创建服务密钥", en: "Make a service key." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({
    name: zSingleLine(100),
    scopes: zScopes,
    expiresAt: zTimestamp
      .optional()
      .meta({ description: "From this moment on it opens nothing; never when left out." }),
    userId: zUserId.optional().meta({ description: "Its owner; only admins may name another than themselves." }),
  }),
  output: z.object({ ...key, key: zSecretKey }),
  refusals: ["SCOPE_NOT_GRANTABLE", "KEY_LIMIT_REACHED", "USER_NOT_FOUND", "OUTCOME_UNKNOWN"],
});

/** `GET /keys`: service keys, revoked and expired ones too, newest first. Never shows what would open anything. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/keys" },
  summary: { zh: "查询服务密钥", en: "List service keys, newest first." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({
    userId: zUserId.optional().meta({ description: "Of this owner; only admins may name another than themselves." }),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(
    z
      .object({
        ...key,
        prefix: zOutputText(100).meta({ description: "How the key begins.", examples: ["jf_live_3fKq9ZtB0xYw"] }),
        createdBy: zOutputText(300),
        previousUntil: zTime.nullable().meta({ description: "Until when the key before the last rotation works." }),
        revokedAt: zTime.nullable(),
        lastUsedAt: zTime.nullable().meta({ description: "To the minute." }),
      })
      .meta({ id: "ServiceKey" }),
  ),
  refusals: ["USER_NOT_FOUND"],
});

/** `POST /keys/{keyId}/rotate`: another secret for a key; the one it has works a while longer. */
export const rotate = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys/{keyId}/rotate" },
  summary: { zh: "轮换服务密钥", en: "Give a service key another secret; the old one works a while longer." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({
    keyId: zKeyId,
    overlapSeconds: z
      .int(overlapRule)
      .min(0, overlapRule)
      .max(MAX_OVERLAP_SECONDS, overlapRule)
      .default(86_400)
      .meta({ description: "How long the old secret still works. The one before that stops at once." }),
  }),
  output: z.object({ keyId: zKeyId, key: zSecretKey, previousUntil: zTime }),
  refusals: ["KEY_NOT_FOUND", "KEY_REVOKED", "OUTCOME_UNKNOWN"],
});

/** `POST /keys/{keyId}/revoke`: end a key, at once here and within five seconds everywhere. */
export const revoke = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys/{keyId}/revoke" },
  summary: { zh: "吊销服务密钥", en: "End a service key for good." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({ keyId: zKeyId, reason: zReason.optional() }),
  output: z.object({ keyId: zKeyId, revokedAt: zTime }),
  refusals: ["KEY_NOT_FOUND", "KEY_REVOKED", "OUTCOME_UNKNOWN"],
});
