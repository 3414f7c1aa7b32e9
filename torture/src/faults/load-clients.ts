import { setTimeout } from "node:timers/promises";
import type { ModelRequest } from "@jifen/testkit/ledger-model";
import type { ClientHistory } from "./client-history.ts";
import type { Random } from "./random.ts";
import { type Call, send, type TestUser } from "./send.ts";

/** What load clients need. */
export type LoadClientDeps = {
  readonly history: ClientHistory;
  readonly users: readonly TestUser[];
  readonly admin: TestUser;
  readonly random: Random;
  /** The URL of a server, which may be down. */
  readonly url: () => string;
  /** How long a client waits between two requests, on average. Default: not at all. */
  readonly pauseMs?: number;
};

const CLIENTS_PER_USER = 3;
/** How long a request is retried before its unknown outcome is a finding. */
const RETRY_WITHIN_MS = 60_000;
/** How long effects are waited for. Otherwise it takes about a second. */
const EFFECTS_WITHIN_MS = 60_000;

/** A user with the grants, holds and charges that a request can refer to. */
type ClientState = {
  readonly user: TestUser;
  readonly grants: string[];
  readonly holds: string[];
  readonly charges: string[];
};

/** Clients that send random requests concurrently, and retry each under the same key until its outcome is known. */
export class LoadClients {
  readonly #deps: LoadClientDeps;
  readonly #states: readonly ClientState[];
  readonly #counts = { sent: 0, retried: 0, effects: 0 };
  #isStopping = false;
  #running: Promise<unknown> | undefined;

  constructor(deps: LoadClientDeps) {
    this.#deps = deps;
    this.#states = deps.users.map((user) => ({ user, grants: [], holds: [], charges: [] }));
  }

  /** How many requests were sent, how many of them had an unknown outcome first, and how many had an effect. */
  get counts(): { readonly sent: number; readonly retried: number; readonly effects: number } {
    return this.#counts;
  }

  /** Grants every user credits. */
  async fund(amount: number): Promise<void> {
    const request: ModelRequest = { kind: "grant", amount, priority: 50, expiresAtMs: null };
    await Promise.all(this.#states.map((state) => this.#sendUntilKnown(state, request)));
  }

  start(): void {
    this.#isStopping = false;
    const clients = this.#states.flatMap((state) => Array.from({ length: CLIENTS_PER_USER }, () => this.#run(state)));
    this.#running = Promise.all(clients);
  }

  /**
   * Waits until this many more requests have had an effect, however slow the machine is. After faults this proves that the
   * servers work again. Too few effects within a minute are a finding.
   */
  async waitForEffects(count: number): Promise<void> {
    const [before, beganMs] = [this.#counts.effects, Date.now()];
    const effects = () => this.#counts.effects - before;
    while (effects() < count && Date.now() - beganMs < EFFECTS_WITHIN_MS) await setTimeout(5);
    if (effects() >= count) return;
    const { history } = this.#deps;
    history.addFinding(`only ${effects()} of ${count} requests had an effect within ${EFFECTS_WITHIN_MS} ms`);
  }

  /** Stops the clients. Resolves when the outcome of every request is known. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async #run(state: ClientState): Promise<void> {
    const { random, pauseMs = 0 } = this.#deps;
    while (!this.#isStopping) {
      await this.#sendUntilKnown(state, this.#createRequest(state));
      if (pauseMs > 0) await setTimeout(random.below(2 * pauseMs));
    }
  }

  async #sendUntilKnown(state: ClientState, request: ModelRequest | null): Promise<void> {
    const { history, admin, url, random } = this.#deps;
    this.#counts.sent += 1;
    // A request without a key cannot be retried: it has zero effects or one. For an extension or a grant the journal does not
    // hold enough to recognise it without a key.
    const isKeyed = request?.kind === "extend" || request?.kind === "grant" || random.below(8) > 0;
    const key = request === null || !isKeyed ? null : `request-${this.#counts.sent}`;
    let mayBeDone = false;
    for (let [began, attempt] = [Date.now(), 0]; ; attempt += 1) {
      const requestId = `attempt-${this.#counts.sent}-${attempt}`;
      const call: Call = { user: state.user, admin, key, request, requestId };
      const record = history.begin(call);
      const result = await send(url(), call);
      record(result);
      if (result.is === "done" && result.replayed && !mayBeDone) {
        const name = key ?? "a request without a key";
        history.addFinding(`M6 ${name} was a replay, although every answer so far said that nothing was done`);
      }
      // A replay repeats the answer of an effect that may be older than the faults.
      if (result.is === "done" && !result.replayed) this.#counts.effects += 1;
      if (result.is === "done")
        this.#remember(state, { request, entryId: result.entryId, subject: result.entry.subject });
      if (result.is !== "unknown" && result.is !== "nothing done") return;
      if (result.is === "unknown" && key === null) return;
      if (!mayBeDone && result.is === "unknown") this.#counts.retried += 1;
      mayBeDone ||= result.is === "unknown";
      if (Date.now() - began > RETRY_WITHIN_MS) {
        history.addFinding(`the outcome of ${key} was still unknown after ${RETRY_WITHIN_MS} ms`);
        return;
      }
      await setTimeout(10 + random.below(60));
    }
  }

  #remember(
    { grants, holds, charges }: ClientState,
    done: {
      readonly request: ModelRequest | null;
      readonly entryId: string;
      readonly subject: string | null | undefined;
    },
  ): void {
    const { kind } = done.request ?? { kind: null };
    if (kind === "grant" && done.subject) grants.push(done.subject);
    if (kind === "hold" && done.subject) holds.push(done.subject);
    if (kind === "consume" || kind === "capture") charges.push(done.entryId);
    // A few of them, so that several clients refer to the same one.
    for (const known of [grants, holds, charges]) if (known.length > 6) known.shift();
  }

  #createRequest({ grants, holds, charges, user }: ClientState): ModelRequest | null {
    const { random } = this.#deps;
    const amount = 1 + random.below(8);
    const action = random.of(["video", "image"]);
    const by = user.account;
    const ttlSeconds = random.of([1, 1, 2, 600]);
    const hold = holds.length > 0 ? random.of(holds) : undefined;
    const charge = charges.length > 0 ? random.of(charges) : undefined;
    const part = random.of([null, 1, 2, amount]);
    const metadata = random.of([null, null, '{"seconds":5}']);
    switch (random.below(16)) {
      case 0:
        return { kind: "grant", amount: amount * 4, priority: random.of([20, 50]), expiresAtMs: null };
      case 1:
        return { kind: "grant", amount: amount * 8, priority: 20, expiresAtMs: Date.now() + 1_500 };
      case 2:
        return { kind: "revoke", amount, action, bucket: random.of([null, ...grants]), atMost: random.below(2) === 0 };
      case 3:
      case 4:
      case 5:
        return { kind: "hold", amount, action, by, ttlSeconds };
      case 6:
      case 7:
      case 8:
        return hold === undefined ? null : { kind: "capture", hold, by, amount: part, metadata };
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
