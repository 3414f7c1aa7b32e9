import { setTimeout } from "node:timers/promises";
import type { ModelRequest } from "@jifen/testkit/ledger-model";
import { type Call, call, type Person } from "./call.ts";
import type { Notebook } from "./client-history.ts";
import type { Random } from "./random.ts";

/** What a crowd needs. */
export type CrowdDeps = {
  readonly notebook: Notebook;
  readonly people: readonly Person[];
  readonly admin: Person;
  readonly random: Random;
  /** A server that may be there. */
  readonly url: () => string;
};

/** How many ask for each person at the same time. */
const EACH = 3;
/** How long an unknown outcome is asked for before that is a finding of its own. */
const SETTLE_WITHIN_MS = 60_000;

/** What is known of a person: what can be named in a request. */
type Known = { readonly person: Person; readonly holds: string[]; readonly charges: string[] };

/** People who ask for all kinds of things at once, and go on asking under the same key until they know what became of it. */
export class Crowd {
  readonly #deps: CrowdDeps;
  readonly #known: readonly Known[];
  readonly #counts = { asked: 0, settled: 0 };
  #isStopping = false;
  #running: Promise<unknown> | undefined;

  constructor(deps: CrowdDeps) {
    this.#deps = deps;
    this.#known = deps.people.map((person) => ({ person, holds: [], charges: [] }));
  }

  /** How many requests were made, and how many of them had to be asked for again before their outcome was known. */
  get counts(): { readonly asked: number; readonly settled: number } {
    return this.#counts;
  }

  /** Gives everybody something to begin with. */
  async fund(amount: number): Promise<void> {
    const request: ModelRequest = { kind: "grant", amount, priority: 50, expiresAtMs: null };
    await Promise.all(this.#known.map((known) => this.#untilKnown(known, request)));
  }

  start(): void {
    this.#isStopping = false;
    this.#running = Promise.all(this.#known.flatMap((known) => Array.from({ length: EACH }, () => this.#live(known))));
  }

  /** Lets everybody find out what became of what they asked last. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async #live(known: Known): Promise<void> {
    while (!this.#isStopping) await this.#untilKnown(known, this.#request(known));
  }

  async #untilKnown(known: Known, request: ModelRequest | null): Promise<void> {
    const { notebook, admin, url, random } = this.#deps;
    this.#counts.asked += 1;
    // Without a key nobody can ask again: then there are zero effects or one, and nobody knows. Of an extension and of a
    // grant the journal does not say enough to know them by.
    const isKeyed = request?.kind === "extend" || request?.kind === "grant" || random.below(8) > 0;
    const isBare = request === null || !isKeyed;
    const key = isBare ? null : `request-${this.#counts.asked}`;
    const asked: Call = { person: known.person, admin, key, request };
    let mayBeDone = false;
    for (const began = Date.now(); ; ) {
      const write = notebook.sending(asked);
      const heard = await call(url(), asked);
      write(heard);
      if (heard.is === "done" && heard.replayed && !mayBeDone) {
        notebook.find(
          `M6 ${key ?? "what came without a key"} was done before, and every answer so far said that nothing was done`,
        );
      }
      if (heard.is === "done") this.#remember(known, { request, entryId: heard.entryId, subject: heard.entry.subject });
      if (heard.is !== "unknown" && heard.is !== "nothing done") return;
      if (heard.is === "unknown" && key === null) return;
      if (!mayBeDone && heard.is === "unknown") this.#counts.settled += 1;
      mayBeDone ||= heard.is === "unknown";
      if (Date.now() - began > SETTLE_WITHIN_MS) {
        notebook.find(`nobody could say within ${SETTLE_WITHIN_MS} ms what became of ${key}`);
        return;
      }
      await setTimeout(10 + random.below(60));
    }
  }

  #remember(
    { holds, charges }: Known,
    done: {
      readonly request: ModelRequest | null;
      readonly entryId: string;
      readonly subject: string | null | undefined;
    },
  ): void {
    const { kind } = done.request ?? { kind: null };
    if (kind === "hold" && done.subject) holds.push(done.subject);
    if (kind === "consume" || kind === "capture") charges.push(done.entryId);
    // The last few are enough to meet over.
    if (holds.length > 6) holds.shift();
    if (charges.length > 6) charges.shift();
  }

  #request({ holds, charges }: Known): ModelRequest | null {
    const { random } = this.#deps;
    const amount = 1 + random.below(8);
    const action = random.of(["video", "image"]);
    const by = "user";
    const ttlSeconds = random.of([1, 1, 2, 600]);
    const hold = holds.length > 0 ? random.of(holds) : undefined;
    const charge = charges.length > 0 ? random.of(charges) : undefined;
    const part = random.of([null, 1, 2, amount]);
    switch (random.below(16)) {
      case 0:
        return { kind: "grant", amount: amount * 4, priority: random.of([20, 50]), expiresAtMs: null };
      case 1:
        return { kind: "grant", amount: amount * 8, priority: 20, expiresAtMs: Date.now() + 1_500 };
      case 2:
        return { kind: "revoke", amount, action };
      case 3:
      case 4:
      case 5:
        return { kind: "hold", amount, action, by, ttlSeconds };
      case 6:
      case 7:
      case 8:
        return hold === undefined ? null : { kind: "capture", hold, by, amount: part };
      case 9:
        return hold === undefined ? null : { kind: "release", hold, by };
      case 10:
        return hold === undefined ? null : { kind: "extend", hold, by, ttlSeconds };
      case 11:
      case 12:
        return charge === undefined ? null : { kind: "refund", charge, amount: part };
      case 13:
        return null;
      default:
        return { kind: "consume", amount, action };
    }
  }
}
