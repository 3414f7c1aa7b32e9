import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";

/** Chunk headers and extensions may be this many times as long as the largest body. */
const MAX_OVERHEAD = 4;

/**
 * Receives the body of a request that does not say its length, up to the limit. Afterwards @hono/node-server returns it as
 * the body of the request: `rawBody`, which `internals.test.ts` checks. Does nothing for any other request. Node's parser
 * bounds extensions and trailers, and refuses Content-Length beside Transfer-Encoding.
 * Refuses, and then closes the connection: PAYLOAD_TOO_LARGE.
 * @throws the error of a connection that ends before its body
 */
export async function receiveChunkedBody(
  { incoming, outgoing }: HttpBindings,
  limitBytes: number,
): Promise<Outcome<undefined, Refusal>> {
  if (incoming.headers["transfer-encoding"] === undefined || hasBody(incoming)) return ok(undefined);
  const { socket } = incoming as IncomingMessage;
  const before = socket.bytesRead;
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > limitBytes || socket.bytesRead - before > limitBytes * MAX_OVERHEAD) {
      outgoing.shouldKeepAlive = false;
      return refuse({ code: "PAYLOAD_TOO_LARGE", limitBytes });
    }
    chunks.push(chunk);
  }
  Object.assign(incoming, { rawBody: Buffer.concat(chunks) });
  return ok(undefined);
}

const hasBody = (incoming: object): boolean => "rawBody" in incoming;
