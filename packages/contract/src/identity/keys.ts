import { z } from "zod";
import { anyUser, type Scope, scopes } from "../callers.ts";
import { zReason, zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import {
  zAmount,
  zCredits,
  zCursor,
  zLimit,
  zOutputText,
  zPage,
  zPathId,
  zQueryBoolean,
  zSingleLine,
  zTimestamp,
  zUserId,
} from "../primitives.ts";

const rule = (zh: string, en: string) => ({ error: bilingual({ zh, en }) });

const zKeyId = zPathId("3fKq9ZtB0xYw").meta({ id: "KeyId", description: "The public part of a key." });
const zSecretKey = zOutputText(100).meta({
  description: "The key itself. It is returned only once; the server stores only its hash.",
  examples: ["jf_live_3fKq9ZtB0xYw…"],
});

const scopesRule = rule(
  `必须是不重复的权限列表，可选：${scopes.join("、")}`,
  `must be a list of distinct scopes from ${scopes.join(", ")}`,
);
const zScopes = z
  .array(z.enum(scopes, scopesRule), scopesRule)
  .min(1, scopesRule)
  .max(scopes.length, scopesRule)
  .refine((list) => new Set(list).size === list.length, scopesRule);

const MAX_OVERLAP_SECONDS = 604_800;
const overlapRule = rule(
  `必须是 0 到 ${MAX_OVERLAP_SECONDS} 之间的整数（秒）`,
  `must be a whole number from 0 to ${MAX_OVERLAP_SECONDS} (seconds)`,
);

const keyFields = {
  keyId: zKeyId,
  name: zOutputText(100),
  scopes: z.array(z.enum(scopes)).max(scopes.length),
  ownerId: zOutputText(254).meta({
    description: "The user that the key acts for. The role of this user limits the key.",
  }),
  createdAt: zTime,
  expiresAt: zTime.nullable(),
  grantLimitPerDay: zCredits.nullable().meta({
    description: "How many credits the key grants in a day (UTC) at most; null without the scope `credits:grant`.",
  }),
};

type GrantLimit = { readonly scopes: readonly Scope[]; readonly grantLimitPerDay?: number | undefined };

/** A limit belongs to the scope credits:grant, and that scope to no key that grants without a limit. */
function checkGrantLimit({ scopes: asked, grantLimitPerDay }: GrantLimit, { addIssue }: z.RefinementCtx): void {
  const refuse = (field: keyof GrantLimit, zh: string, en: string) =>
    addIssue({ code: "custom", path: [field], message: bilingual({ zh, en }) });
  const grants = asked.includes("credits:grant");
  if (grants && asked.includes("admin")) {
    refuse(
      "scopes",
      "credits:grant 不能与 admin 一起使用：admin 发放积分没有上限",
      "credits:grant cannot be combined with admin, which grants without a limit",
    );
  }
  if (grants && grantLimitPerDay === undefined) {
    refuse("grantLimitPerDay", "使用 credits:grant 权限时必填", "is required with the scope credits:grant");
  }
  if (!grants && grantLimitPerDay !== undefined) {
    refuse("grantLimitPerDay", "只能与 credits:grant 权限一起使用", "is only for keys with the scope credits:grant");
  }
}

/** `POST /keys`: creates a service key. Its scopes are limited to those of its creator and its owner. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys" },
  summary: { zh: "创建服务密钥", en: "Create a service key." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z
    .strictObject({
      name: zSingleLine(100),
      scopes: zScopes,
      expiresAt: zTimestamp
        .optional()
        .meta({ description: "The key is invalid from this time on. Without it the key does not expire." }),
      grantLimitPerDay: zAmount.optional().meta({
        description: "How many credits the key grants in a day (UTC) at most. Required with the scope `credits:grant`.",
      }),
      userId: zUserId.optional().meta({ description: "The owner; only admins can name another user." }),
    })
    .superRefine(checkGrantLimit),
  output: z.object({ ...keyFields, key: zSecretKey }),
  refusals: [
    "CONFIRMATION_REQUIRED",
    "USER_KEYS_OFF",
    "SCOPE_NOT_GRANTABLE",
    "KEY_LIMIT_REACHED",
    "USER_NOT_FOUND",
    "OUTCOME_UNKNOWN",
  ],
});

const keyStates = ["active", "expiring", "expired", "revoked"] as const;

/** The state by which keys are listed. */
export type KeyState = (typeof keyStates)[number];

/** A key expires soon if it does within this many days. */
export const EXPIRING_WITHIN_DAYS = 14;

/** `GET /keys`: service keys, including revoked and expired ones, newest first. It never returns a secret. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/keys" },
  summary: { zh: "查询服务密钥", en: "List service keys, newest first." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({
    userId: zUserId.optional().meta({ description: "Only keys of this owner; only admins can name another user." }),
    all: zQueryBoolean
      .default(false)
      .meta({ description: "The keys of all owners, or of `userId` if it is given; only for admins." }),
    state: z
      .enum(keyStates, rule(`必须是 ${keyStates.join("、")} 之一`, `must be one of ${keyStates.join(", ")}`))
      .optional()
      .meta({
        description: `\`expiring\`: the active keys that expire within ${EXPIRING_WITHIN_DAYS} days. A revoked key is never \`expired\`.`,
      }),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(
    z
      .object({
        ...keyFields,
        prefix: zOutputText(100).meta({
          description: "The first characters of the key.",
          examples: ["jf_live_3fKq9ZtB0xYw"],
        }),
        createdBy: zOutputText(300),
        previousUntil: zTime.nullable().meta({ description: "The time until which the previous secret is valid." }),
        revokedAt: zTime.nullable(),
        lastUsedAt: zTime.nullable().meta({ description: "Rounded to the minute." }),
      })
      .meta({ id: "ServiceKey" }),
  ),
  refusals: ["USER_NOT_FOUND"],
});

/** `POST /keys/{keyId}/rotate`: creates a new secret for a key; the old one stays valid for a while. */
export const rotate = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys/{keyId}/rotate" },
  summary: {
    zh: "轮换服务密钥",
    en: "Create a new secret for a service key; the old one stays valid for overlapSeconds.",
  },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({
    keyId: zKeyId,
    overlapSeconds: z
      .int(overlapRule)
      .min(0, overlapRule)
      .max(MAX_OVERLAP_SECONDS, overlapRule)
      .default(86_400)
      .meta({ description: "How long the old secret stays valid. An even older one becomes invalid immediately." }),
  }),
  output: z.object({ keyId: zKeyId, key: zSecretKey, previousUntil: zTime }),
  refusals: ["CONFIRMATION_REQUIRED", "USER_KEYS_OFF", "KEY_NOT_FOUND", "KEY_REVOKED", "OUTCOME_UNKNOWN"],
});

const nothingToChangeRule = {
  path: ["name"],
  ...rule("name、scopes、expiresAt 至少需要一个", "name, scopes or expiresAt must be given"),
};

/** `POST /keys/{keyId}/change`: renames a key, takes scopes from it or lets it expire sooner. It never gets more. */
export const change = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys/{keyId}/change" },
  summary: {
    zh: "修改服务密钥：名称、减少权限、提前到期",
    en: "Rename a service key, take scopes from it or let it expire sooner.",
  },
  caller: anyUser("admin"),
  idempotent: false,
  input: z
    .strictObject({
      keyId: zKeyId,
      name: zSingleLine(100).optional(),
      scopes: zScopes.optional().meta({ description: "The scopes that the key keeps; it must have them already." }),
      expiresAt: zTimestamp
        .optional()
        .meta({ description: "The key is invalid from this time on, which must not be later than its expiry now." }),
    })
    .refine(
      ({ name, scopes: kept, expiresAt }) => name !== undefined || kept !== undefined || expiresAt !== undefined,
      nothingToChangeRule,
    ),
  output: z.object(keyFields),
  refusals: ["CONFIRMATION_REQUIRED", "KEY_NOT_FOUND", "KEY_REVOKED", "OUTCOME_UNKNOWN"],
});

/** `POST /keys/{keyId}/revoke`: revokes a key, immediately in this process and within five seconds in all others. */
export const revoke = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/keys/{keyId}/revoke" },
  summary: { zh: "吊销服务密钥", en: "Revoke a service key permanently." },
  caller: anyUser("admin"),
  idempotent: false,
  input: z.strictObject({ keyId: zKeyId, reason: zReason.optional() }),
  output: z.object({ keyId: zKeyId, revokedAt: zTime }),
  refusals: ["KEY_NOT_FOUND", "KEY_REVOKED", "OUTCOME_UNKNOWN"],
});
