import { setTimeout } from "node:timers/promises";
import type { Speed } from "../report/results.ts";
import { percentile } from "../report/statistics.ts";

/** How many callers send requests, and for how long. */
export type CallersPlan = {
  readonly callers: number;
  readonly seconds: number;
  /** Comes first and counts in no rate. */
  readonly warmUpSeconds?: number;
};

/** The rate counts what was done, not what was refused. */
export type CallersResult = Speed & { readonly done: number; readonly refused: number };

/** A refused caller waits as `Retry-After: 1` says, with jitter. */
const retryAfterMs = () => 500 + Math.random() * 1_000;
/** Whole multiples of a few milliseconds: Node keeps one list of timers for each duration, so a hundred thousand are cheap. */
const backOff = (ms: number) => setTimeout(Math.ceil(ms / 5) * 5);

/**
 * Runs callers in this process. Each waits for its answer before it sends the next request; a refused caller
 * retries about a second later. Resolves when every request has been answered.
 */
export async function runCallers(
  { callers, seconds, warmUpSeconds = 0 }: CallersPlan,
  send: () => Promise<"done" | "refused">,
): Promise<CallersResult> {
  const beginMs = performance.now() + warmUpSeconds * 1_000;
  const endMs = beginMs + seconds * 1_000;
  const latenciesMs: number[] = [];
  const counts = { done: 0, refused: 0 };
  let lastMs = beginMs;
  const runCaller = async () => {
    if (warmUpSeconds > 0) await backOff(Math.random() * warmUpSeconds * 1_000);
    for (let sentMs = performance.now(); sentMs < endMs; sentMs = performance.now()) {
      const answer = await send();
      counts[answer] += 1;
      const nowMs = performance.now();
      if (answer === "refused") {
        await backOff(retryAfterMs());
      } else if (nowMs >= beginMs) {
        latenciesMs.push(nowMs - sentMs);
        lastMs = nowMs;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, runCaller));
  return {
    ...counts,
    ratePerSecond: latenciesMs.length / ((lastMs - beginMs) / 1_000),
    p50Ms: percentile(latenciesMs, 0.5),
    p95Ms: percentile(latenciesMs, 0.95),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}
