import { z } from "zod";
import { staff } from "../callers.ts";
import { operation } from "../operation.ts";
import { zOutputText, zSingleLine } from "../primitives.ts";

/** What a search finds. */
const foundKinds = ["user", "transaction", "hold", "grant", "log", "order", "key"] as const;

/** `GET /admin/search`: what an id names, or the users whose address begins with a text. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/search" },
  summary: {
    zh: "按编号或邮箱开头查找用户、流水、预扣、批次、日志、订单和密钥",
    en: "Find users, transactions, holds, grants, logs, orders and keys by their id, or users by the start of their address.",
  },
  caller: staff("accounts:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({
    q: zSingleLine(320).meta({
      description: "A whole id, or the first characters of an e-mail address. No text inside of things is searched.",
      examples: ["me@example.com"],
    }),
  }),
  output: z.object({
    items: z
      .array(
        z.object({
          kind: z.enum(foundKinds),
          id: zOutputText(320),
          userId: zOutputText(320).nullable().meta({ description: "Whose it is." }),
          label: zOutputText(400).meta({
            description:
              "The name of a user or key, the kind of a transaction, the action of a hold or log, the source of a grant, or the state of an order.",
          }),
        }),
      )
      .meta({ maxItems: 10 }),
  }),
  refusals: [],
});
