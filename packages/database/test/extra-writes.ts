import { randomUUID } from "node:crypto";
import type { Command, Entry, ExtraChange, ExtraRow, ExtraWrites } from "@jifen/ledger";

/** An audit event about an entry. */
export const eventRow = (id: string, entry: Pick<Entry, "id">): ExtraRow => ({
  table: "audit_events",
  values: { id, at_ms: 1_700_000_000_003, actor: "system:test", action: "test", subject: entry.id, request_id: null },
});

/** A row with a composite key that stands for an order: `secret_hash` is its state. */
export const orderRow = (order: string, state = "open"): ExtraRow => ({
  table: "one_time_links",
  values: {
    user_id: order,
    purpose: "order",
    secret_hash: state,
    payload: null,
    expires_at_ms: 4_000_000_000_000,
    created_at_ms: 1,
  },
});

/** Changes the state of an order. `payload` is the entry that did it. */
export const orderChange = (order: string, change: { from: string; to: string; by: string }): ExtraChange => ({
  table: "one_time_links",
  key: { user_id: order, purpose: "order" },
  expected: { secret_hash: change.from, payload: null },
  set: { secret_hash: change.to, payload: change.by },
});

/** The same command with extra writes. */
export const withExtra = <Kind extends Command>(command: Kind, extra: (entry: Entry) => ExtraWrites): Kind => ({
  ...command,
  extra,
});

/** Writes an event and pays an open order. */
export const payOrder =
  (order: string, event: string) =>
  (entry: Entry): ExtraWrites => ({
    rows: [eventRow(event, entry)],
    changes: [orderChange(order, { from: "open", to: "paid", by: entry.id })],
  });

/** A new id of an order or an event. */
export const newId = (): string => `extra-${randomUUID()}`;
