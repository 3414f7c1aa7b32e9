import { setTimeout } from "node:timers/promises";
import type { Speed } from "../report/measurement.ts";
import { percentile } from "../report/statistics.ts";

/** How many ask at once, and for how long. */
export type CallersPlan = {
  readonly callers: number;
  readonly seconds: number;
  /** What goes before and counts in no rate. */
  readonly settleSeconds?: number;
};

/** What came of it. The rate counts what was done, not what was refused. */
export type CallersWork = Speed & { readonly done: number; readonly refused: number };

/** What a refused caller waits, as `Retry-After: 1` asks for; a little more or less, so that not all come back at once. */
const retryAfterMs = () => 500 + Math.random() * 1_000;
/** Whoever comes back within one of these comes back together: a timer for each of a hundred thousand is not for free. */
const SLOT_MS = 5;

/** Waiting in slots that callers share. */
function createBackOff(): (ms: number) => Promise<void> {
  const slots = new Map<number, Promise<void>>();
  return (ms) => {
    const nowMs = performance.now();
    const slot = Math.ceil((nowMs + ms) / SLOT_MS);
    const waiting = slots.get(slot) ?? setTimeout(slot * SLOT_MS - nowMs).then(() => void slots.delete(slot));
    slots.set(slot, waiting);
    return waiting;
  };
}

/**
 * So many callers in this process, each of which waits for its answer before it asks again; whoever is refused
 * comes back a second later. Returns when everybody has been answered.
 */
export async function callersAtWork(
  { callers, seconds, settleSeconds = 0 }: CallersPlan,
  ask: () => Promise<"done" | "refused">,
): Promise<CallersWork> {
  const beginMs = performance.now() + settleSeconds * 1_000;
  const endMs = beginMs + seconds * 1_000;
  const latenciesMs: number[] = [];
  const counts = { done: 0, refused: 0 };
  let lastMs = beginMs;
  const backOff = createBackOff();
  const caller = async () => {
    if (settleSeconds > 0) await backOff(Math.random() * settleSeconds * 1_000);
    for (let askedMs = performance.now(); askedMs < endMs; askedMs = performance.now()) {
      const answer = await ask();
      counts[answer] += 1;
      const nowMs = performance.now();
      if (answer === "refused") {
        await backOff(retryAfterMs());
      } else if (nowMs >= beginMs) {
        latenciesMs.push(nowMs - askedMs);
        lastMs = nowMs;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return {
    ...counts,
    ratePerSecond: latenciesMs.length / ((lastMs - beginMs) / 1_000),
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}
