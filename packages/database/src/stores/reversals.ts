import type { Currency, MinorUnits, ReversalKind, ReversalState, TakeRule } from "@jifen/billing";
import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { ExtraChange } from "@jifen/ledger";
import type { NewTableRecords } from "../generated/tables.ts";
import { extraChangeOf } from "../records/extra-row.ts";
import type { Records, RecordTransaction, StoredRecord } from "../records/records.ts";
import { claimDue, type DueClaim } from "./claim-due.ts";
import { type Attempt, retryChanged, rowChanged } from "./conditional-change.ts";
import { type PaymentChange, type PaymentKey, type PaymentOfOrder, readPayment, writePayment } from "./payments.ts";

/** Fields whose type a table cannot express. */
type ReversalFields = {
  readonly userId: UserId;
  readonly kind: ReversalKind;
  readonly state: ReversalState;
  readonly rule: TakeRule;
  readonly amountMinor: MinorUnits;
  readonly currency: Currency;
};

/** A reversal as stored. `revision` counts its changes. */
export type Reversal = Omit<StoredRecord<"reversals">, keyof ReversalFields> & ReversalFields;

/** A reversal to insert. */
export type NewReversal = Omit<NewTableRecords["reversals"], keyof ReversalFields | "revision"> & ReversalFields;

/** The columns of a reversal that change. */
export type ReversalSet = Partial<
  Pick<
    Reversal,
    | "state"
    | "amountMinor"
    | "askedCredits"
    | "takenCredits"
    | "takenBonus"
    | "shortfall"
    | "outsideId"
    | "providerRef"
    | "nextCheckMs"
    | "checks"
  >
>;

/** The primary key of a reversal. */
export type ReversalKey = Pick<Reversal, "userId" | "id">;

/** A reversal with its payment and order. */
export type ReversalOfPayment = PaymentOfOrder & { readonly reversal: Reversal };

/** Which reversal of a payment there will be. */
type DecideNew<Refusal> = (
  rows: PaymentOfOrder & { readonly reversals: readonly Reversal[] },
) => Outcome<{ readonly reversal: NewReversal; readonly payment: PaymentChange }, Refusal>;

/** A reversal of the same user that was asked for under the same idempotency key. */
type AskedBefore = { readonly code: "ASKED_BEFORE"; readonly reversal: Reversal };

/** Why no reversal was inserted. */
type AskRefusal = AskedBefore | { readonly code: "PAYMENT_NOT_FOUND" };

/** A reversal with its payment and order, and all reversals of the payment. */
export type ReversalRows = ReversalOfPayment & { readonly reversals: readonly Reversal[] };

/** What becomes of a reversal. `other`: what changes with it of another reversal of the payment. */
type DecideChange<Refusal> = (rows: ReversalRows) => Outcome<
  {
    readonly set: ReversalSet;
    readonly payment: PaymentChange;
    readonly other?: { readonly reversal: Reversal; readonly set: ReversalSet } | undefined;
  },
  Refusal
>;

/** Reversals. Every operation rejects as `Records` does. */
export type ReversalStore = {
  /**
   * Inserts a reversal of a payment, in one transaction with the change of the payment that reserves its money. `decide` gets
   * the payment with all its reversals, so that none is asked for twice; it is pure, and runs again when the payment was
   * changed concurrently. Refuses, in this order: PAYMENT_NOT_FOUND, ASKED_BEFORE, what `decide` refuses.
   * @param key.idempotencyKey the one that the reversal will have, if it has one
   */
  ask<Refusal>(
    key: PaymentKey & { readonly idempotencyKey?: string | undefined },
    decide: DecideNew<Refusal>,
  ): Promise<Outcome<ReversalOfPayment, Refusal | AskRefusal>>;
  /** Changes a reversal, its payment and its order by what `decide` returns for them, in one transaction, as `ask` does. */
  change<Refusal>(
    key: ReversalKey,
    decide: DecideChange<Refusal>,
  ): Promise<Outcome<ReversalOfPayment, Refusal | { code: "REVERSAL_NOT_FOUND" }>>;
  find(key: ReversalKey): Promise<Reversal | undefined>;
  /** A reversal by its id alone: that reads every node on which it could be. */
  findById(id: string): Promise<Reversal | undefined>;
  /** The reversals of payments of a user, oldest first. */
  ofPayments(userId: UserId, paymentIds: readonly string[]): Promise<readonly Reversal[]>;
  /** All reversals of payments of a user, for the audit. */
  ofUser(userId: UserId): Promise<readonly Reversal[]>;
  /** The keys of all reversals in their order, for the audit. @param after where the page before ended */
  keysAfter(after: ReversalKey | undefined, limit: number): Promise<readonly ReversalKey[]>;
  /**
   * Sets when the reversal is looked at next, unless it was changed or its checks were counted since it was read: of those
   * that have read it together, one counts the next check. @returns whether it was set
   */
  schedule(reversal: Reversal, set: Pick<ReversalSet, "nextCheckMs" | "checks">): Promise<boolean>;
  /** Claims reversals that are due. */
  claimDue(claim: DueClaim): Promise<readonly Reversal[]>;
};

/** A stored row as a reversal. */
export const toReversal = (record: StoredRecord<"reversals">): Reversal => ({
  ...record,
  userId: userId(record.userId),
  kind: record.kind as ReversalKind,
  rule: record.rule as TakeRule,
  state: record.state as ReversalState,
  amountMinor: record.amountMinor as MinorUnits,
  currency: record.currency as Currency,
});

/** Reversals on any database. */
export const createReversalStore = (records: Records): ReversalStore => ({
  ask: <Refusal>(key: Parameters<ReversalStore["ask"]>[0], decide: DecideNew<Refusal>) =>
    retryChanged(records, key.userId, async (tx): Promise<Attempt<ReversalOfPayment, Refusal | AskRefusal>> => {
      const rows = await readPayment(tx, key);
      if (!rows) return refuse({ code: "PAYMENT_NOT_FOUND" });
      const before = await askedBefore(tx, key);
      if (before) return refuse({ code: "ASKED_BEFORE", reversal: before });
      const decision = decide({ ...rows, reversals: await reversalsOf(tx, rows) });
      if (!decision.ok) return decision;
      // The change of the payment is what two of them at the same time conflict on.
      const written = await writePayment(tx, rows, decision.value.payment);
      if (!written.ok) return written;
      await tx.insert("reversals", { ...decision.value.reversal, revision: 1 });
      const reversal = await readReversal(tx, decision.value.reversal);
      return reversal ? ok({ ...written.value, reversal }) : rowChanged;
    }),

  change: <Refusal>(key: ReversalKey, decide: DecideChange<Refusal>) =>
    retryChanged(
      records,
      key.userId,
      async (tx): Promise<Attempt<ReversalOfPayment, Refusal | { code: "REVERSAL_NOT_FOUND" }>> => {
        const reversal = await readReversal(tx, key);
        const rows = reversal && (await readPayment(tx, { userId: reversal.userId, id: reversal.paymentId }));
        if (!rows) return refuse({ code: "REVERSAL_NOT_FOUND" });
        const decision = decide({ ...rows, reversal, reversals: await reversalsOf(tx, rows) });
        if (!decision.ok) return decision;
        const { set, payment, other } = decision.value;
        const changed = await changeReversal(tx, reversal, set);
        if (!changed || (other && !(await changeReversal(tx, other.reversal, other.set)))) return rowChanged;
        const written = await writePayment(tx, rows, payment);
        return written.ok ? ok({ ...written.value, reversal: changed }) : written;
      },
    ),

  find: (key) => readReversal(records, key),

  findById: async (id) => {
    const [found] = await records.list("reversals", { where: { id }, limit: 1, index: "id" });
    return found && toReversal(found);
  },

  ofPayments: async (user, paymentIds) => {
    const found = await records.list("reversals", { where: { userId: user, paymentId: { in: paymentIds } } });
    return found.map(toReversal).toSorted((one, other) => one.createdAtMs - other.createdAtMs);
  },

  ofUser: async (user) => (await records.list("reversals", { where: { userId: user } })).map(toReversal),

  keysAfter: async (after, limit) =>
    (await records.list("reversals", { by: ["userId", "id"], after, limit })).map(toReversal),

  schedule: ({ userId: user, id, revision, checks }, set) =>
    records.compareAndSet("reversals", { userId: user, id }, { expected: { revision, checks }, set }),

  claimDue: async (claim) => (await claimDue(records, "reversals", claim)).map(toReversal),
});

/** What a ledger command sets when it takes credits for a reversal. */
type Taken = Pick<ReversalSet, "takenCredits" | "takenBonus" | "shortfall">;

/** The change that notes credits which are taken for a reversal, in the transaction in which the ledger takes them. */
export const takenFor = ({ userId: user, id, state, revision }: Reversal, set: Taken): ExtraChange =>
  extraChangeOf(
    "reversals",
    { userId: user, id },
    { expected: { state, revision }, set: { ...set, revision: revision + 1 } },
  );

async function reversalsOf(tx: RecordTransaction, { payment }: PaymentOfOrder): Promise<readonly Reversal[]> {
  const stored = await tx.list("reversals", { where: { userId: payment.userId, paymentId: payment.id } });
  return stored.map(toReversal);
}

/** @returns the reversal after the change; undefined when it is no longer as it was read */
async function changeReversal(
  tx: RecordTransaction,
  reversal: Reversal,
  change: ReversalSet,
): Promise<Reversal | undefined> {
  const { userId: user, id, revision } = reversal;
  const set = { ...change, revision: revision + 1 };
  const isChanged = await tx.compareAndSet("reversals", { userId: user, id }, { expected: { revision }, set });
  return isChanged ? { ...reversal, ...set } : undefined;
}

async function askedBefore(
  tx: RecordTransaction,
  { userId: user, idempotencyKey }: Parameters<ReversalStore["ask"]>[0],
): Promise<Reversal | undefined> {
  if (idempotencyKey === undefined) return;
  const [stored] = await tx.list("reversals", { where: { userId: user, idempotencyKey }, limit: 1 });
  return stored && toReversal(stored);
}

async function readReversal(
  rows: Pick<RecordTransaction, "get">,
  { userId: user, id }: ReversalKey,
): Promise<Reversal | undefined> {
  const stored = await rows.get("reversals", { userId: user, id });
  return stored && toReversal(stored);
}
