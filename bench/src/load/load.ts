import autocannon from "autocannon";
import type { Speed } from "../report/measurement.ts";
import { percentile } from "../report/statistics.ts";
import { type Answer, readAnswer } from "./answers.ts";
import type { Work } from "./requests.ts";

/** What to send, how many at a time, and for how long. */
export type LoadPlan = {
  readonly url: string;
  /** Its requests are dealt out to the connections; each goes through its own again and again. */
  readonly work: Work;
  readonly connections: number;
  readonly seconds: number;
  /** What goes before and counts in no rate: many connections take their time to be made. */
  readonly settleSeconds?: number;
  /** Whether to look into refusals for their code, which makes the client slower. */
  readonly readsRefusals?: boolean;
};

/** What came of one stretch of load. The rate counts consumes that were done, and answers where nothing is consumed. */
export type Load = Speed & {
  /** Consumes that were answered as done. */
  readonly confirmed: number;
  /** Consumes on their way when the time was up: the client hung up and never learns what became of them. */
  readonly unanswered: number;
  /** Everything else by code, or by status where no bodies are read, and broken connections under `error`. */
  readonly failed: Readonly<Record<string, number>>;
};

/** Sends the requests; each connection waits for its answer before it sends the next. */
export async function applyLoad(plan: LoadPlan): Promise<Load> {
  const { url, work, connections, seconds, settleSeconds = 0 } = plan;
  const heard = new Heard(plan);
  const hands = deal(heard.listenTo(work.requests), connections);
  const run = autocannon({
    url,
    connections,
    duration: settleSeconds + seconds,
    setupClient: (client) => client.setRequests(hands.next().value ?? []),
  });
  run.on("start", () => heard.start());
  run.on("response", (...[, status, , tookMs]: autocannon.Heard) => heard.answer(status, tookMs));
  const { requests, errors } = await run;
  if (errors > 0) heard.failed["error"] = errors;
  return {
    ...heard.speed(),
    confirmed: work.consumesEach === 0 ? 0 : heard.done,
    unanswered: (requests.sent - heard.answers) * work.consumesEach,
    failed: heard.failed,
  };
}

/** Keeps what the answers say. */
class Heard {
  readonly #plan: LoadPlan;
  readonly #settleMs: number;
  readonly #latenciesMs: number[] = [];
  #startedMs = performance.now();
  #inTime = 0;
  /** Of the answer that is about to be counted. */
  #read: Answer | undefined;
  answers = 0;
  done = 0;
  readonly failed: Record<string, number> = {};

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#settleMs = (plan.settleSeconds ?? 0) * 1_000;
  }

  /** Bodies are read only when somebody wants to know: that makes the client slower. */
  listenTo(requests: readonly autocannon.Request[]): readonly autocannon.Request[] {
    if (!this.#plan.readsRefusals) return requests;
    const onResponse = (status: number, body: string) => {
      this.#read = readAnswer(status, body, this.#each);
    };
    return requests.map((request) => ({ ...request, onResponse }));
  }

  start(): void {
    this.#startedMs = performance.now();
  }

  answer(status: number, tookMs: number): void {
    const { done, refused } = this.#read ?? readAnswer(status, "", this.#each);
    this.#read = undefined;
    this.answers += 1;
    this.done += done;
    for (const code of refused) this.failed[code] = (this.failed[code] ?? 0) + 1;
    if (done === 0 || performance.now() < this.#startedMs + this.#settleMs) return;
    this.#inTime += done;
    this.#latenciesMs.push(tookMs);
  }

  speed(): Speed {
    const elapsedSeconds = (performance.now() - this.#startedMs - this.#settleMs) / 1_000;
    return {
      ratePerSecond: this.#inTime / elapsedSeconds,
      p50Ms: percentile(this.#latenciesMs, 0.5),
      p99Ms: percentile(this.#latenciesMs, 0.99),
    };
  }

  /** Where nothing is consumed, an answer counts as one. */
  get #each(): number {
    return Math.max(1, this.#plan.work.consumesEach);
  }
}

/** One hand for each connection. Where there are fewer requests than connections, all send the same. */
function* deal(requests: readonly autocannon.Request[], connections: number): Generator<autocannon.Request[]> {
  for (let connection = 0; connection < connections; connection += 1) {
    const hand = requests.filter((_, index) => index % connections === connection);
    // A copy each: autocannon writes into what it is given.
    yield (requests.length < connections ? requests : hand).map((request) => ({ ...request }));
  }
}
