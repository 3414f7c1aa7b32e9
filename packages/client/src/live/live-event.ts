import type { JifenOutputs } from "../router.ts";

/** What a stream of live events can show. */
export type LiveKind = "log" | "balance";

/** A live event. `id`: pass it as `lastEventId` to resume after this event, within an hour. */
export type LiveEvent =
  /** A log that was written. */
  | { readonly kind: "log"; readonly id: string; readonly log: JifenOutputs["logs"]["find"] }
  /** The present balance, at the beginning and after each change. */
  | { readonly kind: "balance"; readonly id: string; readonly balance: number; readonly held: number }
  /** Read your lists again: at the beginning, and when events were left out. */
  | { readonly kind: "resync"; readonly id: string };

/** A message of text/event-stream. */
export type StreamMessage = {
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
};

/** A message as an event; undefined for one of a kind that this version does not know. */
export function toLiveEvent({ event, id = "", data }: StreamMessage): LiveEvent | undefined {
  switch (event) {
    case "log":
      return { kind: "log", id, log: JSON.parse(data) };
    case "balance": {
      const { balance, held } = JSON.parse(data);
      return { kind: "balance", id, balance, held };
    }
    case "resync":
      return { kind: "resync", id };
    default:
      return undefined;
  }
}
