import { RETRY_TEXT } from "./event-text.ts";
import type { Subscriber } from "./subscriber.ts";

/** The events of a subscriber as bytes. Nothing is taken from it before the client has read what was taken before. */
export function eventBytes(subscriber: Subscriber, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isBegun = false;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        // Sent immediately, so that the client knows that the stream is open.
        const text = isBegun ? await subscriber.next() : RETRY_TEXT;
        isBegun = true;
        if (text !== undefined) return controller.enqueue(encoder.encode(text));
        controller.close();
        onEnd();
      },
      cancel: onEnd,
    },
    { highWaterMark: 0 },
  );
}
