import { createHash } from "node:crypto";
import { invariant } from "@jifen/core";
import { deliverJob } from "../webhooks/jobs.ts";
import type { Message } from "../webhooks/send.ts";
import { createEndpoint } from "../webhooks/use-cases/create-endpoint.ts";
import { createWebhookMeter } from "../webhooks/webhook-meter.ts";
import { staffPrincipal } from "./people.ts";
import type { World } from "./world.ts";

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
/** The gaps between tries grow: so often the history looks for what is due. */
const ROUND_MS = 6 * HOUR_MS;
/** Of 256 messages so many come while the receiver is restarted. */
const BUSY = 25;

/**
 * The receiver of the shop, as the server sees it: it mostly accepts, and is sometimes restarted. No address is connected to.
 * What it answers follows from the message: messages are sent concurrently, so that the order of their sending does not.
 */
const webhookDeps = (world: World) => ({
  ...world,
  networks: [],
  limits: { take: async () => undefined },
  resolveHost: () => Promise.reject(new Error("the host is unknown")),
  send: async ({ headers, body }: Message) => {
    const [first = 0] = createHash("sha256").update(`${headers["webhook-timestamp"]} ${body}`).digest();
    return { status: first < BUSY ? 503 : 200, error: null };
  },
  meter: createWebhookMeter(),
  stopping: new AbortController().signal,
});

/** Creates the endpoint of the shop, and looks for deliveries that are due from then on. */
export async function addEndpoint(world: World): Promise<void> {
  const request = {
    url: "https://shop.demo.example/hooks/jifen",
    events: ["order.credited", "code.redeemed", "payment.review", "reversal.done", "dispute.opened"],
    allUsers: true,
  } as const;
  const created = await createEndpoint(
    webhookDeps(world),
    { ...request, events: [...request.events] },
    staffPrincipal("admin"),
  );
  invariant(created.ok, "the endpoint of the demonstration was refused");
  for (let atMs = world.nowMs(); atMs < world.untilMs; atMs += ROUND_MS) world.agenda.add(atMs, () => deliver(world));
}

/** Lets the server send what has happened by then. */
export function planDelivery(world: World, afterMs: number): void {
  world.agenda.add(world.nowMs() + afterMs + 2 * SECOND_MS, () => deliver(world));
}

/** Sends events that are due, as the job of the server does. */
async function deliver(world: World): Promise<void> {
  const { runBatch } = deliverJob(webhookDeps(world));
  while ((await runBatch(new AbortController().signal)).isMore);
}
