import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zTime, zTransactionId } from "../ids.ts";
import { zJsonObject } from "../json-object.ts";
import { operation } from "../operation.ts";
import { zAction, zAmount, zCredits, zIdempotencyKey } from "../primitives.ts";

/** `GET /credits/balance`: the available balance, held credits and the next expiry. */
export const balance = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/balance" },
  summary: { zh: "获取积分余额", en: "Read the available balance." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.void(),
  output: z.object({
    balance: zCredits,
    held: zCredits.meta({ description: "Credits reserved by holds; not part of `balance`." }),
    expiring: z
      .object({ amount: zCredits, expiresAt: zTime })
      .nullable()
      .meta({ description: "The credits that expire next if they are not spent; null if none expire." }),
  }),
  refusals: [],
});

/** `POST /credits/consume`: consumes credits for an action, once per idempotency key. */
export const consume = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/consume" },
  summary: { zh: "消费积分", en: "Consume credits for an action." },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: z.strictObject({
    amount: zAmount,
    action: zAction,
    metadata: zJsonObject(4_096).optional(),
    idempotencyKey: zIdempotencyKey.optional(),
  }),
  output: z.object({
    success: z.literal(true),
    balance: zCredits,
    transactionId: zTransactionId,
  }),
  refusals: ["INSUFFICIENT_CREDITS", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
