import type { UserId } from "@jifen/core";
import { eventText, HEARTBEAT_TEXT, type LiveEvent, reconnectText } from "./event-text.ts";

/** What a stream can show. */
export type LiveKind = "log" | "balance";

/** How many characters wait for a client at most. What does not fit is replaced by `resync`. */
const MAX_WAITING = 262_144;

type Balance = { readonly balance: number; readonly held: number };

/**
 * One stream: what waits until its client reads. The client never makes it wait for more than one balance, `resync`, and a
 * bounded text of logs.
 */
export class Subscriber {
  readonly userId: UserId;
  #kinds: ReadonlySet<LiveKind>;
  #logs: string[] = [];
  #waiting = 0;
  #resyncAtMs: number | undefined;
  #balance: (LiveEvent & { readonly kind: "balance" }) | undefined;
  #lastBalance: Balance | undefined;
  #isHeartbeatDue = false;
  #reconnectMs: number | undefined;
  #isEnded = false;
  #isHeld = false;
  #wake: (() => void) | undefined;

  constructor(userId: UserId, kinds: ReadonlySet<LiveKind>) {
    this.userId = userId;
    this.#kinds = kinds;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether a balance was delivered to it. */
  get hasBalance(): boolean {
    return this.#lastBalance !== undefined;
  }

  /** What it may see at present. */
  shows(kind: LiveKind): boolean {
    return this.#kinds.has(kind);
  }

  /** Shows nothing until `restrictTo`: what it may see cannot be found out. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Sets what it may still see, and ends the stream when that is nothing. */
  restrictTo(allowed: (kind: LiveKind) => boolean): void {
    this.#isHeld = false;
    this.#kinds = new Set([...this.#kinds].filter(allowed));
    if (!this.#kinds.has("log")) this.#dropLogs();
    if (!this.#kinds.has("balance")) this.#balance = undefined;
    if (this.#kinds.size === 0) this.end();
    else this.#wake?.();
  }

  /** Adds an event, unless it may not see it, or has that balance already. */
  deliver(event: LiveEvent): void {
    if (this.#isEnded || !this.shows(event.kind === "balance" ? "balance" : "log")) return;
    switch (event.kind) {
      case "log":
        this.#addLog(event);
        break;
      case "balance":
        if (isSame(this.#lastBalance, event.data)) return;
        [this.#balance, this.#lastBalance] = [event, event.data];
        break;
      case "resync":
        this.#resync(event.atMs);
        break;
      default:
        event satisfies never;
    }
    this.#wake?.();
  }

  beat(): void {
    this.#isHeartbeatDue = true;
    this.#wake?.();
  }

  /** Ends the stream when what waits was read. @param reconnectMs asks the client to come again after this time */
  end(reconnectMs?: number): void {
    if (this.#isHeld) this.#dropLogs();
    if (this.#isHeld) this.#balance = undefined;
    this.#isHeld = false;
    this.#reconnectMs = reconnectMs;
    this.#isEnded = true;
    this.#wake?.();
  }

  /** All that waits, as soon as something does; undefined at the end. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const text = this.#take();
      if (text !== "") return text;
      if (this.#isEnded) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  #addLog(event: LiveEvent): void {
    const text = eventText(event);
    this.#waiting += text.length;
    // Logs that come after `resync` are in the lists that the client then reads.
    if (this.#resyncAtMs !== undefined || this.#waiting > MAX_WAITING) this.#resync(event.atMs);
    else this.#logs.push(text);
  }

  #resync(atMs: number): void {
    this.#dropLogs();
    this.#resyncAtMs = atMs;
  }

  #dropLogs(): void {
    this.#logs = [];
    this.#waiting = 0;
    this.#resyncAtMs = undefined;
  }

  #take(): string {
    if (this.#isHeld) return "";
    const resync =
      this.#resyncAtMs === undefined ? "" : eventText({ kind: "resync", atMs: this.#resyncAtMs, data: {} });
    const parts = [resync, ...this.#logs, this.#balance ? eventText(this.#balance) : ""];
    const text = parts.join("") || (this.#isHeartbeatDue ? HEARTBEAT_TEXT : "");
    const farewell = this.#reconnectMs === undefined ? "" : reconnectText(this.#reconnectMs);
    this.#dropLogs();
    [this.#balance, this.#isHeartbeatDue, this.#reconnectMs] = [undefined, false, undefined];
    return `${text}${farewell}`;
  }
}

const isSame = (one: Balance | undefined, other: Balance): boolean =>
  one?.balance === other.balance && one.held === other.held;
