import type { UserId } from "@jifen/core";
import type { ExtraRow } from "@jifen/ledger";
import { extraRowOf } from "../records/extra-row.ts";
import type { RecordTransaction } from "../records/records.ts";

/** Something that happened to a user. */
export type OutgoingEvent = {
  readonly userId: UserId;
  /** `evt-` and a time-ordered id. */
  readonly id: string;
  /** Such as `code.redeemed`. */
  readonly type: string;
  /** JSON text. */
  readonly data: string;
  readonly createdAtMs: number;
};

/**
 * Writes an event in the transaction of the change that it reports: both or neither. Endpoints get it within seconds, at least
 * once. For changes that a ledger command makes, use `outgoingEventRow`.
 */
export const writeOutgoingEvent = (tx: RecordTransaction, event: OutgoingEvent): Promise<void> =>
  tx.insert("outgoing_events", { ...event, fanOutMs: event.createdAtMs });

/** The row of an event, for the extra writes of the ledger command that it reports. */
export const outgoingEventRow = (event: OutgoingEvent): ExtraRow =>
  extraRowOf("outgoing_events", { ...event, fanOutMs: event.createdAtMs });
