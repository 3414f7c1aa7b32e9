import type { Reversal } from "@jifen/database";
import { isInfrastructureError } from "@jifen/ledger";
import type { Job } from "../../../jobs/job.ts";
import type { ChannelCalls } from "../gateways/channel-calls.ts";
import { askGateway } from "../orders/ask-gateway.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { look } from "../payments/look.ts";
import { finishReversal } from "./finish-reversal.ts";
import { readRows } from "./payment-rows.ts";
import { postponeReversal } from "./postpone.ts";
import { retryShortfall } from "./retry-shortfall.ts";

/** How long a claimed row is left to the process that claimed it. */
const CLAIM_MS = 60_000;
const REVERSALS_AT_ONCE = 20;
const MINUTE_MS = 60_000;

/**
 * Finishes reversals that are due: whatever a process that died has left, what the provider has not decided yet, and what could
 * not be taken at first. A row is claimed first, so that it is due again if this process dies.
 */
export function reversalsJob(deps: PaymentDeps): Job {
  const { database, nowMs, log } = deps;
  return {
    name: "reversals",
    intervalMs: 2_000,
    leaseMs: 15_000,
    runBatch: async (signal) => {
      const claim = { nowMs: nowMs(), untilMs: nowMs() + CLAIM_MS, limit: REVERSALS_AT_ONCE };
      const due = await database.reversals.claimDue(claim);
      for (const reversal of due) {
        if (signal.aborted) break;
        try {
          await doDue(deps, reversal);
        } catch (error) {
          if (isInfrastructureError(error)) throw error;
          // One reversal that fails must not hold up the others: it is due again later.
          log.error({ err: error, reversal: reversal.id }, "a reversal could not be finished");
          await postponeReversal(deps, reversal);
        }
      }
      return { isMore: due.length === REVERSALS_AT_ONCE };
    },
  };
}

async function doDue(deps: PaymentDeps, reversal: Reversal): Promise<void> {
  const { state, kind } = reversal;
  if (state === "done") return retryShortfall(deps, reversal);
  if (kind !== "dispute" || state === "failing") return void (await finishReversal(deps, reversal, "time"));
  await postponeReversal(deps, reversal);
  if (state === "taken") await retryShortfall(deps, reversal);
  // The provider alone knows how far a dispute is.
  const { order } = await readRows(deps, reversal);
  await askGateway(deps, order, { source: "query", isAboutReversals: true });
}

/**
 * Asks the providers that keep their notices for those of the last time: refunds and disputes that no webhook brought. The
 * cursor moves on only after everything before it was done.
 */
export function recentNoticesJob(deps: PaymentDeps): Job {
  const { channels } = deps;
  return {
    name: "recent notices",
    intervalMs: 10 * MINUTE_MS,
    leaseMs: 30_000,
    runBatch: async (signal) => {
      let isMore = false;
      for (const channel of channels.values()) {
        if (!signal.aborted) isMore = (await readRecent(deps, channel)) || isMore;
      }
      return { isMore };
    },
  };
}

/** @returns whether there may be more */
async function readRecent(deps: PaymentDeps, channel: ChannelCalls): Promise<boolean> {
  const { recent, channel: name, merchant } = channel.gateway;
  if (!recent) return false;
  const health = (await deps.database.channels.list()).find((each) => each.channel === name);
  // The cursor of another account means nothing.
  const before = health?.merchant === merchant ? (health.eventsCursor ?? undefined) : undefined;
  const read = await channel.run(() => recent(before));
  if (!read.ok) {
    deps.log.warn({ channel: name, failure: read.refusal }, "recent notices cannot be read");
    return false;
  }
  const { notices, cursor } = read.value;
  let isComplete = true;
  for (const notice of notices) {
    // One that cannot be looked at now must not hold up the others.
    if ((await look(deps, channel.gateway, notice)) === "unavailable") isComplete = false;
  }
  if (!isComplete) return false;
  if (cursor !== "") await deps.database.channels.note({ channel: name, merchant, eventsCursor: cursor });
  return notices.length > 0 && cursor !== before;
}
