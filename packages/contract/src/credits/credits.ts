import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zTime, zTransactionId } from "../ids.ts";
import { zJsonObject } from "../json-object.ts";
import { operation } from "../operation.ts";
import { zAction, zAmount, zCredits, zIdempotencyKey } from "../primitives.ts";

/** `GET /credits/balance`: what can be spent now, what is set aside, and what expires next. */
export const balance = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/balance" },
  summary: { zh: "获取积分余额", en: "Read the credits that can be spent now." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.void(),
  output: z.object({
    balance: zCredits,
    held: zCredits.meta({ description: "What holds have set aside; not in `balance`." }),
    expiring: z
      .object({ amount: zCredits, expiresAt: zTime })
      .nullable()
      .meta({ description: "What expires next if nobody spends it." }),
  }),
  refusals: [],
});

/** `POST /credits/consume`: spend credits on an action, once per idempotency key. */
export const consume = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/consume" },
  summary: { zh: "消费积分", en: "Spend credits on an action." },
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
