import { z } from "zod";
import { chargeInput, pricedRefusals, withOneCharge } from "../billing/priced-input.ts";
import { anyUser } from "../callers.ts";
import { zSentMetadata, zTime, zTransactionId } from "../ids.ts";
import { operation } from "../operation.ts";
import { zAction, zCredits, zIdempotencyKey } from "../primitives.ts";

/** What an account has. */
export const balanceFields = {
  balance: zCredits,
  held: zCredits.meta({ description: "Credits reserved by holds; not part of `balance`." }),
  expiring: z
    .object({ amount: zCredits, expiresAt: zTime })
    .nullable()
    .meta({ description: "The credits that expire next if they are not spent; null if none expire." }),
};

/** `GET /credits/balance`: the available balance, held credits and the next expiry. */
export const balance = operation({
  kind: "query",
  rest: { method: "GET", path: "/credits/balance" },
  summary: { zh: "获取积分余额", en: "Read the available balance." },
  caller: anyUser("credits:read"),
  idempotent: false,
  input: z.void(),
  output: z.object(balanceFields),
  refusals: [],
});

/** `POST /credits/consume`: consumes credits for an action, once per idempotency key. */
export const consume = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/credits/consume" },
  summary: {
    zh: "消费积分：指定 amount，或由目录按 params 或 quote 定价",
    en: "Consume credits for an action: `amount`, or the price of `params` or `quote` by the catalogue.",
  },
  caller: anyUser("credits:spend"),
  idempotent: true,
  input: withOneCharge(
    z.strictObject({
      ...chargeInput,
      action: zAction,
      metadata: zSentMetadata.optional(),
      idempotencyKey: zIdempotencyKey.optional(),
    }),
  ),
  output: z.object({
    success: z.literal(true),
    balance: zCredits,
    transactionId: zTransactionId,
    amount: zCredits.optional().meta({ description: "What was charged, where the request did not name it." }),
  }),
  refusals: [...pricedRefusals, "INSUFFICIENT_CREDITS", "IDEMPOTENCY_KEY_REUSED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
