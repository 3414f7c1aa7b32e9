import { invariant, type Outcome, ok, refuse } from "@jifen/core";
import type { Records, RecordTransaction } from "../records/records.ts";
import type { AuditEvent } from "./audit-log.ts";
import { claimDue, type DueClaim } from "./claim-due.ts";
import { type Attempt, retryChanged } from "./conditional-change.ts";
import { changeOrder, type NewOrderEvent, type Order, type OrderSet, toOrder } from "./order.ts";
import type { OrderKey } from "./orders.ts";
import { type OutgoingEvent, writeOutgoingEvent } from "./outgoing-events.ts";
import { changePayment, type NewPayment, type Payment, type PaymentSet, toPayment } from "./payment.ts";

/** The primary key of a payment. */
export type PaymentKey = Pick<Payment, "userId" | "id">;

/** What is known when a payment is recorded, as the rows are in the transaction. */
export type BeforePayment = { readonly order: Order; readonly isUserDeleted: boolean };

/** A payment to record, and what it changes of its order. */
export type PaymentRecord = {
  readonly payment: NewPayment;
  readonly order?: OrderSet | undefined;
  readonly event: NewOrderEvent;
  readonly outgoing?: OutgoingEvent | undefined;
};

/** What is changed of a payment and of its order. `auditEvent`: of an act of staff; `outgoing`: for endpoints. */
export type PaymentChange = {
  readonly set: PaymentSet;
  readonly order?: OrderSet | undefined;
  readonly event: NewOrderEvent;
  readonly auditEvent?: AuditEvent | undefined;
  readonly outgoing?: OutgoingEvent | undefined;
};

/** A payment with its order. */
export type PaymentOfOrder = { readonly payment: Payment; readonly order: Order };

/** What becomes of a payment. */
type DecidePayment<Refusal> = (rows: PaymentOfOrder) => Outcome<PaymentChange, Refusal>;

/** Payments. Every operation rejects as `Records` does. */
export type PaymentStore = {
  /**
   * Records the payment `id` of an order, in one transaction with the change of the order; one that was recorded before is
   * returned as it is, `isNew` false. `decide` is pure; it runs again when the order was changed concurrently.
   */
  record(
    key: { readonly order: OrderKey; readonly id: string },
    decide: (before: BeforePayment) => PaymentRecord,
  ): Promise<Outcome<PaymentOfOrder & { readonly isNew: boolean }, { code: "ORDER_NOT_FOUND" }>>;
  /**
   * Changes a payment and its order by what `decide` returns for them, with an event, in one transaction. `decide` is pure; it
   * runs again when one of them was changed concurrently.
   */
  change<Refusal>(
    key: PaymentKey,
    decide: DecidePayment<Refusal>,
  ): Promise<Outcome<PaymentOfOrder, Refusal | { code: "PAYMENT_NOT_FOUND" }>>;
  find(key: PaymentKey): Promise<Payment | undefined>;
  /** A payment by its id alone: that reads every node on which it could be. */
  findById(id: string): Promise<Payment | undefined>;
  /** The payments of orders of a user, oldest first. */
  ofOrders(userId: Order["userId"], orderIds: readonly string[]): Promise<readonly Payment[]>;
  /** How many payments wait for their credits, counting up to `limit`. */
  countDue(limit: number): Promise<number>;
  /** All payments of a user, for the audit. */
  ofUser(userId: Order["userId"]): Promise<readonly Payment[]>;
  /** Payments in the order of their keys, for the audit. `after`: where the page before ended. */
  page(page: { readonly limit: number; readonly after: PaymentKey | undefined }): Promise<readonly Payment[]>;
  /** Sets when the grants are tried next, unless the payment was changed since it was read. */
  schedule(payment: Payment, set: Pick<PaymentSet, "nextCheckMs" | "checks">): Promise<void>;
  /** Claims payments whose grants are due. */
  claimDue(claim: DueClaim): Promise<readonly Payment[]>;
};

/** Payments on any database. */
export const createPaymentStore = (records: Records): PaymentStore => ({
  record: (key, decide) => retryChanged(records, key.order.userId, (tx) => recordPayment(tx, key, decide)),

  change: <Refusal>(key: PaymentKey, decide: DecidePayment<Refusal>) =>
    retryChanged(
      records,
      key.userId,
      async (tx): Promise<Attempt<PaymentOfOrder, Refusal | { code: "PAYMENT_NOT_FOUND" }>> => {
        const rows = await readPayment(tx, key);
        if (!rows) return refuse({ code: "PAYMENT_NOT_FOUND" });
        const decision = decide(rows);
        return decision.ok ? writePayment(tx, rows, decision.value) : decision;
      },
    ),

  find: async ({ userId, id }) => {
    const found = await records.get("payments", { userId, id });
    return found && toPayment(found);
  },

  findById: async (id) => {
    const [found] = await records.list("payments", { where: { id }, limit: 1, index: "id" });
    return found && toPayment(found);
  },

  ofOrders: async (userId, orderIds) => {
    const found = await records.list("payments", { where: { userId, orderId: { in: orderIds } }, index: "order" });
    return found.map(toPayment).toSorted((one, other) => one.recordedAtMs - other.recordedAtMs);
  },

  countDue: (limit) => records.count("payments", { state: "accepted", nextCheckMs: { gte: 0 } }, limit),

  ofUser: async (userId) => (await records.list("payments", { where: { userId } })).map(toPayment),

  page: async ({ limit, after }) => {
    const from = after && { userId: after.userId, id: after.id };
    return (await records.list("payments", { by: ["userId", "id"], after: from, limit })).map(toPayment);
  },

  schedule: async ({ userId, id, revision }, set) => {
    await records.compareAndSet("payments", { userId, id }, { expected: { revision }, set });
  },

  claimDue: async (claim) => (await claimDue(records, "payments", claim)).map(toPayment),
});

async function recordPayment(
  tx: RecordTransaction,
  key: { readonly order: OrderKey; readonly id: string },
  decide: (before: BeforePayment) => PaymentRecord,
): Promise<Attempt<PaymentOfOrder & { readonly isNew: boolean }, { code: "ORDER_NOT_FOUND" }>> {
  const { userId } = key.order;
  const stored = await tx.get("orders", { userId, id: key.order.id });
  if (!stored) return refuse({ code: "ORDER_NOT_FOUND" });
  const order = toOrder(stored);
  const recorded = await tx.get("payments", { userId, id: key.id });
  if (recorded) return ok({ payment: toPayment(recorded), order, isNew: false });
  const user = await tx.get("users", { id: userId });
  const decision = decide({ order, isUserDeleted: user === undefined || user.deletedAtMs !== null });
  const changed = await changeOrder(tx, order, { set: decision.order, event: decision.event });
  if (!changed.ok) return changed;
  await tx.insert("payments", { ...decision.payment, revision: 1 });
  if (decision.outgoing) await writeOutgoingEvent(tx, decision.outgoing);
  const inserted = await tx.get("payments", { userId, id: key.id });
  invariant(inserted !== undefined, `the payment ${key.id} was recorded under another id`);
  return ok({ payment: toPayment(inserted), order: changed.value, isNew: true });
}

/** A payment with its order, in a transaction. */
export async function readPayment(
  tx: RecordTransaction,
  { userId, id }: PaymentKey,
): Promise<PaymentOfOrder | undefined> {
  const stored = await tx.get("payments", { userId, id });
  if (!stored) return;
  const order = await tx.get("orders", { userId, id: stored.orderId });
  invariant(order !== undefined, `the payment ${id} has no order`);
  return { payment: toPayment(stored), order: toOrder(order) };
}

/** Writes a change of a payment and its order. */
export async function writePayment(
  tx: RecordTransaction,
  { payment, order }: PaymentOfOrder,
  change: PaymentChange,
): Promise<Attempt<PaymentOfOrder, never>> {
  const ofPayment = await changePayment(tx, payment, change.set);
  if (!ofPayment.ok) return ofPayment;
  const ofOrder = await changeOrder(tx, order, { set: change.order, event: change.event });
  if (!ofOrder.ok) return ofOrder;
  if (change.auditEvent) await tx.insert("audit_events", change.auditEvent);
  if (change.outgoing) await writeOutgoingEvent(tx, change.outgoing);
  return ok({ payment: ofPayment.value, order: ofOrder.value });
}
