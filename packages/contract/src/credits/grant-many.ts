import { z } from "zod";
import { staff } from "../callers.ts";
import { zReason } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zAmount, zIdempotencyKey, zOutputText, zUserId } from "../primitives.ts";
import { grant } from "./admin.ts";

/** How many users one request can grant credits to. */
const MAX_USERS = 500;

const rule = (zh: string, en: string) => ({ error: bilingual({ zh, en }) });
const entriesRule = rule(`必须是 1 到 ${MAX_USERS} 个用户的列表`, `must be a list of 1 to ${MAX_USERS} users`);
const twiceMessage = bilingual({ zh: "与前面的用户重复", en: "names a user who is in the list before" });
const amountMessage = bilingual({
  zh: "必填：有用户没有自己的 amount",
  en: "is required, because a user has no amount of their own",
});

const zEntry = z.strictObject({
  userId: zUserId,
  amount: zAmount.optional().meta({ description: "For this user; without it the `amount` of the request." }),
});

const { source, priority, expiresAt, note } = grant.input.shape;
const count = z.int().min(0).max(MAX_USERS);

/** `POST /admin/grants/batch`: grants credits to many users, to each once per idempotency key of the request. */
export const grantMany = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/grants/batch", maxBodyBytes: 1_048_576 },
  summary: { zh: "给多个用户发放积分", en: "Grant credits to many users." },
  caller: staff("admin", "finance", "admin"),
  idempotent: true,
  input: z
    .strictObject({
      entries: z.array(zEntry, entriesRule).min(1, entriesRule).max(MAX_USERS, entriesRule),
      amount: zAmount.optional().meta({ description: "For every user without an amount of their own." }),
      ...{ source, priority, expiresAt, note },
      reason: zReason,
      idempotencyKey: zIdempotencyKey.optional().meta({
        description:
          "The same request with the same key grants to no user twice, and to those whom it has not reached. Without a key, a request whose answer was lost cannot be repeated.",
      }),
    })
    .superRefine(({ entries, amount }, context) => {
      const seen = new Set<string>();
      for (const [at, { userId }] of entries.entries()) {
        if (seen.has(userId)) {
          context.addIssue({ code: "custom", path: ["entries", at, "userId"], message: twiceMessage });
        }
        seen.add(userId);
      }
      if (amount === undefined && entries.some((entry) => entry.amount === undefined)) {
        context.addIssue({ code: "custom", path: ["amount"], message: amountMessage });
      }
    }),
  output: z.object({
    results: z
      .array(
        z.union([
          z.object({
            ...{ userId: zOutputText(320), amount: zAmount },
            ...grant.output.shape,
            replayed: z.boolean().meta({ description: "Whether an earlier request with the same key granted it." }),
          }),
          z.object({
            ...{ userId: zOutputText(320), amount: zAmount },
            code: z.enum([
              "USER_NOT_FOUND",
              "SELF_ACTION_FORBIDDEN",
              "IDEMPOTENCY_KEY_REUSED",
              "VALIDATION_FAILED",
              "BALANCE_LIMIT",
              "GRANT_LIMIT_REACHED",
              "OVERLOADED",
              "DATABASE_UNAVAILABLE",
              "OUTCOME_UNKNOWN",
            ]),
            message: zOutputText(1_000),
          }),
        ]),
      )
      .meta({
        maxItems: MAX_USERS,
        description: "One for each user, in the order of the request. A user who is refused does not keep the others.",
      }),
    granted: count.meta({ description: "Users to whom this request granted." }),
    replayed: count,
    refused: count,
  }),
  refusals: ["CONFIRMATION_REQUIRED", "OVERLOADED"],
});
