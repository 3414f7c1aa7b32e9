import { Buckets, split, total } from "./buckets.ts";
import {
  type Allocation,
  isSameRequest,
  type ModelEntry,
  type ModelOutcome,
  type ModelRequest,
  type Refusal,
} from "./requests.ts";

type Hold = {
  readonly amount: number;
  readonly by: string;
  readonly allocations: readonly Allocation[];
  readonly expiresAtMs: number;
  readonly state: "pending" | "captured" | "released" | "expired";
  readonly resolvedAtMs: number | null;
  readonly captured: number;
};

/** A charge; `rest` is the part that is not yet refunded. */
type Charge = { readonly amount: number; readonly rest: readonly Allocation[] };

type RequestOf<Kind extends ModelRequest["kind"]> = Extract<ModelRequest, { kind: Kind }>;

/** The time of a decision. */
type Clock = {
  readonly nowMs: number;
  /** The model's clock minus the database's clock: tests move the model's clock forward. Requests have database times. */
  readonly clockOffsetMs: number;
};

/** The time of an execution, and the ids that the ledger gave to the entry and to the grant or hold. */
export type Execution = Clock & { readonly entryId: string; readonly subject: string | null };

/**
 * The model of one account: buckets of credits, holds, charges, and the entry of each key. It has no databases, batches
 * or locks, and shares no code with the ledger.
 */
export class ModelAccount {
  readonly name: string;
  readonly buckets = new Buckets();
  readonly holds = new Map<string, Hold>();
  /** The number of entries so far. */
  sequence = 0;
  readonly #kinds = new Map<string, ModelEntry["kind"]>();
  readonly #charges = new Map<string, Charge>();
  readonly #keys = new Map<string, { readonly request: ModelRequest; readonly entryId: string }>();

  constructor(name: string) {
    this.name = name;
  }

  get held(): number {
    return this.#pending().reduce((sum, [, { amount }]) => sum + amount, 0);
  }

  /** Whether a bucket or a hold has expired and is not yet processed. */
  hasExpirations(nowMs: number): boolean {
    return this.buckets.hasExpired(nowMs) || this.#pending().some(([, { expiresAtMs }]) => expiresAtMs <= nowMs);
  }

  /**
   * Processes expirations.
   * @param first ids of holds with equal expiry, in the order in which the ledger processed them.
   */
  processExpirations(nowMs: number, first: readonly string[]): ModelEntry[] {
    const position = (id: string) => (first.includes(id) ? first.indexOf(id) : first.length);
    const expired = this.#pending()
      .filter(([, { expiresAtMs }]) => expiresAtMs <= nowMs)
      .toSorted(([one, a], [other, b]) => a.expiresAtMs - b.expiresAtMs || position(one) - position(other));
    const released = expired.map(([subject, hold]) => {
      this.holds.set(subject, { ...hold, state: "expired", resolvedAtMs: nowMs });
      const expiredOnReturn = this.buckets.returnAllocations(hold.allocations, nowMs);
      return this.#entry({ key: null, kind: "release", subject, allocations: hold.allocations, expiredOnReturn });
    });
    return [...released, ...this.#expireBuckets(nowMs)];
  }

  /** The outcome that a request must have in the current state. Changes nothing. */
  decide(key: string | null, request: ModelRequest, clock: Clock): ModelOutcome {
    const before = key === null ? undefined : this.#keys.get(key);
    if (before) {
      if (isSameRequest(before.request, request)) return { is: "replayed", entryId: before.entryId };
      return { is: "refused", refusal: { code: "IDEMPOTENCY_KEY_REUSED" } };
    }
    const refusal = this.#refusalOf(request, clock);
    return refusal ? { is: "refused", refusal } : { is: "new" };
  }

  /** Executes a request after its expirations were processed. @returns the entries that the journal must contain. */
  execute(key: string | null, request: ModelRequest, execution: Execution): ModelEntry[] {
    if (key !== null) this.#keys.set(key, { request, entryId: execution.entryId });
    return [...this.#apply(key, request, execution), ...this.#expireBuckets(execution.nowMs)];
  }

  /** Records the id that the journal has for an entry: a refund can refer to it later. */
  recordEntryId(id: string, { kind, amount, allocations }: ModelEntry): void {
    this.#kinds.set(id, kind);
    if (kind === "consume" || kind === "capture") this.#charges.set(id, { amount, rest: allocations });
  }

  #pending(): [string, Hold][] {
    return [...this.holds].filter(([, { state }]) => state === "pending");
  }

  #refusalOf(request: ModelRequest, { nowMs, clockOffsetMs }: Clock): Refusal | undefined {
    switch (request.kind) {
      case "grant": {
        const hasExpired = request.expiresAtMs !== null && request.expiresAtMs + clockOffsetMs <= nowMs;
        return hasExpired ? { code: "EXPIRY_PASSED" } : undefined;
      }
      case "revoke":
        return this.#refusalOfRevoke(request);
      case "consume":
      case "hold": {
        const { spendable: balance } = this.buckets;
        const { amount: required } = request;
        return required > balance ? { code: "INSUFFICIENT_CREDITS", balance, required } : undefined;
      }
      case "extend":
      case "capture":
      case "release":
        return this.#refusalOfHoldRequest(request);
      case "refund":
        return this.#refusalOfRefund(request);
      default:
        return request satisfies never;
    }
  }

  #refusalOfRevoke({ amount: required, bucket, atMost }: RequestOf<"revoke">): Refusal | undefined {
    const balance = this.buckets.spendableIn(bucket);
    if (bucket !== null && balance === 0) return { code: "GRANT_SPENT" };
    const isEnough = atMost ? balance > 0 : balance >= required;
    return isEnough ? undefined : { code: "INSUFFICIENT_CREDITS", balance, required };
  }

  #refusalOfHoldRequest(request: RequestOf<"extend" | "capture" | "release">): Refusal | undefined {
    const hold = this.holds.get(request.hold);
    if (!hold) return { code: "HOLD_NOT_FOUND" };
    if (hold.by !== request.by) return { code: "FORBIDDEN" };
    const { state, resolvedAtMs, amount: held } = hold;
    if (state !== "pending") return { code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs };
    const amount = request.kind === "capture" ? (request.amount ?? held) : 0;
    return amount > held ? { code: "CAPTURE_EXCEEDS_HOLD", amount, held } : undefined;
  }

  #refusalOfRefund(request: RequestOf<"refund">): Refusal | undefined {
    const kind = this.#kinds.get(request.charge);
    if (kind === undefined) return { code: "TRANSACTION_NOT_FOUND" };
    const charge = this.#charges.get(request.charge);
    if (!charge) return { code: "NOT_REFUNDABLE", kind };
    const rest = total(charge.rest);
    const amount = request.amount ?? rest;
    if (rest > 0 && amount <= rest) return undefined;
    return { code: "REFUND_EXCEEDS_CHARGE", charged: charge.amount, refunded: charge.amount - rest, amount };
  }

  #apply(key: string | null, request: ModelRequest, execution: Execution): ModelEntry[] {
    switch (request.kind) {
      case "grant":
        return [this.#grant(key, request, execution)];
      case "consume":
        return [this.#entry({ key, kind: request.kind, allocations: this.buckets.take(request.amount) })];
      case "revoke":
        // `take` takes what there is.
        return [this.#entry({ key, kind: "revoke", allocations: this.buckets.take(request.amount, request.bucket) })];
      case "hold":
        return [this.#placeHold(key, request, execution)];
      case "extend": {
        const hold = this.#hold(request.hold);
        const expiresAtMs = Math.max(hold.expiresAtMs, execution.nowMs + request.ttlSeconds * 1000);
        this.holds.set(request.hold, { ...hold, expiresAtMs });
        return [this.#entry({ key, kind: "extend", allocations: [], subject: request.hold, expiresAtMs })];
      }
      case "capture":
        return this.#capture(key, request, execution.nowMs);
      case "release": {
        const hold = this.#hold(request.hold);
        this.holds.set(request.hold, { ...hold, state: "released", resolvedAtMs: execution.nowMs });
        const expiredOnReturn = this.buckets.returnAllocations(hold.allocations, execution.nowMs);
        return [
          this.#entry({ key, kind: "release", subject: request.hold, allocations: hold.allocations, expiredOnReturn }),
        ];
      }
      case "refund": {
        const charge = this.#charges.get(request.charge) ?? { amount: 0, rest: [] };
        const amount = request.amount ?? total(charge.rest);
        // The credit that was taken last is returned first.
        const { first: allocations, rest } = split(charge.rest.toReversed(), amount);
        this.#charges.set(request.charge, { ...charge, rest: rest.toReversed() });
        const expiredOnReturn = this.buckets.returnAllocations(allocations, execution.nowMs);
        return [this.#entry({ key, kind: "refund", subject: request.charge, allocations, expiredOnReturn })];
      }
      default:
        return request satisfies never;
    }
  }

  #grant(key: string | null, request: RequestOf<"grant">, execution: Execution): ModelEntry {
    const id = execution.subject ?? "";
    const { amount, priority } = request;
    const expiresAtMs = request.expiresAtMs === null ? null : request.expiresAtMs + execution.clockOffsetMs;
    this.buckets.add({
      id,
      amount,
      priority,
      expiresAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY,
      createdAtMs: execution.nowMs,
    });
    return this.#entry({ key, kind: "grant", allocations: [{ bucket: id, amount }], subject: id, expiresAtMs });
  }

  #placeHold(key: string | null, { amount, by, ttlSeconds }: RequestOf<"hold">, execution: Execution): ModelEntry {
    const subject = execution.subject ?? "";
    const allocations = this.buckets.take(amount);
    const expiresAtMs = execution.nowMs + ttlSeconds * 1000;
    this.holds.set(subject, {
      amount,
      by,
      allocations,
      expiresAtMs,
      state: "pending",
      resolvedAtMs: null,
      captured: 0,
    });
    return this.#entry({ key, kind: "hold", allocations, subject, expiresAtMs });
  }

  /** The rest is released before the capture. */
  #capture(key: string | null, request: RequestOf<"capture">, nowMs: number): ModelEntry[] {
    const hold = this.#hold(request.hold);
    const captured = request.amount ?? hold.amount;
    const { first, rest } = split(hold.allocations, captured);
    this.holds.set(request.hold, { ...hold, state: "captured", resolvedAtMs: nowMs, captured });
    const fields = { subject: request.hold, expiredOnReturn: this.buckets.returnAllocations(rest, nowMs) };
    const charge = { ...fields, key, kind: "capture", allocations: first, metadata: request.metadata } as const;
    if (rest.length === 0) return [this.#entry(charge)];
    const released = this.#entry({ ...fields, key: null, kind: "release", allocations: rest, expiredOnReturn: 0 });
    return [{ ...released, held: released.held + captured }, this.#entry(charge)];
  }

  #hold(id: string): Hold {
    const hold = this.holds.get(id);
    if (!hold) throw new Error(`the model has no hold ${id}`);
    return hold;
  }

  #expireBuckets(nowMs: number): ModelEntry[] {
    const entries: ModelEntry[] = [];
    for (let allocation = this.buckets.expireNext(nowMs); allocation; allocation = this.buckets.expireNext(nowMs)) {
      entries.push(this.#entry({ key: null, kind: "expire", allocations: [allocation], subject: allocation.bucket }));
    }
    return entries;
  }

  /** The next entry, after the credits were moved. */
  #entry(fields: Pick<ModelEntry, "key" | "kind" | "allocations"> & Partial<ModelEntry>): ModelEntry {
    this.sequence += 1;
    const { spendable } = this.buckets;
    return {
      ...{ amount: total(fields.allocations), ...accountsOf(fields.kind, this.name) },
      ...{ spendable, held: this.held, expiredOnReturn: 0, subject: null, expiresAtMs: null, metadata: null },
      ...fields,
    };
  }
}

/** The debited and the credited account of an entry. */
function accountsOf(kind: ModelEntry["kind"], own: string): Pick<ModelEntry, "from" | "to"> {
  const held = `${own}:held`;
  switch (kind) {
    case "grant":
      return { from: "system:issued", to: own };
    case "consume":
      return { from: own, to: "system:earned" };
    case "revoke":
      return { from: own, to: "system:issued" };
    case "hold":
    case "extend":
      return { from: own, to: held };
    case "capture":
      return { from: held, to: "system:earned" };
    case "release":
      return { from: held, to: own };
    case "refund":
      return { from: "system:earned", to: own };
    case "expire":
      return { from: own, to: "system:expired" };
    default:
      return kind satisfies never;
  }
}
