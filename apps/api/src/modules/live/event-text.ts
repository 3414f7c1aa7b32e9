import { eventId } from "./event-id.ts";

/** An event of a stream. `atMs`: whatever arrived before this time has been sent. */
export type LiveEvent = { readonly atMs: number } & (
  | { readonly kind: "log"; readonly data: object }
  | { readonly kind: "balance"; readonly data: { readonly balance: number; readonly held: number } }
  | { readonly kind: "resync"; readonly data: Readonly<Record<never, never>> }
);

/** How long a client waits until it connects again, when it does not choose by itself. */
export const RETRY_TEXT = "retry: 3000\n\n";

/** Keeps proxies from closing a connection without traffic; clients ignore it. */
export const HEARTBEAT_TEXT = ": heartbeat\n\n";

/** An event as text/event-stream has it. JSON has no line breaks. */
export const eventText = ({ kind, atMs, data }: LiveEvent): string =>
  `event: ${kind}\nid: ${eventId.write(atMs)}\ndata: ${JSON.stringify(data)}\n\n`;

/** Asks the client to connect again after this time: the server is about to end the stream. */
export const reconnectText = (afterMs: number): string => `retry: ${afterMs}\nevent: reconnect\ndata: {}\n\n`;
