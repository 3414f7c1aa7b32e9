import { type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";

/** A response as it was sent. */
export type RawResponse = {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
};

/** Reads a response without decoding it and without following redirects: `fetch` would do both. */
export async function readRaw(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { method, headers, agent: false }, resolve).on("error", reject).end();
  const response = await promise;
  return { status: response.statusCode, headers: response.headers, bytes: await buffer(response) };
}
