import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request for a stream. */
export type LiveStep = (response: ServerResponse, request: IncomingMessage) => void;

/** A server of streams that follows a script. `requests` are all requests so far. */
export type LiveServer = AsyncDisposable & { readonly url: string; readonly requests: readonly IncomingMessage[] };

/** Starts a server that takes one step per request and repeats the last step. */
export async function startLiveServer(...steps: readonly [LiveStep, ...LiveStep[]]): Promise<LiveServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const step = steps[Math.min(requests.length, steps.length - 1)];
    requests.push(request);
    step?.(response, request);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const begin = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/event-stream" });

/** The text of a log. */
export const logText = (logId: string): string => `event: log\nid: id-of-${logId}\ndata: {"logId":"${logId}"}\n\n`;

/** Sends these texts and ends the stream. */
export const send =
  (...texts: readonly string[]): LiveStep =>
  (response) =>
    void begin(response).end(`retry: 1\n\n${texts.join("")}`);

/** Sends these texts and leaves the stream open. */
export const hold =
  (...texts: readonly string[]): LiveStep =>
  (response) =>
    void begin(response).write(`retry: 1\n\n${texts.join("")}`);

/** Sends these texts and breaks the connection. */
export const cut =
  (...texts: readonly string[]): LiveStep =>
  (response) => {
    begin(response).write(`retry: 1\n\n${texts.join("")}`, () => setTimeout(() => response.destroy(), 20));
  };

/** Refuses the stream. */
export const refuseStream =
  (status: number, code: string, headers: Record<string, string> = {}): LiveStep =>
  (response) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ code, message: `the message of ${code}`, requestId: "req-1", roles: ["user"] }));
