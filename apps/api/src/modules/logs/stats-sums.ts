import { DURATION_CLASSES, type LogCounts, percentile, type SpendCounts } from "@jifen/database";

/** Sums of calls and credits that grow. */
export class StatsSums {
  #calls = 0;
  #failures = 0;
  #timed = 0;
  #durationSumMs = 0;
  readonly #classes = Array<number>(DURATION_CLASSES).fill(0);
  readonly #spend = { charges: 0, charged: 0, refunds: 0, refunded: 0 };

  addLogs({ calls, failures, timed, durationSumMs, classes }: LogCounts): void {
    this.#calls += calls;
    this.#failures += failures;
    this.#timed += timed;
    this.#durationSumMs += durationSumMs;
    for (const [at, count] of classes.entries()) this.#classes[at] = (this.#classes[at] ?? 0) + (count ?? 0);
  }

  addSpend({ charges, charged, refunds, refunded }: SpendCounts): void {
    this.#spend.charges += charges;
    this.#spend.charged += charged;
    this.#spend.refunds += refunds;
    this.#spend.refunded += refunded;
  }

  /** As the output of operations. */
  toOutput() {
    const { charges, charged, refunded } = this.#spend;
    return {
      calls: this.#calls,
      failures: this.#failures,
      durationAvgMs: this.#timed === 0 ? null : Math.round(this.#durationSumMs / this.#timed),
      durationP95Ms: percentile(this.#classes, 0.95),
      ...{ charges, charged, refunded, credits: charged - refunded },
    };
  }
}
