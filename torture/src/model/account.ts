import { Purse, split, total } from "./bucket.ts";
import { type Allocation, isSame, type Line, type Refusal, type Request, type Verdict } from "./request.ts";

type Hold = {
  readonly amount: number;
  readonly by: string;
  readonly allocations: readonly Allocation[];
  readonly endsAtMs: number;
  readonly state: "pending" | "captured" | "released" | "expired";
  readonly resolvedAtMs: number | null;
  readonly captured: number;
};

/** Something that was charged; `left` is what has not been given back of it. */
type Charge = { readonly amount: number; readonly left: readonly Allocation[] };

type Asked<Kind extends Request["kind"]> = Extract<Request, { kind: Kind }>;

/** When something is looked at. */
type Now = {
  readonly nowMs: number;
  /** How much later the model's time is than the moments that requests speak of. */
  readonly aheadMs: number;
};

/** When something happens, and the names that the ledger gave to what it made. */
export type Moment = Now & { readonly line: string; readonly subject: string | null };

/**
 * One account as its owner would keep it on paper: buckets of credits, holds, charges, and an answer for each key.
 * It knows nothing of databases, batches or locks, and shares no rule with the ledger.
 */
export class ModelAccount {
  readonly name: string;
  readonly purse = new Purse();
  readonly holds = new Map<string, Hold>();
  /** How many lines the journal has. */
  sequence = 0;
  readonly #kinds = new Map<string, Line["kind"]>();
  readonly #charges = new Map<string, Charge>();
  readonly #keys = new Map<string, { readonly request: Request; readonly line: string }>();

  constructor(name: string) {
    this.name = name;
  }

  get held(): number {
    return this.#pending().reduce((sum, [, { amount }]) => sum + amount, 0);
  }

  /** Whether time has ended something that is not yet booked. */
  isDue(nowMs: number): boolean {
    return this.purse.isDue(nowMs) || this.#pending().some(([, { endsAtMs }]) => endsAtMs <= nowMs);
  }

  /**
   * Books whatever time has ended.
   * @param first names of holds that ended at the same moment as others, in the order in which they were booked.
   */
  pass(nowMs: number, first: readonly string[]): Line[] {
    const place = (id: string) => (first.includes(id) ? first.indexOf(id) : first.length);
    const over = this.#pending()
      .filter(([, { endsAtMs }]) => endsAtMs <= nowMs)
      .toSorted(([one, a], [other, b]) => a.endsAtMs - b.endsAtMs || place(one) - place(other));
    const freed = over.map(([subject, hold]) => {
      this.holds.set(subject, { ...hold, state: "expired", resolvedAtMs: nowMs });
      const expiredOnReturn = this.purse.giveBack(hold.allocations, nowMs);
      return this.#line({ key: null, kind: "release", subject, allocations: hold.allocations, expiredOnReturn });
    });
    return [...freed, ...this.#throwAway(nowMs)];
  }

  /** What a request is answered with, as things are now. Changes nothing. */
  verdict(key: string | null, request: Request, now: Now): Verdict {
    const before = key === null ? undefined : this.#keys.get(key);
    if (before) {
      if (isSame(before.request, request)) return { is: "replayed", line: before.line };
      return { is: "refused", refusal: { code: "IDEMPOTENCY_KEY_REUSED" } };
    }
    const refusal = this.#refuses(request, now);
    return refusal ? { is: "refused", refusal } : { is: "new" };
  }

  /** Does what was asked; everything that is due must have been booked. @returns what the journal says about it. */
  perform(key: string | null, request: Request, moment: Moment): Line[] {
    if (key !== null) this.#keys.set(key, { request, line: moment.line });
    return [...this.#do(key, request, moment), ...this.#throwAway(moment.nowMs)];
  }

  /** Hears what the journal calls a line: a refund may name it later. */
  hear(id: string, { kind, amount, allocations }: Line): void {
    this.#kinds.set(id, kind);
    if (kind === "consume" || kind === "capture") this.#charges.set(id, { amount, left: allocations });
  }

  #pending(): [string, Hold][] {
    return [...this.holds].filter(([, { state }]) => state === "pending");
  }

  #refuses(request: Request, { nowMs, aheadMs }: Now): Refusal | undefined {
    switch (request.kind) {
      case "grant": {
        const isOver = request.expiresAtMs !== null && request.expiresAtMs + aheadMs <= nowMs;
        return isOver ? { code: "EXPIRY_PASSED" } : undefined;
      }
      case "consume":
      case "revoke":
      case "hold": {
        const { spendable: balance } = this.purse;
        const { amount: required } = request;
        return required > balance ? { code: "INSUFFICIENT_CREDITS", balance, required } : undefined;
      }
      case "extend":
      case "capture":
      case "release":
        return this.#refusesAboutHold(request);
      case "refund":
        return this.#refusesRefund(request);
      default:
        return request satisfies never;
    }
  }

  #refusesAboutHold(request: Asked<"extend" | "capture" | "release">): Refusal | undefined {
    const hold = this.holds.get(request.hold);
    if (!hold) return { code: "HOLD_NOT_FOUND" };
    if (hold.by !== request.by) return { code: "FORBIDDEN" };
    const { state, resolvedAtMs, amount: held } = hold;
    if (state !== "pending") return { code: "HOLD_ALREADY_RESOLVED", state, resolvedAtMs };
    const amount = request.kind === "capture" ? (request.amount ?? held) : 0;
    return amount > held ? { code: "CAPTURE_EXCEEDS_HOLD", amount, held } : undefined;
  }

  #refusesRefund(request: Asked<"refund">): Refusal | undefined {
    const kind = this.#kinds.get(request.charge);
    if (kind === undefined) return { code: "TRANSACTION_NOT_FOUND" };
    const charge = this.#charges.get(request.charge);
    if (!charge) return { code: "NOT_REFUNDABLE", kind };
    const left = total(charge.left);
    const amount = request.amount ?? left;
    if (left > 0 && amount <= left) return undefined;
    return { code: "REFUND_EXCEEDS_CHARGE", charged: charge.amount, refunded: charge.amount - left, amount };
  }

  #do(key: string | null, request: Request, moment: Moment): Line[] {
    switch (request.kind) {
      case "grant":
        return [this.#grant(key, request, moment)];
      case "consume":
      case "revoke":
        return [this.#line({ key, kind: request.kind, allocations: this.purse.take(request.amount) })];
      case "hold":
        return [this.#setAside(key, request, moment)];
      case "extend": {
        const hold = this.#hold(request.hold);
        const endsAtMs = Math.max(hold.endsAtMs, moment.nowMs + request.ttlSeconds * 1000);
        this.holds.set(request.hold, { ...hold, endsAtMs });
        return [this.#line({ key, kind: "extend", allocations: [], subject: request.hold, endsAtMs })];
      }
      case "capture":
        return this.#capture(key, request, moment.nowMs);
      case "release": {
        const hold = this.#hold(request.hold);
        this.holds.set(request.hold, { ...hold, state: "released", resolvedAtMs: moment.nowMs });
        const expiredOnReturn = this.purse.giveBack(hold.allocations, moment.nowMs);
        return [
          this.#line({ key, kind: "release", subject: request.hold, allocations: hold.allocations, expiredOnReturn }),
        ];
      }
      case "refund": {
        const charge = this.#charges.get(request.charge) ?? { amount: 0, left: [] };
        const amount = request.amount ?? total(charge.left);
        // The last credit that was taken is the first to come back.
        const { first: allocations, rest } = split(charge.left.toReversed(), amount);
        this.#charges.set(request.charge, { ...charge, left: rest.toReversed() });
        const expiredOnReturn = this.purse.giveBack(allocations, moment.nowMs);
        return [this.#line({ key, kind: "refund", subject: request.charge, allocations, expiredOnReturn })];
      }
      default:
        return request satisfies never;
    }
  }

  #grant(key: string | null, { amount, priority, expiresAtMs }: Asked<"grant">, moment: Moment): Line {
    const id = moment.subject ?? "";
    const endsAtMs = expiresAtMs === null ? null : expiresAtMs + moment.aheadMs;
    this.purse.add({ id, amount, priority, endsAtMs: endsAtMs ?? Number.POSITIVE_INFINITY, bornAtMs: moment.nowMs });
    return this.#line({ key, kind: "grant", allocations: [{ bucket: id, amount }], subject: id, endsAtMs });
  }

  #setAside(key: string | null, { amount, by, ttlSeconds }: Asked<"hold">, moment: Moment): Line {
    const subject = moment.subject ?? "";
    const allocations = this.purse.take(amount);
    const endsAtMs = moment.nowMs + ttlSeconds * 1000;
    this.holds.set(subject, { amount, by, allocations, endsAtMs, state: "pending", resolvedAtMs: null, captured: 0 });
    return this.#line({ key, kind: "hold", allocations, subject, endsAtMs });
  }

  /** What is not charged goes back before the charge is booked. */
  #capture(key: string | null, request: Asked<"capture">, nowMs: number): Line[] {
    const hold = this.#hold(request.hold);
    const captured = request.amount ?? hold.amount;
    const { first, rest } = split(hold.allocations, captured);
    this.holds.set(request.hold, { ...hold, state: "captured", resolvedAtMs: nowMs, captured });
    const about = { subject: request.hold, expiredOnReturn: this.purse.giveBack(rest, nowMs) };
    if (rest.length === 0) return [this.#line({ ...about, key, kind: "capture", allocations: first })];
    const freed = this.#line({ ...about, key: null, kind: "release", allocations: rest, expiredOnReturn: 0 });
    return [
      { ...freed, held: freed.held + captured },
      this.#line({ ...about, key, kind: "capture", allocations: first }),
    ];
  }

  #hold(id: string): Hold {
    const hold = this.holds.get(id);
    if (!hold) throw new Error(`the model has no hold ${id}`);
    return hold;
  }

  #throwAway(nowMs: number): Line[] {
    const lines: Line[] = [];
    for (let share = this.purse.throwAwayOne(nowMs); share; share = this.purse.throwAwayOne(nowMs)) {
      lines.push(this.#line({ key: null, kind: "expire", allocations: [share], subject: share.bucket }));
    }
    return lines;
  }

  /** The next line, once everything has been moved. */
  #line(is: Pick<Line, "key" | "kind" | "allocations"> & Partial<Line>): Line {
    this.sequence += 1;
    const { spendable } = this.purse;
    return {
      ...{ amount: total(is.allocations), ...wayOf(is.kind, this.name) },
      ...{ spendable, held: this.held, expiredOnReturn: 0, subject: null, endsAtMs: null },
      ...is,
    };
  }
}

/** From where to where credits go. */
function wayOf(kind: Line["kind"], own: string): Pick<Line, "from" | "to"> {
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
