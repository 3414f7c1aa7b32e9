import type { Ledger } from "@jifen/ledger";
import type { Answer, Event } from "../checker/event.ts";
import type { Request } from "../model/request.ts";
import { type Asking, ask, look } from "./ask.ts";
import { type History, MAX_BACK, type Move } from "./history.ts";
import { HOUR_MS, type TimeMachine } from "./time-machine.ts";

/** Half an hour away from any moment at which an hour begins, so that nobody has to know when exactly. */
const HALF_HOUR_MS = HOUR_MS / 2;

/** What all histories of a run share. */
export type Stage = {
  /** The same ledger as several processes would have it: each with connections and queues of its own. */
  readonly ledgers: readonly Ledger[];
  readonly time: TimeMachine;
  /** One clock for everything that is asked and answered. */
  readonly tick: () => number;
};

/** Something that can be named later. */
type Made = { readonly account: string; readonly id: string; readonly isCharge: boolean };

/** Plays one history; keeps what was asked and answered. */
export class Player {
  readonly name: string;
  readonly events: Event[] = [];
  readonly #history: History;
  readonly #stage: Stage;
  readonly #asked: Asking[] = [];
  readonly #holds: Made[] = [];
  readonly #lines: Made[] = [];
  #made = 0;

  constructor(name: string, history: History, stage: Stage) {
    this.name = name;
    this.#history = history;
    this.#stage = stage;
  }

  /** Plays one hour: what stands together is sent at once, over all ledgers. */
  async play(hour: number): Promise<void> {
    for (const moves of this.#history[hour] ?? []) {
      await Promise.all(moves.map((move, at) => this.#make(move, at)));
    }
  }

  async #make(move: Move, at: number): Promise<void> {
    const { time, tick, ledgers } = this.#stage;
    const ledger = ledgers[at % ledgers.length] as Ledger;
    const account = `${this.name}-${move.account}`;
    const asking = move.kind === "balance" && !move.again ? undefined : this.#asking(move, account);
    const sent = { sent: tick(), sentMs: time.nowMs, aheadMs: time.aheadMs };
    const answer = asking ? await ask(ledger, asking) : await look(ledger, account);
    const key = asking?.key == null ? null : `caller:${asking.key}`;
    const about = { account: asking?.account ?? account, key, request: asking?.request ?? null };
    this.events.push({ ...about, ...sent, answered: tick(), answer });
    if (asking) this.#remember(asking, answer);
  }

  /** What can be named later. */
  #remember({ account, request: { kind } }: Asking, answer: Answer): void {
    if (answer.is !== "done" || answer.replayed) return;
    const isCharge = kind === "consume" || kind === "capture";
    this.#lines.push({ account, id: answer.line, isCharge });
    if (kind === "hold") this.#holds.push({ account, id: answer.says.subject ?? "", isCharge });
  }

  #asking(move: Move, account: string): Asking {
    this.#made += 1;
    const makes = `${this.name}-made-${this.#made}`;
    const earlier = move.again && last(this.#asked, move.again.back);
    if (earlier) {
      const { request } = earlier;
      const amount = move.again?.amount ?? null;
      const changed = amount === null || !("amount" in request) ? request : { ...request, amount };
      return { ...earlier, makes, request: changed };
    }
    const request = this.#request(move, account);
    const asking: Asking = { account, key: move.key === null ? null : `key-${move.key}`, request, makes };
    this.#asked.push(asking);
    return asking;
  }

  #request({ kind, amount, action, by, priority, isAll, back, ...move }: Move, account: string): Request {
    const part = isAll ? null : amount;
    const ttlSeconds = (move.ttlHours * HOUR_MS - HALF_HOUR_MS) / 1_000;
    const holds = named(this.#holds, { account, isStrange: back === MAX_BACK });
    const hold = last(holds, back)?.id ?? "a-hold-that-never-was";
    const lines = named(this.#lines, { account, isStrange: back === MAX_BACK });
    const charges = back === MAX_BACK ? lines : lines.filter(({ isCharge }) => isCharge);
    switch (kind) {
      case "grant":
      case "balance": {
        const { beganMs } = this.#stage.time;
        const expiresAtMs = move.lifeHours === null ? null : beganMs + move.lifeHours * HOUR_MS - HALF_HOUR_MS;
        // What is given lasts for a while.
        return { kind: "grant", amount: amount * 8, priority, expiresAtMs };
      }
      case "consume":
      case "revoke":
        return { kind, amount, action };
      case "hold":
        return { kind, amount, action, by, ttlSeconds };
      case "extend":
      case "capture":
      case "release":
        // Where there is no hold yet, one is placed more often than one that never was is named.
        if (holds.length === 0 && back > 0) return { kind: "hold", amount, action, by, ttlSeconds };
        if (kind === "extend") return { kind, hold, by, ttlSeconds };
        return kind === "capture" ? { kind, hold, by, amount: part } : { kind, hold, by };
      case "refund":
        if (charges.length === 0 && back > 0) return { kind: "consume", amount, action };
        return { kind, charge: last(charges, back)?.id ?? "a-charge-that-never-was", amount: part };
      default:
        return kind satisfies never;
    }
  }
}

/** What an account may name: its own, or, when it is to be refused, what is anybody's. */
const named = (made: readonly Made[], by: { readonly account: string; readonly isStrange: boolean }) =>
  by.isStrange ? made : made.filter(({ account }) => account === by.account);

const last = <Value>(all: readonly Value[], back: number): Value | undefined => all[Math.max(0, all.length - 1 - back)];

const PAGE = 500;
const MAX_PAGES = 100;

/** Books what is due everywhere, as several processes do at once. @throws Error when one of them fails. */
export async function sweepAll(ledgers: readonly Ledger[]): Promise<void> {
  const sweep = async (ledger: Ledger) => {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { due, failures } = await ledger.sweep(PAGE);
      if (failures.size > 0) throw new Error(`what was due could not be booked: ${[...failures.values()].join("; ")}`);
      if (due === 0) return;
    }
    throw new Error("accounts are due again and again, however often what is due is booked");
  };
  await Promise.all(ledgers.map(sweep));
}
