import type { DeliveryResult, OutgoingEvent, WebhookDelivery, WebhookEndpoint } from "@jifen/database";
import type { Deps } from "../deps.ts";
import { KEPT_MS, nextTry } from "../retry-gaps.ts";
import { isSuccess } from "../send.ts";
import { signedMessage } from "../signed-message.ts";
import { networksOf } from "./networks-of.ts";
import { resume } from "./resume.ts";

/** Longer than a message takes: after it, another process may send the event as well. */
const LEASE_MS = 60_000;
/** How often an event looks whether its paused endpoint is active again, and how often one of them is sent to see that. */
const PAUSED_MS = 3_600_000;
/** So many events in a row that fail pause an endpoint, */
const MOST_FAILURES = 10;
/** if they fail for so long: a restart of the receiver fails many events within seconds. */
const FAILING_MS = 600_000;
const GONE = 410;

/** Sends one event to one endpoint, and stores what became of it. A crash between the two sends it again. */
export async function deliver(deps: Deps, delivery: WebhookDelivery, signal: AbortSignal): Promise<void> {
  const { webhooks } = deps.database;
  const leasedUntilMs = deps.nowMs() + LEASE_MS;
  if (!(await webhooks.lease(delivery, leasedUntilMs))) return;
  const endpoint = await webhooks.find(delivery.ownerId, delivery.endpointId);
  // It had ended, and was removed while this delivery was being created.
  if (!endpoint) return await webhooks.forget(delivery);
  const event = await webhooks.event(delivery.userId, delivery.eventId);
  const result = await resultOf(deps, { delivery, endpoint, event }, signal);
  await webhooks.settle(delivery, leasedUntilMs, result);
  deps.meter.settled(result.state);
  // Afterwards: what waits is sent again, and this event no longer waits.
  if (result.state === "delivered" && endpoint.state === "paused") await resume(deps, endpoint);
}

type Parts = {
  readonly delivery: WebhookDelivery;
  readonly endpoint: WebhookEndpoint;
  readonly event: OutgoingEvent | undefined;
};

async function resultOf(
  deps: Deps,
  { delivery, endpoint, event }: Parts,
  signal: AbortSignal,
): Promise<DeliveryResult> {
  const { tries, lastStatus, lastError, lastAtMs } = delivery;
  const nowMs = deps.nowMs();
  const unsent = { tries, lastStatus, lastError, lastAtMs };
  if (!event || endpoint.state === "ended") return failed(unsent, "the endpoint has ended");
  const owner = await deps.userCache.find(endpoint.ownerId);
  if (!mayReceive(owner, endpoint)) return failed(unsent, "the owner of the endpoint cannot get the event");
  if (endpoint.state === "paused") {
    if (nowMs >= event.createdAtMs + KEPT_MS) return failed(unsent, "the endpoint is paused");
    const isProbe = nowMs >= (endpoint.nextProbeMs ?? 0);
    if (!isProbe || !(await deps.database.webhooks.takeProbe(endpoint, nowMs + PAUSED_MS)))
      return { ...unsent, state: "pending", nextMs: nowMs + PAUSED_MS };
  }
  const { status, error } = await deps.send(signedMessage(endpoint, event, nowMs), {
    networks: networksOf(deps, owner),
    signal,
  });
  // A server that stops has not tried.
  if (status === null && signal.aborted) return { ...unsent, state: "pending", nextMs: deps.nowMs() };
  const sent = { tries: tries + 1, lastStatus: status, lastError: error, lastAtMs: deps.nowMs() };
  if (isSuccess({ status })) {
    if (endpoint.failures > 0) await deps.database.webhooks.clearFailures(endpoint);
    return { ...sent, state: "delivered", nextMs: null };
  }
  await recordFailure(deps, endpoint, { isFirst: tries === 0, isGone: status === GONE });
  // A probe is no try of the event, which waits for its endpoint.
  if (endpoint.state === "paused" && status !== GONE)
    return { ...sent, tries, state: "pending", nextMs: deps.nowMs() + PAUSED_MS };
  const nextMs = status === GONE ? null : nextTry(tries + 1, deps.nowMs());
  return { ...sent, state: nextMs === null ? "failed" : "pending", nextMs };
}

const failed = (unsent: Omit<DeliveryResult, "state" | "nextMs">, lastError: string): DeliveryResult => ({
  ...unsent,
  lastError,
  state: "failed",
  nextMs: null,
});

/** The owner can have been suspended, deleted, or made a user without the events of others, after the endpoint was created. */
function mayReceive(owner: Awaited<ReturnType<Deps["userCache"]["find"]>>, { allUsers }: WebhookEndpoint): boolean {
  if (!owner || owner.suspended) return false;
  return !allUsers || owner.role === "admin";
}

async function recordFailure(
  { database: { webhooks }, nowMs, log }: Deps,
  endpoint: WebhookEndpoint,
  { isFirst, isGone }: { readonly isFirst: boolean; readonly isGone: boolean },
): Promise<void> {
  const about = { endpoint: endpoint.id, owner: endpoint.ownerId };
  if (isGone) {
    await webhooks.setState(endpoint, { from: endpoint.state, to: "ended", reason: "it answered 410" });
    log.warn(about, "webhook endpoint answered 410 and has ended");
    return;
  }
  if (!isFirst || endpoint.state === "paused") return;
  const atMs = nowMs();
  const counted = await webhooks.countFailure(endpoint, atMs);
  if (!counted || counted.failures < MOST_FAILURES || atMs - (counted.failingSinceMs ?? atMs) < FAILING_MS) return;
  const reason = `${MOST_FAILURES} events in a row have failed`;
  const pause = { from: "active", to: "paused", reason, nextProbeMs: atMs + PAUSED_MS } as const;
  if (await webhooks.setState(endpoint, pause)) log.warn(about, `webhook endpoint is paused: ${reason}`);
}
