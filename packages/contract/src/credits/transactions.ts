import { entryKinds, grantSources, MAX_BALANCE } from "@jifen/core";
import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zGrantId, zHoldId, zMetadata, zTime, zTransactionId } from "../ids.ts";
import { operation } from "../operation.ts";
import { zAction, zCredits, zCursor, zLimit, zOutputText, zPage, zTimestamp } from "../primitives.ts";
import { zHold } from "./holds.ts";

const zKind = z.enum(entryKinds);

const line = {
  transactionId: zTransactionId,
  kind: zKind,
  amount: zCredits,
  action: zOutputText(400).meta({ description: "What was bought, or why it was given or taken." }),
  metadata: zMetadata,
  balanceAfter: zCredits,
  heldAfter: zCredits,
  change: z
    .int()
    .min(-MAX_BALANCE)
    .max(MAX_BALANCE)
    .meta({ description: "What it did to the balance; 0 where only what was set aside moved." }),
  holdId: zHoldId.nullable().meta({ description: "The hold that it is about." }),
  chargeId: zTransactionId.nullable().meta({ description: "The charge that a refund gave back." }),
  createdAt: zTime,
  expiresAt: zTime.nullable().meta({ description: "When the grant or the hold that it made ends." }),
};

/** `GET /credits/transactions`: the journal of an account, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/transactions" },
  summary: { zh: "积分流水，最新的在前", en: "List what happened to the credits, newest first." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({
    kind: zKind.optional(),
    action: zAction.optional(),
    from: zTimestamp.optional().meta({ description: "From this moment on." }),
    to: zTimestamp.optional().meta({ description: "Before this moment." }),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(z.object(line).meta({ id: "Transaction" })),
  refusals: [],
});

/** `GET /credits/transactions/{transactionId}`: one transaction, and what it has to do with. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/transactions/{transactionId}" },
  summary: { zh: "查询一笔流水及其来龙去脉", en: "Explain one transaction." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.strictObject({ transactionId: zTransactionId }),
  output: z.object({
    ...line,
    hold: zHold.nullable().meta({ description: "The hold that it is about, as it is now." }),
    grants: z
      .array(
        z.object({
          grantId: zGrantId,
          amount: zCredits,
          source: z.enum(grantSources),
          expiresAt: zTime.nullable(),
        }),
      )
      .meta({ maxItems: 1_000_000, description: "How much it took from which grants, or gave back to them." }),
    refunds: z
      .array(
        z.object({
          transactionId: zTransactionId,
          amount: zCredits,
          createdAt: zTime,
          reason: zOutputText(400).nullable(),
        }),
      )
      .meta({ maxItems: 1_000, description: "What has been given back of it, oldest first." }),
    refundable: zCredits.meta({ description: "How much of it may still be given back." }),
    charge: zTransactionId.nullable().meta({ description: "The charge that a refund gave back." }),
  }),
  refusals: ["TRANSACTION_NOT_FOUND"],
});
