import type { Currency, MinorUnits, PaymentState } from "@jifen/billing";
import { ok, type UserId, userId } from "@jifen/core";
import type { NewTableRecords } from "../generated/tables.ts";
import type { RecordTransaction, StoredRecord } from "../records/records.ts";
import { type Attempt, rowChanged } from "./conditional-change.ts";
import type { EventSource } from "./order.ts";

/** Fields whose type a table cannot express. */
type PaymentFields = {
  readonly userId: UserId;
  readonly state: PaymentState;
  readonly amountMinor: MinorUnits;
  readonly currency: Currency;
  readonly source: EventSource;
};

/** A payment as stored. `revision` counts its changes. */
export type Payment = Omit<StoredRecord<"payments">, keyof PaymentFields> & PaymentFields;

/** A payment to record. */
export type NewPayment = Omit<NewTableRecords["payments"], keyof PaymentFields | "revision"> & PaymentFields;

/** The columns of a payment that change. */
export type PaymentSet = Partial<
  Pick<
    Payment,
    | "state"
    | "reason"
    | "transactionId"
    | "bonusTransactionId"
    | "creditedAtMs"
    | "expiresAtMs"
    | "bonusExpiresAtMs"
    | "reversingMinor"
    | "reversedMinor"
    | "disputed"
    | "nextCheckMs"
    | "checks"
  >
>;

/** A stored row as a payment. */
export const toPayment = (record: StoredRecord<"payments">): Payment => ({
  ...record,
  userId: userId(record.userId),
  state: record.state as PaymentState,
  amountMinor: record.amountMinor as MinorUnits,
  currency: record.currency as Currency,
  source: record.source as EventSource,
});

/** Changes a payment if it has still the revision that was read. @returns the payment as it is then */
export async function changePayment(
  tx: RecordTransaction,
  payment: Payment,
  set: PaymentSet,
): Promise<Attempt<Payment, never>> {
  const { userId: user, id, revision } = payment;
  const change = { expected: { revision }, set: { ...set, revision: revision + 1 } };
  if (!(await tx.compareAndSet("payments", { userId: user, id }, change))) return rowChanged;
  return ok({ ...payment, ...set, revision: revision + 1 });
}
