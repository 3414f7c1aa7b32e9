import type { EntryResult, LogResult } from "./send-logs.ts";
import type { SentLog } from "./sent-log.ts";

/** What the clients know about one log. */
export type KnownLog = {
  readonly log: SentLog;
  /** How often it was sent. */
  attempts: number;
  /** The id in its acknowledgements; undefined before the first one. */
  logId: string | undefined;
  /** How many acknowledgements say that their own request wrote it. */
  writes: number;
  /** When it was sent first, and acknowledged last. */
  readonly sentMs: number;
  answeredMs: number;
};

/** A charge of a user that logs name, as the clients know it. */
export type KnownCharge = { readonly account: string; readonly amount: number; refunded: number };

/** The history of all logs and charges, as the clients saw them. */
export class LogHistory {
  readonly findings: string[] = [];
  readonly charges = new Map<string, KnownCharge>();
  readonly #logs = new Map<string, KnownLog>();
  /** How many logs were acknowledged. */
  acknowledged = 0;
  /** How often each result came. */
  readonly tally = new Map<string, number>();

  /** Every log that was sent. */
  get logs(): readonly KnownLog[] {
    return [...this.#logs.values()];
  }

  /** Records that logs are sent. @returns a function that records the result */
  begin(logs: readonly SentLog[]): (result: LogResult) => void {
    const known = logs.map((log) => this.#knownOf(log));
    for (const each of known) each.attempts += 1;
    return (result) => {
      if (result.is !== "done") {
        this.#count(result.is, logs.length);
        if (result.is === "failed") this.findings.push(`a request was answered with ${result.error}`);
        return;
      }
      if (result.results.length !== logs.length) this.findings.push("a batch has a wrong number of results");
      for (const [at, each] of result.results.entries()) this.#acknowledge(known[at] as KnownLog, each);
    };
  }

  #knownOf(log: SentLog): KnownLog {
    const known = this.#logs.get(log.reference);
    if (known) return known;
    const nowMs = Date.now();
    const created: KnownLog = { log, attempts: 0, logId: undefined, writes: 0, sentMs: nowMs, answeredMs: nowMs };
    this.#logs.set(log.reference, created);
    return created;
  }

  #acknowledge(known: KnownLog, result: EntryResult): void {
    const { reference } = known.log;
    if ("code" in result) {
      this.findings.push(`${reference} was refused with ${result.code}`);
      return;
    }
    const { logId, replayed } = result;
    this.#count(replayed ? "replayed" : "written", 1);
    if (known.logId !== undefined && known.logId !== logId) {
      this.findings.push(`${reference} was acknowledged as ${known.logId} and as ${logId}`);
    }
    if (!replayed) known.writes += 1;
    if (known.writes > 1) this.findings.push(`${reference} was acknowledged as written ${known.writes} times`);
    if (replayed && known.attempts === 1) this.findings.push(`${reference} was a replay of a log that was never sent`);
    if (known.logId === undefined) this.acknowledged += 1;
    known.logId = logId;
    known.answeredMs = Date.now();
  }

  #count(name: string, times: number): void {
    this.tally.set(name, (this.tally.get(name) ?? 0) + times);
  }
}
