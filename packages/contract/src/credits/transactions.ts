import { entryKinds, grantSources, MAX_BALANCE } from "@jifen/core";
import { z } from "zod";
import { transactionPrice } from "../billing/price-shape.ts";
import { anyUser } from "../callers.ts";
import { fileContentTypes, fileInput } from "../export-input.ts";
import { zGrantId, zHoldId, zMetadata, zTime, zTransactionId } from "../ids.ts";
import { operation, stream } from "../operation.ts";
import { zAction, zCredits, zCursor, zLimit, zOutputText, zPage, zTimestamp } from "../primitives.ts";
import { zHold } from "./holds.ts";

const zKind = z.enum(entryKinds);

/** A transaction in a list. */
export const transactionFields = {
  transactionId: zTransactionId,
  kind: zKind,
  amount: zCredits,
  action: zOutputText(400).meta({
    description: "The action that was charged, or the reason of a grant, revocation or refund.",
  }),
  metadata: zMetadata,
  balanceAfter: zCredits,
  heldAfter: zCredits,
  change: z
    .int()
    .min(-MAX_BALANCE)
    .max(MAX_BALANCE)
    .meta({ description: "The change of the balance; 0 if only held credits changed." }),
  holdId: zHoldId.nullable().meta({ description: "The hold of this transaction." }),
  chargeId: zTransactionId.nullable().meta({ description: "The charge that a refund returned." }),
  createdAt: zTime,
  expiresAt: zTime.nullable().meta({ description: "The expiry of the grant or hold that this transaction created." }),
  actor: zOutputText(330)
    .nullable()
    .meta({
      description:
        "What caused the transaction: `user:<id>`, `key:<id>` for a service key, `system`, `operator` for the command line, or `link`. For the user of the account, `staff` stands for a member of staff. Null for transactions of earlier versions.",
      examples: ["key:3fKq9ZtB0xYw"],
    }),
  requestId: zOutputText(255)
    .nullable()
    .meta({ description: "The request that caused the transaction; null if none did." }),
};

/** Which transactions to list. */
export const transactionFilters = {
  kind: zKind.optional(),
  action: zAction.optional(),
  from: zTimestamp.optional().meta({ description: "Only transactions at or after this time." }),
  to: zTimestamp.optional().meta({ description: "Only transactions before this time." }),
};

/** A transaction with its hold, grants and refunds. */
export const transactionDetails = {
  ...transactionFields,
  hold: zHold.nullable().meta({ description: "The hold of this transaction in its current state." }),
  grants: z
    .array(
      z.object({
        grantId: zGrantId,
        amount: zCredits,
        source: z.enum(grantSources),
        expiresAt: zTime.nullable(),
      }),
    )
    .meta({ maxItems: 1_000_000, description: "The credits taken from or returned to each grant." }),
  refunds: z
    .array(
      z.object({
        transactionId: zTransactionId,
        amount: zCredits,
        createdAt: zTime,
        reason: zOutputText(400).nullable(),
      }),
    )
    .meta({ maxItems: 1_000, description: "The refunds of this charge, oldest first." }),
  refundable: zCredits.meta({ description: "The credits that can still be refunded." }),
  charge: zTransactionId.nullable().meta({ description: "The charge that a refund returned." }),
  price: z
    .object(transactionPrice)
    .nullable()
    .meta({ description: "How the amount was priced; null when the caller named it." }),
};

/** `GET /credits/transactions`: the journal of an account, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/transactions" },
  summary: { zh: "积分流水，最新的在前", en: "List the transactions of an account, newest first." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ ...transactionFilters, limit: zLimit(100, 20), cursor: zCursor.optional() }),
  output: zPage(z.object(transactionFields).meta({ id: "Transaction" })),
  refusals: [],
});

/** `GET /credits/transactions/export`: the journal of an account as a file, oldest first. */
export const exportTransactions = stream({
  kind: "stream",
  rest: { method: "GET", path: "/credits/transactions/export" },
  summary: { zh: "导出积分流水文件，最早的在前", en: "Export the transactions of an account as a file, oldest first." },
  caller: anyUser("credits:read"),
  input: z.strictObject({
    ...transactionFilters,
    ...fileInput,
    after: zTransactionId.optional().meta({
      description: "The last transaction of a file that broke off: this one begins behind it.",
    }),
  }),
  contentTypes: fileContentTypes,
  refusals: [],
});

/** `GET /credits/transactions/{transactionId}`: one transaction with its hold, grants and refunds. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/transactions/{transactionId}" },
  summary: { zh: "查询一笔流水及相关的预扣、批次和退款", en: "Read a transaction with its hold, grants and refunds." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ transactionId: zTransactionId }),
  output: z.object(transactionDetails),
  refusals: ["TRANSACTION_NOT_FOUND"],
});
