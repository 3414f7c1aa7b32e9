import type { ServerResponse } from "node:http";

type Relayed = {
  readonly outgoing: Pick<ServerResponse, "socket">;
  readonly onError: (error: unknown) => void;
};

/**
 * The same stream for the HTTP adapter, which must never see it fail: it would send the text of the error, and end the
 * response as if it were complete. Instead the connection is reset, which a client of HTTP/1.0, without chunks, notices as
 * well. Nothing is read before the client has taken what was read before, and a client that leaves cancels the source.
 */
export function relayStream(source: ReadableStream<Uint8Array>, { outgoing, onError }: Relayed): ReadableStream {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          onError(error);
          outgoing.socket?.resetAndDestroy();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
