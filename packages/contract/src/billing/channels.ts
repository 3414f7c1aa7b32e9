import { z } from "zod";
import { staff } from "../callers.ts";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zOutputText } from "../primitives.ts";

const zChannel = z
  .object({
    channel: zOutputText(32),
    merchant: zOutputText(200),
    isOn: z.boolean().meta({ description: "Whether its settings are there. Others were used before." }),
    live: z.boolean().nullable().meta({ description: "Whether real money moves; null for a channel that is off." }),
    notifyUrl: zOutputText(2_000).meta({ description: "The address for the provider's notices, to copy." }),
    isResting: z.boolean().meta({ description: "Whether this server leaves it alone for a while after failures." }),
    lastNoticeAt: zTime.nullable().meta({ description: "The last notice with a valid signature." }),
    lastBadAt: zTime.nullable().meta({ description: "The last notice that was refused." }),
    lastBadReason: zOutputText(100).nullable(),
    badCount: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    lastQueryAt: zTime.nullable().meta({ description: "The last answer of the provider." }),
    lastErrorAt: zTime.nullable(),
    lastError: zOutputText(500).nullable(),
  })
  .meta({ id: "Channel" });

/** `GET /admin/channels`: payment channels, what was last heard of them, and where their notices go. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/channels" },
  summary: {
    zh: "查询支付渠道的状态与回调地址",
    en: "List payment channels with their health and the address for their notices.",
  },
  caller: staff("orders:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({}),
  output: z.object({ items: z.array(zChannel).meta({ maxItems: 20 }) }),
  refusals: [],
});
