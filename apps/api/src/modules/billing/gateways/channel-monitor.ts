import type { Gateway, GatewayFailure } from "@jifen/billing";
import type { ChannelNews, ChannelStore } from "@jifen/database";
import { failureText } from "@jifen/gateways";
import type { Logger } from "pino";

/** Between two writes about a channel: notices can be many. */
const PAUSE_MS = 5_000;
const MAX_ERROR_LENGTH = 500;

/** What is new of a channel and not written yet. */
type Pending = ChannelNews & { readonly badCount: number };

/** Keeps in the database what was last heard of each channel, for operators. It can lose some seconds of it. */
export class ChannelMonitor {
  readonly #store: ChannelStore;
  readonly #nowMs: () => number;
  readonly #log: Logger;
  readonly #pending = new Map<string, Pending>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor({
    store,
    nowMs,
    log,
  }: { readonly store: ChannelStore; readonly nowMs: () => number; readonly log: Logger }) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#log = log;
  }

  /** A notice with a valid signature. */
  noteNotice(gateway: Gateway): void {
    this.#add(gateway, { lastNoticeMs: this.#nowMs() });
  }

  /** A notice that was refused. */
  noteBadNotice(gateway: Gateway, reason: string): void {
    this.#add(gateway, { lastBadMs: this.#nowMs(), lastBadReason: reason, badCount: 1 });
  }

  /** An answer to a call, or its failure. */
  noteQuery(gateway: Gateway, failure: GatewayFailure | undefined): void {
    const nowMs = this.#nowMs();
    this.#add(
      gateway,
      failure
        ? { lastError: failureText(failure).slice(0, MAX_ERROR_LENGTH), lastErrorMs: nowMs }
        : { lastQueryMs: nowMs },
    );
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all([...this.#pending.keys()].map((channel) => this.#write(channel)));
  }

  #add({ channel, merchant }: Gateway, news: Partial<ChannelNews>): void {
    const before = this.#pending.get(channel);
    const badCount = (before?.badCount ?? 0) + (news.badCount ?? 0);
    this.#pending.set(channel, { ...before, ...news, channel, merchant, badCount });
    if (this.#timers.has(channel)) return;
    void this.#write(channel);
    const timer = setTimeout(() => {
      this.#timers.delete(channel);
      void this.#write(channel);
    }, PAUSE_MS);
    this.#timers.set(channel, timer.unref());
  }

  async #write(channel: string): Promise<void> {
    const news = this.#pending.get(channel);
    if (!news) return;
    this.#pending.delete(channel);
    await this.#store.note(news).catch((error: unknown) => this.#log.debug({ err: error, channel }, "not noted"));
  }
}
