import type { OutgoingEventType } from "@jifen/contract";
import type { UserId } from "@jifen/core";
import type { OutgoingEvent } from "@jifen/database";

/** Something that happened to a user. */
type Happened = {
  readonly userId: UserId;
  /** `evt-` and a time-ordered id; the same for the same change. */
  readonly id: string;
  readonly type: OutgoingEventType;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** What endpoints get as `data`. Fields may be added later; never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * An event to write in the transaction of the change that it reports: with `writeOutgoingEvent` in a transaction of records,
 * or as `outgoingEventRow` among the extra rows of a ledger command.
 */
export const toOutgoingEvent = ({ data, atMs, ...event }: Happened): OutgoingEvent => ({
  ...event,
  data: JSON.stringify(data),
  createdAtMs: atMs,
});
