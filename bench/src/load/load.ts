import autocannon from "autocannon";
import { percentile } from "./statistics.ts";

/** What to send, how many at a time, and for how long. */
export type LoadPlan = {
  readonly url: string;
  /** Dealt out to the connections; each goes through its own again and again. */
  readonly requests: readonly autocannon.Request[];
  readonly connections: number;
  readonly seconds: number;
};

/** How fast something was. */
export type Speed = { readonly ratePerSecond: number; readonly p50Ms: number; readonly p99Ms: number };

/** What came of one stretch of load. The rate counts answers with status 200 alone. */
export type Load = Speed & {
  readonly succeeded: number;
  /** Other answers by status, and broken connections under `error`. */
  readonly failed: Readonly<Record<string, number>>;
  /** Requests on their way when the time was up: the client hung up and never learns what became of them. */
  readonly unanswered: number;
};

/** Sends the requests; each connection waits for its answer before it sends the next. */
export async function applyLoad({ url, requests, connections, seconds }: LoadPlan): Promise<Load> {
  const hands = deal(requests, connections);
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    setupClient: (client) => client.setRequests(hands.next().value ?? []),
  });
  const latenciesMs: number[] = [];
  let startedMs = performance.now();
  run.on("start", () => {
    startedMs = performance.now();
  });
  run.on("response", (...[, , , tookMs]: autocannon.Heard) => latenciesMs.push(tookMs));
  const result = await run;
  const elapsedSeconds = (performance.now() - startedMs) / 1_000;

  const succeeded = result.statusCodeStats["200"]?.count ?? 0;
  return {
    succeeded,
    ratePerSecond: succeeded / elapsedSeconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    failed: failures(result),
    unanswered: result.requests.sent - latenciesMs.length,
  };
}

/** One hand for each connection. Where there are fewer requests than connections, all send the same. */
function* deal(requests: readonly autocannon.Request[], connections: number): Generator<autocannon.Request[]> {
  for (let connection = 0; connection < connections; connection += 1) {
    const hand = requests.filter((_, index) => index % connections === connection);
    // A copy each: autocannon writes into what it is given.
    yield (requests.length < connections ? requests : hand).map((request) => ({ ...request }));
  }
}

function failures({ statusCodeStats, errors }: autocannon.Result): Record<string, number> {
  const others = Object.entries(statusCodeStats).filter(([status]) => status !== "200");
  return {
    ...Object.fromEntries(others.map(([status, { count }]) => [status, count])),
    ...(errors === 0 ? {} : { error: errors }),
  };
}
