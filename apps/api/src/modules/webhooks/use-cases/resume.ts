import type { WebhookEndpoint } from "@jifen/database";
import type { Deps } from "../deps.ts";

/** Makes a paused endpoint that has accepted a message active, and sends what is waiting for it. */
export async function resume(
  { database: { webhooks }, nowMs }: Pick<Deps, "database" | "nowMs">,
  endpoint: WebhookEndpoint,
): Promise<void> {
  const isActive = await webhooks.setState(endpoint, { from: "paused", to: "active", reason: null });
  if (isActive) await webhooks.wake(endpoint, nowMs());
}
