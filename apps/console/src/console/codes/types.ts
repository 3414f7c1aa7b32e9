import type { JifenOutputs } from "@jifen/client";

/** A batch of codes. */
export type Batch = JifenOutputs["codeBatches"]["list"]["items"][number];
/** A batch that was just made, with its codes. */
export type Made = JifenOutputs["codeBatches"]["make"];

/** What a batch is now. */
export function stateOf({ endedAt, from, until }: Batch, nowMs = Date.now()) {
  if (endedAt !== null) return "ended";
  if (until !== null && new Date(until).getTime() <= nowMs) return "expired";
  return from !== null && new Date(from).getTime() > nowMs ? "waiting" : "active";
}
