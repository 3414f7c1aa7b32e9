import { FairQueue } from "./fair-queue.ts";

/**
 * `money`: a ledger command with a credential that was verified before. `known`: any other request with such a credential.
 * `other`: everything else, among it every request that is refused.
 */
export type Priority = "money" | "known" | "other";

/** A request that can be handled now or later. */
export type Schedulable = {
  /** Called only while the server is busy. `group`: requests of one group do not delay those of another. */
  readonly classify: () => { readonly priority: Priority; readonly group: string };
  readonly handle: () => void;
};

/** What one turn of the event loop may spend on requests. */
export type TurnLimits = {
  readonly moneyMs: number;
  /** For everything that is not money: while ledger commands arrive, and without them. */
  readonly others: Readonly<Record<"besideMoney" | "alone", { readonly ms: number; readonly requests: number }>>;
};

/** How long after a ledger command the others still make way for the next one. */
const MONEY_RECENT_MS = 1_000;

const defaults: TurnLimits = {
  moneyMs: 50,
  others: { besideMoney: { ms: 2, requests: 64 }, alone: { ms: 20, requests: 512 } },
};

/**
 * Decides when a request is handled: immediately, until the turn of the event loop has spent its time; the rest waits for
 * the next turns, ledger commands first, and each caller in turn.
 *
 * Without it, 1,024 busy connections stop everything else for seconds: libuv polls up to 48 times in a row as long as each
 * poll returns a full 1,024 events, and neither setImmediate nor a timer runs in between. The group commit waits for
 * setImmediate, so it waited for 49,152 requests. A connection whose request waits sends no events, so the poll ends.
 */
export class RequestScheduler {
  readonly #limits: TurnLimits;
  readonly #nowMs: () => number;
  readonly #queues = {
    money: new FairQueue<Schedulable>(),
    known: new FairQueue<Schedulable>(),
    other: new FairQueue<Schedulable>(),
  };
  #turn: { readonly startedAtMs: number; others: number } | undefined;
  #moneyAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number = () => performance.now(), limits: TurnLimits = defaults) {
    this.#nowMs = nowMs;
    this.#limits = limits;
  }

  /** A ledger command was admitted: the others make way for the next ones. */
  noteMoney(): void {
    this.#moneyAtMs = this.#nowMs();
  }

  /** Handles a request now or in one of the next turns. */
  schedule(request: Schedulable): void {
    this.#turn ??= this.#startTurn();
    if (this.#waiting === 0 && this.#hasTimeForOthers()) {
      this.#turn.others += 1;
      request.handle();
      return;
    }
    const { priority, group } = request.classify();
    if (priority === "money" && this.#queues.money.size === 0 && this.#hasTimeForMoney()) {
      request.handle();
      return;
    }
    this.#queues[priority].add(group, request);
  }

  get #waiting(): number {
    return this.#queues.money.size + this.#queues.known.size + this.#queues.other.size;
  }

  #startTurn() {
    setImmediate(() => this.#endTurn());
    return { startedAtMs: this.#nowMs(), others: 0 };
  }

  /** Runs after everything that has arrived was read: the next turn begins with what waits. */
  #endTurn(): void {
    this.#turn = undefined;
    if (this.#waiting === 0) return;
    this.#turn = this.#startTurn();
    while (this.#queues.money.size > 0 && this.#hasTimeForMoney()) this.#queues.money.take()?.handle();
    // Their time begins after the money's, so that money alone never stops them.
    const turn = { ...this.#turn, startedAtMs: this.#nowMs() };
    this.#turn = turn;
    while (this.#queues.known.size + this.#queues.other.size > 0 && this.#hasTimeForOthers()) {
      const isKnownNext = this.#queues.other.size === 0 || (turn.others % 2 === 0 && this.#queues.known.size > 0);
      turn.others += 1;
      (isKnownNext ? this.#queues.known : this.#queues.other).take()?.handle();
    }
  }

  #hasTimeForMoney = (): boolean => this.#elapsedMs < this.#limits.moneyMs;

  #hasTimeForOthers(): boolean {
    const { besideMoney, alone } = this.#limits.others;
    const isBesideMoney = this.#nowMs() - this.#moneyAtMs < MONEY_RECENT_MS;
    const { ms, requests } = isBesideMoney ? besideMoney : alone;
    return (this.#turn?.others ?? 0) < requests && this.#elapsedMs < ms;
  }

  get #elapsedMs(): number {
    return this.#turn === undefined ? 0 : this.#nowMs() - this.#turn.startedAtMs;
  }
}
