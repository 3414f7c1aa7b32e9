import type { FromGateway, Gateway } from "@jifen/billing";
import { refuse } from "@jifen/core";
import type { ChannelMonitor } from "./channel-monitor.ts";

/** After so many failures in a row, a channel is not called for a while. */
const FAILURES_BEFORE_REST = 5;
const REST_MS = 30_000;

/** The calls of one channel, so that a provider that does not answer is left alone for a while. */
export class ChannelCalls {
  readonly gateway: Gateway;
  readonly #monitor: ChannelMonitor;
  readonly #nowMs: () => number;
  #failures = 0;
  #restsUntilMs = 0;

  constructor(
    gateway: Gateway,
    { monitor, nowMs }: { readonly monitor: ChannelMonitor; readonly nowMs: () => number },
  ) {
    this.gateway = gateway;
    this.#monitor = monitor;
    this.#nowMs = nowMs;
  }

  /** Whether the channel is left alone. After that, one failure is enough for the next rest. */
  get isResting(): boolean {
    return this.#nowMs() < this.#restsUntilMs;
  }

  /** Calls the provider, or returns GATEWAY_UNAVAILABLE while the channel rests. */
  async run<Value>(call: (gateway: Gateway) => FromGateway<Value>): FromGateway<Value> {
    if (this.isResting) return refuse({ code: "GATEWAY_UNAVAILABLE", reason: "the channel rests after failures" });
    const outcome = await call(this.gateway);
    const failure = outcome.ok || outcome.refusal.code === "GATEWAY_REFUSED" ? undefined : outcome.refusal;
    // What concerns one order says nothing about the others: they must not wait for it.
    if (!failure?.isOfOrder) this.#failures = failure ? this.#failures + 1 : 0;
    if (this.#failures >= FAILURES_BEFORE_REST) this.#restsUntilMs = this.#nowMs() + REST_MS;
    this.#monitor.noteQuery(this.gateway, failure);
    return outcome;
  }
}
