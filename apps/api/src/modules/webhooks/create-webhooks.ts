import type { Deps } from "./deps.ts";
import { createResolveHost } from "./resolve-host.ts";
import { createSend } from "./send.ts";
import type { WebhooksSettings } from "./settings.ts";
import { createWebhookMeter } from "./webhook-meter.ts";

/** What the webhooks module is built from. */
type WebhooksParts = Omit<Deps, "send" | "meter" | "networks" | "resolveHost"> & {
  readonly settings: WebhooksSettings;
};

/** Builds the dependencies of the webhooks module. */
export function createWebhooks({ settings: { webhookNetworks: networks }, ...parts }: WebhooksParts): Deps {
  const resolveHost = createResolveHost();
  const meter = createWebhookMeter();
  return { ...parts, networks, resolveHost, meter, send: meter.meter(createSend(resolveHost)) };
}
