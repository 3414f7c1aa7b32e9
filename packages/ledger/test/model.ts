import type { Command } from "../src/commands/decide.ts";

/** One bucket of credits; each credit in it is like the other. */
type Bucket = { name: string; priority: number; endsAt: number; bornAt: number; left: number };

/** What was set aside: the bucket of each single credit, in the order in which they were taken. */
type SetAside = { credits: string[]; by: string; state: string; endsAt: number; resolvedAt: number };

/** What was charged, and of what has not been given back the bucket of each single credit. */
type Charged = { kind: string; amount: number; notGivenBack: string[] };

/** What anybody would expect to be told. `lapsed` came back and was over at once. */
export type Told =
  | { readonly refused: object }
  | { readonly replayed: boolean; readonly spendable: number; readonly held: number; readonly expiredOnReturn: number };

/** What an account has, without any bookkeeping: the credits lie in buckets and are carried about one by one. */
export class ModelAccount {
  readonly buckets: Bucket[] = [];
  readonly holds = new Map<string, SetAside>();
  readonly done = new Map<string, Charged>();
  readonly answers = new Map<string, { readonly asked: string; readonly told: Told }>();
  /** How many credits ended because nobody spent them in time. */
  ended = 0;

  get balance(): number {
    return this.buckets.reduce((sum, bucket) => sum + bucket.left, 0);
  }

  get held(): number {
    const pending = [...this.holds.values()].filter((hold) => hold.state === "pending");
    return pending.reduce((sum, hold) => sum + hold.credits.length, 0);
  }

  /** Lets time pass until `now`. */
  pass(now: number): void {
    for (const hold of this.holds.values()) {
      if (hold.state !== "pending" || hold.endsAt > now) continue;
      hold.state = "expired";
      hold.resolvedAt = now;
      this.#putBack(hold.credits);
    }
    this.#throwAwayEnded(now);
  }

  /** What the command is answered with. */
  tell(command: Command, now: number): Told {
    this.pass(now);
    const asked = askedBy(command);
    const before = this.answers.get(command.idempotencyKey);
    if (before) {
      if (before.asked !== asked) return { refused: { code: "IDEMPOTENCY_KEY_REUSED" } };
      return "refused" in before.told ? before.told : { ...before.told, replayed: true };
    }
    const told = this.#do(command, now);
    if (!("refused" in told)) this.answers.set(command.idempotencyKey, { asked, told });
    return told;
  }

  #do(command: Command, now: number): Told {
    switch (command.kind) {
      case "grant":
        return this.#give(command, now);
      case "consume":
      case "revoke":
      case "hold":
        return this.#takeFor(command, now);
      case "extend":
      case "capture":
      case "release":
        return this.#resolve(command, now);
      case "refund":
        return this.#giveBack(command, now);
      default:
        return command satisfies never;
    }
  }

  #give(command: Extract<Command, { kind: "grant" }>, now: number): Told {
    const endsAt = command.expiresAtMs ?? Number.POSITIVE_INFINITY;
    if (endsAt <= now) return { refused: { code: "EXPIRY_PASSED", nowMs: now } };
    const { grantId: name, priority, amount: left } = command;
    this.buckets.push({ name, priority, endsAt, bornAt: now, left });
    return this.#told(command, 0);
  }

  #takeFor(command: Extract<Command, { kind: "consume" | "revoke" | "hold" }>, now: number): Told {
    const { amount } = command;
    if (amount > this.balance) {
      return { refused: { code: "INSUFFICIENT_CREDITS", balance: this.balance, required: amount } };
    }
    const credits = Array.from({ length: amount }, () => this.#takeOne());
    if (command.kind === "hold") {
      const endsAt = now + command.ttlSeconds * 1000;
      this.holds.set(command.holdId, { credits, by: command.placedBy, state: "pending", endsAt, resolvedAt: 0 });
    }
    return this.#told(command, 0, { kind: command.kind, amount, notGivenBack: credits });
  }

  #resolve(command: Extract<Command, { kind: "extend" | "capture" | "release" }>, now: number): Told {
    const hold = this.holds.get(command.holdId);
    if (!hold) return { refused: { code: "HOLD_NOT_FOUND" } };
    if (hold.by !== command.by) return { refused: { code: "FORBIDDEN" } };
    const { state, resolvedAt, credits } = hold;
    if (state !== "pending") return { refused: { code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs: resolvedAt } };
    if (command.kind === "extend") {
      hold.endsAt = Math.max(hold.endsAt, now + command.ttlSeconds * 1000);
      return this.#told(command, 0);
    }
    const amount = command.kind === "release" ? 0 : (command.amount ?? credits.length);
    if (amount > credits.length) {
      return { refused: { code: "CAPTURE_EXCEEDS_HOLD", amount, held: credits.length } };
    }
    hold.state = command.kind === "release" ? "released" : "captured";
    hold.resolvedAt = now;
    this.#putBack(credits.slice(amount));
    const expiredOnReturn = this.#throwAwayEnded(now);
    return this.#told(command, expiredOnReturn, { kind: command.kind, amount, notGivenBack: credits.slice(0, amount) });
  }

  #giveBack(command: Extract<Command, { kind: "refund" }>, now: number): Told {
    const charged = this.done.get(command.chargeId);
    if (!charged) return { refused: { code: "TRANSACTION_NOT_FOUND" } };
    const { kind, notGivenBack } = charged;
    if (kind !== "consume" && kind !== "capture") return { refused: { code: "NOT_REFUNDABLE", kind } };
    const amount = command.amount ?? notGivenBack.length;
    if (notGivenBack.length === 0 || amount > notGivenBack.length) {
      const refunded = charged.amount - notGivenBack.length;
      return { refused: { code: "REFUND_EXCEEDS_CHARGE", charged: charged.amount, refunded, amount } };
    }
    this.#putBack(notGivenBack.splice(notGivenBack.length - amount));
    return this.#told(command, this.#throwAwayEnded(now));
  }

  #told(command: Command, expiredOnReturn: number, charged?: Charged): Told {
    this.done.set(command.transactionId, charged ?? { kind: command.kind, amount: 0, notGivenBack: [] });
    return { replayed: false, spendable: this.balance, held: this.held, expiredOnReturn };
  }

  /** One credit out of the bucket that is next. */
  #takeOne(): string {
    const full = this.buckets.filter((bucket) => bucket.left > 0);
    const [next] = full.sort((one, other) => {
      if (one.priority !== other.priority) return one.priority - other.priority;
      if (one.endsAt !== other.endsAt) return one.endsAt < other.endsAt ? -1 : 1;
      if (one.bornAt !== other.bornAt) return one.bornAt - other.bornAt;
      return one.name < other.name ? -1 : 1;
    });
    if (!next) throw new Error("the model has nothing left to take");
    next.left -= 1;
    return next.name;
  }

  #putBack(credits: readonly string[]): void {
    for (const name of credits) for (const bucket of this.buckets) if (bucket.name === name) bucket.left += 1;
  }

  /** @returns how much was in buckets whose time is over. */
  #throwAwayEnded(now: number): number {
    let thrown = 0;
    for (const bucket of this.buckets) {
      if (bucket.endsAt > now) continue;
      thrown += bucket.left;
      bucket.left = 0;
    }
    this.ended += thrown;
    return thrown;
  }
}

/** All that a caller says; the ids are made for each attempt. A retry says the same. */
function askedBy(command: Command): string {
  const { transactionId: _, idempotencyKey: __, ...rest } = command;
  if (rest.kind === "grant") return JSON.stringify({ ...rest, grantId: "" });
  if (rest.kind === "hold") return JSON.stringify({ ...rest, holdId: "" });
  return JSON.stringify(rest);
}
