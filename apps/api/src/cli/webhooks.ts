import { MAX_REPLAYED, normaliseUserId, operations } from "@jifen/contract";
import { userId } from "@jifen/core";
import { type Database, idBound, type WebhookDelivery } from "@jifen/database";
import { defineCommand } from "citty";
import { deliveryIdOf, readDeliveryId } from "../modules/webhooks/delivery-id.ts";
import { toDelivery } from "../modules/webhooks/to-delivery.ts";
import { toEndpoint } from "../modules/webhooks/to-endpoint.ts";
import { endEndpoint } from "../modules/webhooks/use-cases/end-endpoint.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { withDatabase } from "./with-database.ts";

const endpointArgument = {
  type: "positional",
  description: t({ en: "The id of the endpoint.", zh: "端点 ID。" }),
  required: true,
} as const;

const list = defineCommand({
  meta: { name: "list", description: t({ en: "Lists webhook endpoints.", zh: "列出 Webhook 端点。" }) },
  args: {
    user: { type: "string", description: t({ en: "Only endpoints of this user.", zh: "只看某个用户的端点。" }) },
    json: jsonArgument,
  },
  run: ({ args: { user, json } }) =>
    withDatabase(async ({ webhooks }) => {
      const found =
        user === undefined ? await webhooks.allEndpoints() : await webhooks.endpoints(userId(normaliseUserId(user)));
      const items = found.map((endpoint) => ({ ownerId: endpoint.ownerId, ...toEndpoint(endpoint) }));
      const lines = items.map(({ endpointId, state, ownerId, url, reason }) =>
        [endpointId, state, ownerId, url, ...(reason === null ? [] : [reason])].join("  "),
      );
      const none = t({ en: "No endpoints.", zh: "没有端点。" });
      print(json, { items }, lines.length === 0 ? none : lines.join("\n"));
    }),
});

const lineOf = (delivery: WebhookDelivery): string => {
  const { state, tries, lastStatus, lastError } = delivery;
  const result = lastError ?? (lastStatus === null ? "" : String(lastStatus));
  return `${deliveryIdOf(delivery)}  ${state}  ${t({ en: `${tries} tries`, zh: `${tries} 次` })}  ${result}`;
};

const deliveries = defineCommand({
  meta: {
    name: "deliveries",
    description: t({
      en: "Lists the deliveries of an endpoint, newest event first.",
      zh: "列出一个端点的投递，最新的事件在前。",
    }),
  },
  args: {
    endpoint: endpointArgument,
    limit: { type: "string", description: t({ en: "How many.", zh: "条数。" }), default: "20" },
    json: jsonArgument,
  },
  run: ({ args: { endpoint: endpointId, limit, json } }) => {
    const input = parseInput(operations.webhooks.deliveries.input, { endpointId, limit: wholeNumber(limit) });
    if (!input) return;
    return withDatabase(async ({ webhooks }) => {
      const endpoint = await webhooks.findById(endpointId);
      if (!endpoint) return printRefusal({ code: "ENDPOINT_NOT_FOUND" });
      const found = await webhooks.deliveries(endpoint.ownerId, endpointId, { limit: input.limit });
      const none = t({ en: "No deliveries.", zh: "没有投递。" });
      print(json, { items: found.map(toDelivery) }, found.length === 0 ? none : found.map(lineOf).join("\n"));
    });
  },
});

const replay = defineCommand({
  meta: {
    name: "replay",
    description: t({
      en: "Sends a delivery again, or with --since all of an endpoint since a time. The server sends them within seconds.",
      zh: "重新投递一次；带 --since 时重新投递某端点自某时间以来的全部事件。由服务端在数秒内发送。",
    }),
  },
  args: {
    id: {
      type: "positional",
      description: t({
        en: "The id of the delivery; with --since of the endpoint.",
        zh: "投递 ID；带 --since 时为端点 ID。",
      }),
      required: true,
    },
    since: { type: "string", description: t({ en: "ISO 8601.", zh: "起始时间（ISO 8601）。" }) },
    json: jsonArgument,
  },
  run: ({ args: { id, since, json } }) => {
    if (since === undefined) return withDatabase(({ webhooks }) => replayOne(webhooks, id, json));
    const input = parseInput(operations.webhooks.replaySince.input, { endpointId: id, since });
    if (!input) return;
    return withDatabase(async ({ webhooks }) => {
      const endpoint = await webhooks.findById(id);
      if (!endpoint) return printRefusal({ code: "ENDPOINT_NOT_FOUND" });
      let next: string | undefined = idBound(Date.parse(input.since), "evt");
      let replayed = 0;
      const limits = { nowMs: Date.now(), most: MAX_REPLAYED };
      while (next !== undefined) {
        const step: Awaited<ReturnType<typeof webhooks.replaySince>> = await webhooks.replaySince(
          endpoint,
          next,
          limits,
        );
        replayed += step.replayed;
        next = step.next;
      }
      printReplayed(json, replayed);
    });
  },
});

async function replayOne(webhooks: Database["webhooks"], id: string, isJson: boolean): Promise<void> {
  const key = readDeliveryId(id);
  const endpoint = key && (await webhooks.findById(key.endpointId));
  if (!key || !endpoint) return printRefusal({ code: "DELIVERY_NOT_FOUND" });
  if (endpoint.state === "ended") return printRefusal({ code: "ENDPOINT_NOT_FOUND" });
  const isFound = await webhooks.replay({ ...key, ownerId: endpoint.ownerId }, Date.now());
  if (!isFound) return printRefusal({ code: "DELIVERY_NOT_FOUND" });
  printReplayed(isJson, 1);
}

const end = defineCommand({
  meta: {
    name: "end",
    description: t({ en: "Ends the endpoint of any user.", zh: "停用任何用户的端点。" }),
  },
  args: { endpoint: endpointArgument, json: jsonArgument },
  run: ({ args: { endpoint: endpointId, json } }) => {
    const input = parseInput(operations.webhooks.end.input, { endpointId });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const ended = await endEndpoint(operator, input.endpointId, operator.by);
      if (!ended.ok) return printRefusal(ended.refusal);
      print(json, { endpointId }, t({ en: `Ended ${endpointId}.`, zh: `已停用 ${endpointId}。` }));
    });
  },
});

const printReplayed = (isJson: boolean, replayed: number): void =>
  print(
    isJson,
    { replayed },
    t({ en: `${replayed} deliveries will be sent again.`, zh: `将重新投递 ${replayed} 个。` }),
  );

/** `jifen webhooks …` */
export const webhooks = defineCommand({
  meta: { name: "webhooks", description: t({ en: "Outgoing events.", zh: "外发事件。" }) },
  subCommands: { list, deliveries, replay, end },
});
