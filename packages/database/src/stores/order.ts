import type { Currency, MinorUnits, OrderState, RefundRule } from "@jifen/billing";
import { ok, type UserId, userId } from "@jifen/core";
import type { NewTableRecords } from "../generated/tables.ts";
import type { RecordTransaction, StoredRecord } from "../records/records.ts";
import { type Attempt, rowChanged } from "./conditional-change.ts";

/** Fields whose type a table cannot express. */
type OrderFields = {
  readonly userId: UserId;
  readonly state: OrderState;
  readonly amountMinor: MinorUnits;
  readonly currency: Currency;
  readonly refundRule: RefundRule;
};

/** An order as stored. `revision` counts its changes. */
export type Order = Omit<StoredRecord<"orders">, keyof OrderFields> & OrderFields;

/** An order to create. */
export type NewOrder = Omit<NewTableRecords["orders"], keyof OrderFields | "revision" | "slot"> & OrderFields;

/** Where an event comes from. `time`: from a schedule. */
export type EventSource = "caller" | "notice" | "query" | "staff" | "time";

/** An event of an order, as stored. */
export type OrderEventRow = Omit<StoredRecord<"order_events">, "source" | "userId"> & {
  readonly userId: UserId;
  readonly source: EventSource;
};

/** An event of an order to write. `reference`: the payment that it is about; `details`: JSON text, at most 2 KB. */
export type NewOrderEvent = {
  readonly atMs: number;
  readonly what: string;
  readonly source: EventSource;
  readonly reference?: string | null;
  readonly details?: string | null;
};

/** The columns of an order that change. */
export type OrderSet = Partial<
  Pick<Order, "state" | "payable" | "providerRef" | "slot" | "nextCheckMs" | "checkedAtMs" | "checks">
>;

/** A stored row as an order. */
export const toOrder = (record: StoredRecord<"orders">): Order => ({
  ...record,
  userId: userId(record.userId),
  state: record.state as OrderState,
  amountMinor: record.amountMinor as MinorUnits,
  currency: record.currency as Currency,
  refundRule: record.refundRule as RefundRule,
});

/** A stored row as an event. */
export const toOrderEvent = (record: StoredRecord<"order_events">): OrderEventRow => ({
  ...record,
  userId: userId(record.userId),
  source: record.source as EventSource,
});

/**
 * Changes an order if it has still the revision that was read, and writes the event of the change.
 * @returns the order as it is then
 */
export async function changeOrder(
  tx: RecordTransaction,
  order: Order,
  { set = {}, event }: { readonly set?: OrderSet | undefined; readonly event: NewOrderEvent },
): Promise<Attempt<Order, never>> {
  const { userId: user, id, revision } = order;
  const changed = { ...order, ...set, revision: revision + 1 };
  const change = { expected: { revision }, set: { ...set, revision: changed.revision } };
  if (!(await tx.compareAndSet("orders", { userId: user, id }, change))) return rowChanged;
  await tx.insert("order_events", { ...event, userId: user, orderId: id, number: changed.revision });
  return ok(changed);
}
