import type { JifenOutputs } from "@jifen/client";

/** An entry as its user sees it. */
export type Entry = JifenOutputs["transactions"]["list"]["items"][number];
/** The kind of an entry. */
export type EntryKind = Entry["kind"];
/** A grant of an account. */
export type Grant = JifenOutputs["grants"]["list"]["items"][number];
/** A hold of an account. */
export type Hold = JifenOutputs["holds"]["list"]["items"][number];
/** The state of a hold. */
export type HoldState = Hold["state"];

/** The kinds, in the order of a filter. */
export const entryKinds: readonly EntryKind[] = [
  ...(["grant", "consume", "hold", "capture", "release", "refund", "revoke", "expire", "extend"] as const),
];
/** The states of holds, in the order of a filter. */
export const holdStates: readonly HoldState[] = ["pending", "captured", "released", "expired"];
