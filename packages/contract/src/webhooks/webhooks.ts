import { z } from "zod";
import { anyUser } from "../callers.ts";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { isPrintable, zBoolean, zCursor, zLimit, zOutputText, zPage, zPathId, zTimestamp } from "../primitives.ts";
import { outgoingEventsText, outgoingEventTypes } from "./event-types.ts";

const rule = (zh: string, en: string) => ({ error: bilingual({ zh, en }) });

/** Endpoints that have not ended, of one owner. */
const MAX_ENDPOINTS = 10;
const MAX_URL = 2_000;

const UUID = "01a204b4-52c2-765e-9ff6-3a127379f980";
const zEndpointId = zPathId(`endpoint-${UUID}`).meta({ id: "EndpointId" });
const zDeliveryId = zPathId(`endpoint-${UUID}-evt-${UUID}`).meta({
  id: "DeliveryId",
  description: "The ids of the endpoint and of the event.",
});

const urlRule = rule(
  "必须是不含用户名和片段的 https 地址，最多 2000 个字符",
  "must be an https URL without user and fragment, of at most 2000 characters",
);
const eventsRule = rule(
  `必须是不重复的事件类型列表，可选：${outgoingEventTypes.join("、")}`,
  `must be a list of distinct types from ${outgoingEventTypes.join(", ")}`,
);
const MAX_OVERLAP_SECONDS = 604_800;
const overlapRule = rule(
  `必须是 0 到 ${MAX_OVERLAP_SECONDS} 之间的整数（秒）`,
  `must be a whole number from 0 to ${MAX_OVERLAP_SECONDS} (seconds)`,
);

const zSecret = zOutputText(100).meta({
  description: "Verifies the signatures (Standard Webhooks). It is returned only once.",
  examples: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
});

const zEndpoint = z
  .object({
    endpointId: zEndpointId,
    url: zOutputText(MAX_URL),
    events: z.array(z.enum(outgoingEventTypes)).meta({ maxItems: outgoingEventTypes.length }),
    allUsers: z.boolean(),
    state: z.enum(["active", "paused", "ended"]).meta({
      description:
        "paused after ten events in a row that failed, over ten minutes or more; one event an hour is sent then, and one that succeeds, or a test, makes it active again.",
    }),
    reason: zOutputText(400).nullable().meta({ description: "Why it is paused." }),
    failingSince: zTime
      .nullable()
      .meta({ description: "When the first of the events in a row failed; null while they are delivered." }),
    nextProbeAt: zTime.nullable().meta({ description: "When an event is sent to it next while it is paused." }),
    previousUntil: zTime
      .nullable()
      .meta({ description: "Until when events also have a signature of the former secret." }),
    createdAt: zTime,
  })
  .meta({ id: "WebhookEndpoint" });

const zDelivery = z
  .object({
    deliveryId: zDeliveryId,
    eventId: zOutputText(100).meta({ description: "The `webhook-id` header: the same each time it is sent." }),
    userId: zOutputText(320),
    state: z.enum(["pending", "delivered", "failed"]),
    tries: z.int().min(0).max(100),
    nextAt: zTime.nullable(),
    lastStatus: z.int().min(100).max(599).nullable(),
    lastError: zOutputText(400).nullable(),
    lastAt: zTime.nullable(),
  })
  .meta({ id: "WebhookDelivery" });

const caller = anyUser("admin");

/** `POST /webhooks/endpoints`: an address that gets events, signed with a new secret. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/webhooks/endpoints" },
  summary: { zh: "创建 Webhook 端点", en: "Create a webhook endpoint." },
  caller,
  idempotent: false,
  input: z.strictObject({
    url: z
      .string(urlRule)
      .max(MAX_URL, urlRule)
      .refine((text) => isEndpointUrl(text), urlRule)
      .meta({ format: "uri", maxLength: MAX_URL, examples: ["https://example.com/hooks/jifen"] }),
    events: z
      .array(z.enum(outgoingEventTypes, eventsRule), eventsRule)
      .min(1, eventsRule)
      .max(outgoingEventTypes.length, eventsRule)
      .refine((list) => new Set(list).size === list.length, eventsRule)
      .default([...outgoingEventTypes])
      .meta({ description: `All types if left out. ${outgoingEventsText}` }),
    allUsers: zBoolean.default(false).meta({
      description: "Whether it gets the events of all users; only for admins. Otherwise those of its owner.",
    }),
  }),
  output: z.object({ endpoint: zEndpoint, secret: zSecret }),
  refusals: ["ADDRESS_NOT_ALLOWED", "ENDPOINT_LIMIT", "USER_NOT_FOUND", "OUTCOME_UNKNOWN"],
});

/** http is for addresses that the operator allows; that is checked when the address is known. */
function isEndpointUrl(text: string): boolean {
  // The parser of URLs removes some control characters, and replaces what is no Unicode: the text would differ from the URL.
  if (!isPrintable(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && hash === "" && !/\s/.test(text);
}

/** `GET /webhooks/endpoints`: the endpoints of the caller that have not ended. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/webhooks/endpoints" },
  summary: { zh: "查询 Webhook 端点", en: "List webhook endpoints, newest first." },
  caller,
  idempotent: false,
  input: z.strictObject({}),
  output: z.object({ items: z.array(zEndpoint).meta({ maxItems: MAX_ENDPOINTS }) }),
  refusals: [],
});

const one = { caller, kind: "mutation", idempotent: false } as const;

/** `POST /webhooks/endpoints/{endpointId}/test`: sends `webhook.test` now. Success makes a paused endpoint active. */
export const test = operation({
  ...one,
  rest: { method: "POST", path: "/webhooks/endpoints/{endpointId}/test" },
  summary: { zh: "发送测试事件", en: "Send a test event to a webhook endpoint." },
  input: z.strictObject({ endpointId: zEndpointId }),
  output: z.object({
    delivered: z.boolean(),
    status: z.int().min(100).max(599).nullable(),
    error: zOutputText(400).nullable(),
  }),
  refusals: ["ENDPOINT_NOT_FOUND", "OUTCOME_UNKNOWN"],
});

/** `POST /webhooks/endpoints/{endpointId}/rotate`: a new secret; the former one also signs for a while. */
export const rotate = operation({
  ...one,
  rest: { method: "POST", path: "/webhooks/endpoints/{endpointId}/rotate" },
  summary: { zh: "轮换 Webhook 密钥", en: "Create a new secret for a webhook endpoint." },
  input: z.strictObject({
    endpointId: zEndpointId,
    overlapSeconds: z
      .int(overlapRule)
      .min(0, overlapRule)
      .max(MAX_OVERLAP_SECONDS, overlapRule)
      .default(86_400)
      .meta({ description: "How long events have a signature of the former secret as well." }),
  }),
  output: z.object({ endpoint: zEndpoint, secret: zSecret }),
  refusals: ["ENDPOINT_NOT_FOUND", "OUTCOME_UNKNOWN"],
});

/** `POST /webhooks/endpoints/{endpointId}/end`: nothing is sent to it any more. Admins end those of any user. */
export const end = operation({
  ...one,
  rest: { method: "POST", path: "/webhooks/endpoints/{endpointId}/end" },
  summary: {
    zh: "停用 Webhook 端点，管理员可停用任何用户的端点",
    en: "End a webhook endpoint; admins end that of any user.",
  },
  input: z.strictObject({ endpointId: zEndpointId }),
  output: z.object({ endpoint: zEndpoint }),
  refusals: ["ENDPOINT_NOT_FOUND", "OUTCOME_UNKNOWN"],
});

/** `GET /webhooks/deliveries`: the deliveries of an endpoint, newest event first. */
export const deliveries = operation({
  kind: "query",
  rest: { method: "GET", path: "/webhooks/deliveries" },
  summary: { zh: "查询 Webhook 投递", en: "List the deliveries of a webhook endpoint, newest event first." },
  caller,
  idempotent: false,
  input: z.strictObject({ endpointId: zEndpointId, limit: zLimit(100, 20), cursor: zCursor.optional() }),
  output: zPage(zDelivery),
  refusals: ["ENDPOINT_NOT_FOUND"],
});

/** `POST /webhooks/deliveries/{deliveryId}/replay`: sends an event again. */
export const replay = operation({
  ...one,
  rest: { method: "POST", path: "/webhooks/deliveries/{deliveryId}/replay" },
  summary: { zh: "重新投递一个事件", en: "Send an event to a webhook endpoint again." },
  input: z.strictObject({ deliveryId: zDeliveryId }),
  output: z.object({ replayed: z.int().min(0).max(Number.MAX_SAFE_INTEGER) }),
  refusals: ["ENDPOINT_NOT_FOUND", "DELIVERY_NOT_FOUND", "OUTCOME_UNKNOWN"],
});

/** How many events one replay since a time sends again at most. */
export const MAX_REPLAYED = 1_000;

/** `POST /webhooks/replay`: sends the events of an endpoint since a time again. */
export const replaySince = operation({
  ...one,
  rest: { method: "POST", path: "/webhooks/replay" },
  summary: {
    zh: `重新投递某时间以来的事件，每次最多 ${MAX_REPLAYED} 个，从最早的开始`,
    en: `Send the events of a webhook endpoint since a time again, at most ${MAX_REPLAYED}, the oldest first.`,
  },
  input: z.strictObject({ endpointId: zEndpointId, since: zTimestamp }),
  output: z.object({
    replayed: z.int().min(0).max(MAX_REPLAYED),
    nextSince: zTime
      .nullable()
      .meta({ description: "The `since` with which to send those that remain; null for none." }),
  }),
  refusals: ["ENDPOINT_NOT_FOUND", "OUTCOME_UNKNOWN"],
});
