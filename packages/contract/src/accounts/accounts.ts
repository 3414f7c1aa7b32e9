import { z } from "zod";
import { transactionPrice } from "../billing/price-shape.ts";
import { staff } from "../callers.ts";
import { balanceFields } from "../credits/credits.ts";
import { zGrant } from "../credits/grants.ts";
import { holdFilters, zHold } from "../credits/holds.ts";
import { transactionDetails, transactionFields, transactionFilters } from "../credits/transactions.ts";
import { zTransactionId } from "../ids.ts";
import { zLog } from "../logs/log-fields.ts";
import { operation } from "../operation.ts";
import { zCredits, zCursor, zLimit, zOutputText, zPage, zQueryBoolean, zUserId } from "../primitives.ts";

/** Staff who answers customers and does the accounts. Reading changes nothing. */
const read = {
  kind: "query",
  caller: staff("accounts:read", "support", "finance", "admin"),
  idempotent: false,
} as const;

/** What staff sees of a transaction besides what its user sees. */
const staffFields = {
  userId: zOutputText(320),
  idempotencyKey: zOutputText(255)
    .nullable()
    .meta({ description: "The key that the caller sent; null for a command without one." }),
};

const MAX_OPEN_HOLDS = 1_000;

/** What the entries of an account add up to. */
const zTotals = z
  .object({ granted: zCredits, spent: zCredits, refunded: zCredits, revoked: zCredits, expired: zCredits })
  .meta({ id: "AccountTotals" });

/**
 * `GET /admin/users/{userId}/account`: what the account of a user has. Each call adds the entries since the call before to
 * the totals, at most 50,000 of them.
 */
export const find = operation({
  ...read,
  rest: { method: "GET", path: "/admin/users/{userId}/account" },
  summary: { zh: "查询用户的积分账户", en: "Read the account of a user." },
  input: z.strictObject({ userId: zUserId }),
  output: z.object({
    userId: zOutputText(320),
    ...balanceFields,
    openHolds: z
      .int()
      .min(0)
      .max(MAX_OPEN_HOLDS)
      .meta({ description: `${MAX_OPEN_HOLDS} stands for that many or more.` }),
    totals: zTotals.nullable().meta({
      description:
        "Since the first entry: `granted + refunded - spent - revoked - expired = balance + held`. null while a long journal is added up: each further call adds 50,000 entries.",
    }),
  }),
  refusals: [],
});

/** `GET /admin/users/{userId}/transactions`: the journal of a user, newest first. */
export const transactions = operation({
  ...read,
  rest: { method: "GET", path: "/admin/users/{userId}/transactions" },
  summary: { zh: "用户的积分流水，最新的在前", en: "List the transactions of a user, newest first." },
  input: z.strictObject({ userId: zUserId, ...transactionFilters, limit: zLimit(100, 20), cursor: zCursor.optional() }),
  output: zPage(z.object({ ...transactionFields, ...staffFields }).meta({ id: "AccountTransaction" })),
  refusals: [],
});

/** `GET /admin/users/{userId}/grants`: the grants of a user, newest first. */
export const grants = operation({
  ...read,
  rest: { method: "GET", path: "/admin/users/{userId}/grants" },
  summary: { zh: "用户的积分批次，最新的在前", en: "List the grants of a user, newest first." },
  input: z.strictObject({
    userId: zUserId,
    open: zQueryBoolean.default(false).meta({ description: "Only grants with remaining credits." }),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(zGrant),
  refusals: [],
});

/** `GET /admin/users/{userId}/holds`: the holds of a user, newest first. */
export const holds = operation({
  ...read,
  rest: { method: "GET", path: "/admin/users/{userId}/holds" },
  summary: { zh: "用户的预扣，最新的在前", en: "List the holds of a user, newest first." },
  input: z.strictObject({ userId: zUserId, ...holdFilters }),
  output: zPage(zHold),
  refusals: [],
});

/** `GET /admin/transactions/{transactionId}`: why a transaction is there. */
export const explain = operation({
  ...read,
  rest: { method: "GET", path: "/admin/transactions/{transactionId}" },
  summary: {
    zh: "解释一笔流水：谁请求的、如何定价、涉及哪些日志和订单",
    en: "Explain a transaction: who asked for it, how it was priced, and which logs and order belong to it.",
  },
  input: z.strictObject({ transactionId: zTransactionId }),
  output: z.object({
    ...transactionDetails,
    ...staffFields,
    price: z
      .object({
        ...transactionPrice,
        version: z.int().min(1).max(999_999_999).meta({ description: "The version of the catalogue." }),
        priceGroup: zOutputText(40),
      })
      .nullable()
      .meta({ description: "How the amount was priced; null when the caller named it." }),
    orderId: zOutputText(64)
      .nullable()
      .meta({ description: "The order whose payment was credited or returned by the transaction." }),
    logs: z.array(zLog).meta({
      maxItems: 20,
      description:
        "The newest logs that name the transaction or its hold. Empty for a service key without the scope `logs:read`.",
    }),
  }),
  refusals: ["TRANSACTION_NOT_FOUND"],
});
