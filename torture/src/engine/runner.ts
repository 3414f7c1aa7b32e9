import type { Ledger } from "@jifen/ledger";
import type { ModelRequest } from "@jifen/testkit/ledger-model";
import type { Answer, Event } from "../checker/event.ts";
import { type History, MAX_BACK, type Step } from "./history.ts";
import { authorOf, extraRowIdOf, type Invocation, invoke, readBalance } from "./invoke.ts";
import { HOUR_MS, type TimeMachine } from "./time-machine.ts";
import { untilAvailable } from "./until-available.ts";

/** All expiries are half an hour away from the start of an hour, so that its exact time does not matter. */
const HALF_HOUR_MS = HOUR_MS / 2;

/** What all histories of a batch share. */
export type RunContext = {
  /** Several ledgers on one database, as in several processes. */
  readonly ledgers: readonly Ledger[];
  readonly time: TimeMachine;
  /** A logical clock that orders all requests and answers. */
  readonly tick: () => number;
};

/** The id of a hold or an entry that a later request can refer to. */
type KnownId = { readonly account: string; readonly id: string; readonly isCharge: boolean };

/** Runs one history and records its requests and answers. */
export class HistoryRunner {
  readonly name: string;
  readonly events: Event[] = [];
  readonly #history: History;
  readonly #context: RunContext;
  readonly #invocations: Invocation[] = [];
  readonly #grants: KnownId[] = [];
  readonly #holds: KnownId[] = [];
  readonly #entries: KnownId[] = [];
  #created = 0;

  constructor(name: string, history: History, context: RunContext) {
    this.name = name;
    this.#history = history;
    this.#context = context;
  }

  /** Runs one hour: each group of steps is sent concurrently, over all ledgers. */
  async run(hour: number): Promise<void> {
    for (const steps of this.#history[hour] ?? []) {
      await Promise.all(steps.map((step, at) => this.#runStep(step, at)));
    }
  }

  async #runStep(step: Step, at: number): Promise<void> {
    const { time, tick, ledgers } = this.#context;
    const ledger = ledgers[at % ledgers.length] as Ledger;
    const account = `${this.name}-${step.account}`;
    const invocation = step.kind === "balance" && !step.again ? undefined : this.#toInvocation(step, account);
    const sent = { sent: tick(), sentMs: time.nowMs, clockOffsetMs: time.clockOffsetMs };
    const answer = invocation ? await invoke(ledger, invocation) : await readBalance(ledger, account);
    const key = invocation?.key == null ? null : `caller:${invocation.key}`;
    const request = { account: invocation?.account ?? account, key, request: invocation?.request ?? null };
    const author = invocation ? authorOf(invocation) : null;
    const extraRowId = invocation && extraRowIdOf(invocation);
    this.events.push({ ...request, author, ...sent, answered: tick(), answer, extraRowId });
    if (invocation) this.#remember(invocation, answer);
  }

  /** Remembers ids that later requests can refer to. */
  #remember({ account, request: { kind } }: Invocation, answer: Answer): void {
    if (answer.is !== "done" || answer.replayed) return;
    const isCharge = kind === "consume" || kind === "capture";
    this.#entries.push({ account, id: answer.entryId, isCharge });
    if (kind === "grant") this.#grants.push({ account, id: answer.entry.subject ?? "", isCharge });
    if (kind === "hold") this.#holds.push({ account, id: answer.entry.subject ?? "", isCharge });
  }

  #toInvocation(step: Step, account: string): Invocation {
    this.#created += 1;
    const newId = `${this.name}-created-${this.#created}`;
    const earlier = step.again && last(this.#invocations, step.again.back);
    if (earlier) {
      const { request } = earlier;
      const amount = step.again?.amount ?? null;
      const changed = amount === null || !("amount" in request) ? request : { ...request, amount };
      return { ...earlier, newId, request: changed };
    }
    const request = this.#request(step, account);
    const invocation: Invocation = { account, key: step.key === null ? null : `key-${step.key}`, request, newId };
    this.#invocations.push(invocation);
    return invocation;
  }

  #request({ kind, amount, action, by, priority, isAll, back, ...step }: Step, account: string): ModelRequest {
    const part = isAll ? null : amount;
    const ttlSeconds = (step.ttlHours * HOUR_MS - HALF_HOUR_MS) / 1_000;
    const holds = knownIds(this.#holds, { account, ofAnyAccount: back === MAX_BACK });
    const hold = last(holds, back)?.id ?? "no-such-hold";
    const entries = knownIds(this.#entries, { account, ofAnyAccount: back === MAX_BACK });
    const charges = back === MAX_BACK ? entries : entries.filter(({ isCharge }) => isCharge);
    switch (kind) {
      case "grant":
      case "balance": {
        const { startMs } = this.#context.time;
        const expiresAtMs = step.lifeHours === null ? null : startMs + step.lifeHours * HOUR_MS - HALF_HOUR_MS;
        // Grants are larger than charges, so that most charges succeed.
        return { kind: "grant", amount: amount * 8, priority, expiresAtMs };
      }
      case "consume":
        return { kind, amount, action };
      case "revoke": {
        const grants = knownIds(this.#grants, { account, ofAnyAccount: back === MAX_BACK });
        const bucket = step.ofGrant ? (last(grants, back)?.id ?? "no-such-grant") : null;
        return { kind, amount, action, bucket, atMost: step.atMost };
      }
      case "hold":
        return { kind, amount, action, by, ttlSeconds };
      case "extend":
      case "capture":
      case "release":
        // Without a hold yet, most steps place one instead of referring to a missing one.
        if (holds.length === 0 && back > 0) return { kind: "hold", amount, action, by, ttlSeconds };
        if (kind === "extend") return { kind, hold, by, ttlSeconds };
        return kind === "capture" ? { kind, hold, by, amount: part, metadata: step.metadata } : { kind, hold, by };
      case "refund":
        if (charges.length === 0 && back > 0) return { kind: "consume", amount, action };
        return { kind, charge: last(charges, back)?.id ?? "no-such-charge", amount: part };
      default:
        return kind satisfies never;
    }
  }
}

/** The ids of an account, or of all accounts, to get refusals. */
const knownIds = (all: readonly KnownId[], by: { readonly account: string; readonly ofAnyAccount: boolean }) =>
  by.ofAnyAccount ? all : all.filter(({ account }) => account === by.account);

const last = <Value>(all: readonly Value[], back: number): Value | undefined => all[Math.max(0, all.length - 1 - back)];

const PAGE = 500;
const MAX_PAGES = 100;

/** Sweeps with all ledgers concurrently. @throws Error when a sweep fails. */
export async function sweepAll(ledgers: readonly Ledger[]): Promise<void> {
  const sweep = async (ledger: Ledger) => {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { due, failures } = await untilAvailable(() => ledger.sweep(PAGE));
      if (failures.size > 0)
        throw new Error(`expirations could not be processed: ${[...failures.values()].join("; ")}`);
      if (due === 0) return;
    }
    throw new Error("the sweep never ends: accounts stay expired");
  };
  await Promise.all(ledgers.map(sweep));
}
