import autocannon from "autocannon";
import type { Speed } from "../report/results.ts";
import { percentile } from "../report/statistics.ts";
import { type Answer, readAnswer, type Work } from "./requests.ts";

/** What to send, over how many connections, and for how long. */
export type LoadPlan = {
  readonly url: string;
  /** Its requests are distributed over the connections; each connection repeats its own. */
  readonly work: Work;
  readonly connections: number;
  readonly seconds: number;
  /** Comes first and counts in no rate: opening many connections takes time. */
  readonly warmUpSeconds?: number;
  /** Whether to read the codes of refusals, which slows the client down. */
  readonly readsRefusals?: boolean;
};

/** The rate counts consumes that were done, and answers when nothing is consumed. */
export type Load = Speed & {
  /** Consumes that were answered as done. */
  readonly confirmed: number;
  /** Consumes that were in flight when the time was up: the client closed the connection before the answer. */
  readonly unanswered: number;
  /** All other answers by their code, or by their status when bodies are not read; broken connections as `error`. */
  readonly failed: Readonly<Record<string, number>>;
};

/** Sends the requests; each connection waits for its answer before it sends the next one. */
export async function applyLoad(plan: LoadPlan): Promise<Load> {
  const { url, work, connections, seconds, warmUpSeconds = 0 } = plan;
  const consumesEach = Math.max(1, work.consumesEach);
  const counts = { answers: 0, done: 0, doneInTime: 0 };
  const latenciesMs: number[] = [];
  const failed: Record<string, number> = {};
  let beginMs = Number.POSITIVE_INFINITY;
  let read: Answer | undefined;

  const onResponse = (status: number, body: string) => {
    read = readAnswer(status, body, consumesEach);
  };
  const requests = plan.readsRefusals ? work.requests.map((each) => ({ ...each, onResponse })) : work.requests;
  const shares = distribute(requests, connections);
  const run = autocannon({
    url,
    connections,
    duration: warmUpSeconds + seconds,
    setupClient: (client) => client.setRequests(shares.next().value ?? []),
  });
  run.on("start", () => {
    beginMs = performance.now() + warmUpSeconds * 1_000;
  });
  run.on("response", (...[, status, , tookMs]: autocannon.Response) => {
    const { done, refused } = read ?? readAnswer(status, "", consumesEach);
    read = undefined;
    counts.answers += 1;
    counts.done += done;
    for (const code of refused) failed[code] = (failed[code] ?? 0) + 1;
    if (done === 0 || performance.now() < beginMs) return;
    counts.doneInTime += done;
    latenciesMs.push(tookMs);
  });
  const { requests: totals, errors } = await run;
  if (errors > 0) failed["error"] = errors;
  return {
    ratePerSecond: counts.doneInTime / ((performance.now() - beginMs) / 1_000),
    p50Ms: percentile(latenciesMs, 0.5),
    p95Ms: percentile(latenciesMs, 0.95),
    p99Ms: percentile(latenciesMs, 0.99),
    confirmed: work.consumesEach === 0 ? 0 : counts.done,
    unanswered: (totals.sent - counts.answers) * work.consumesEach,
    failed,
  };
}

/** One share for each connection. With fewer requests than connections, all connections send the same. */
function* distribute(requests: readonly autocannon.Request[], connections: number): Generator<autocannon.Request[]> {
  for (let connection = 0; connection < connections; connection += 1) {
    const share = requests.filter((_, index) => index % connections === connection);
    // A copy each: autocannon writes into its requests.
    yield (requests.length < connections ? requests : share).map((request) => ({ ...request }));
  }
}
