import { setTimeout } from "node:timers/promises";
import type { Random } from "../faults/random.ts";
import { type Call, send, type TestUser } from "../faults/send.ts";
import type { LogHistory } from "./log-history.ts";
import { isRepeatable, type LogRequest, sendLogs } from "./send-logs.ts";
import { LogSource, type SentLog } from "./sent-log.ts";

/** What clients that write logs need. */
type LogClientDeps = {
  readonly history: LogHistory;
  readonly users: readonly TestUser[];
  readonly admin: TestUser;
  readonly random: Random;
  /** The URL of a server, which may be down. */
  readonly url: () => string;
};

const CLIENTS_PER_USER = 3;
/** How long a request is retried before its unknown outcome is a finding. */
const RETRY_WITHIN_MS = 60_000;
const EFFECTS_WITHIN_MS = 60_000;
/** How many of the last requests of a user can be repeated. */
const REMEMBERED = 20;

type ClientState = { readonly user: TestUser; readonly sent: LogRequest[]; readonly charges: string[] };

/** Clients that write random logs and spend credits concurrently, and retry what has a key until its outcome is known. */
export class LogClients {
  readonly #deps: LogClientDeps;
  readonly #source: LogSource;
  readonly #states: readonly ClientState[];
  #keys = 0;
  #isStopping = false;
  #running: Promise<unknown> | undefined;

  constructor(deps: LogClientDeps) {
    this.#deps = deps;
    this.#source = new LogSource(deps.random);
    this.#states = deps.users.map((user) => ({ user, sent: [], charges: [] }));
  }

  /** Grants every user credits. */
  async fund(amount: number): Promise<void> {
    const request = { kind: "grant", amount, priority: 50, expiresAtMs: null } as const;
    await Promise.all(this.#states.map(({ user }) => this.#spend(user, request)));
  }

  start(): void {
    const clients = this.#states.flatMap((state) => Array.from({ length: CLIENTS_PER_USER }, () => this.#run(state)));
    this.#running = Promise.all(clients);
  }

  /** Waits until this many more logs are acknowledged. Too few within a minute are a finding. */
  async waitForLogs(count: number): Promise<void> {
    const { history } = this.#deps;
    const [before, beganMs] = [history.acknowledged, Date.now()];
    const written = () => history.acknowledged - before;
    while (written() < count && Date.now() - beganMs < EFFECTS_WITHIN_MS) await setTimeout(5);
    if (written() >= count) return;
    history.findings.push(`only ${written()} of ${count} logs were acknowledged within ${EFFECTS_WITHIN_MS} ms`);
  }

  /** Stops the clients. Resolves when the outcome of every request is known, as far as it can be. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async #run(state: ClientState): Promise<void> {
    const { random } = this.#deps;
    while (!this.#isStopping) {
      const again = state.sent.length > 0 ? random.of(state.sent) : undefined;
      const step = random.below(10);
      if (step < 2) await this.#chargeAndLog(state);
      else if (step === 2) await this.#refund(state);
      // The same logs in another order, to two servers at the same time.
      else if (step < 5 && again) await Promise.all([this.#write(again), this.#write(reversed(again))]);
      else await this.#write(this.#remember(state, this.#newRequest(state.user)));
    }
  }

  #newRequest(user: TestUser): LogRequest {
    const { random } = this.#deps;
    const isKeyed = random.below(4) > 0;
    if (random.below(2) === 0) {
      return { user, form: "create", logs: [this.#source.make(user, { isKeyed })], key: null };
    }
    const hasOwnKeys = random.below(3) > 0;
    const count = 1 + random.below(random.of([3, 40]));
    const logs = Array.from({ length: count }, () => this.#source.make(user, { isKeyed: isKeyed && hasOwnKeys }));
    const [first] = logs as [SentLog];
    const isTwice = isKeyed && hasOwnKeys && random.below(4) === 0;
    const key = isKeyed && !hasOwnKeys ? this.#newKey() : null;
    return { user, form: "batch", logs: isTwice ? [...logs, first] : logs, key };
  }

  async #chargeAndLog(state: ClientState): Promise<void> {
    const { random, history } = this.#deps;
    const { user, charges } = state;
    const amount = 1 + random.below(9);
    const entryId = await this.#spend(user, { kind: "consume", amount, action: random.of(["video", "image"]) });
    if (entryId === undefined) return;
    history.charges.set(entryId, { account: user.account, amount, refunded: 0 });
    charges.push(entryId);
    const namers = random.below(3) === 0 ? [user, random.of(this.#deps.users)] : [user];
    for (const namer of namers) {
      const log = this.#source.make(namer, { isKeyed: true, transactionId: entryId });
      await this.#write({ user: namer, form: "create", logs: [log], key: null });
    }
  }

  async #refund({ user, charges }: ClientState): Promise<void> {
    const charge = charges.shift();
    const known = charge === undefined ? undefined : this.#deps.history.charges.get(charge);
    if (charge === undefined || !known) return;
    const amount = 1 + this.#deps.random.below(known.amount);
    await this.#spend(user, { kind: "refund", charge, amount });
    known.refunded = amount;
  }

  /** Sends a request to the ledger until its outcome is known. @returns the id of its entry */
  async #spend(user: TestUser, request: Call["request"]): Promise<string | undefined> {
    const { admin, history } = this.#deps;
    const key = this.#newKey();
    const call = { user, admin, key, request, requestId: key };
    return this.#untilKnown(key, async () => {
      const result = await send(this.#deps.url(), call);
      if (result.is === "done") return { value: result.entryId };
      if (result.is === "unknown" || result.is === "nothing done") return undefined;
      history.findings.push(`${request?.kind} was answered with ${JSON.stringify(result)}`);
      return { value: undefined };
    });
  }

  async #write(request: LogRequest): Promise<void> {
    const { history } = this.#deps;
    await this.#untilKnown(request.logs[0]?.reference ?? "", async () => {
      const record = history.begin(request.logs);
      const result = await sendLogs(this.#deps.url(), request);
      record(result);
      const isKnown = result.is === "done" || result.is === "failed";
      return isKnown || (result.is === "unknown" && !isRepeatable(request)) ? { value: undefined } : undefined;
    });
  }

  async #untilKnown<Value>(name: string, attempt: () => Promise<{ value: Value } | undefined>) {
    for (const beganMs = Date.now(); ; ) {
      const known = await attempt();
      if (known) return known.value;
      if (Date.now() - beganMs > RETRY_WITHIN_MS) {
        this.#deps.history.findings.push(`the outcome of ${name} was still unknown after ${RETRY_WITHIN_MS} ms`);
        return undefined;
      }
      await setTimeout(30 + this.#deps.random.below(150));
    }
  }

  #remember({ sent }: ClientState, request: LogRequest): LogRequest {
    if (isRepeatable(request)) sent.push(request);
    if (sent.length > REMEMBERED) sent.shift();
    return request;
  }

  #newKey(): string {
    this.#keys += 1;
    return `request-${this.#keys}`;
  }
}

/** The key of a request stands for the positions of its logs, which then have to stay. */
const reversed = (request: LogRequest): LogRequest =>
  request.key === null ? { ...request, logs: request.logs.toReversed() } : request;
