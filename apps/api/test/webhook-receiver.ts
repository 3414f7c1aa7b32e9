import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { timeLimit } from "@jifen/testkit/time-limit";

/** A message that a receiver got. */
export type Received = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** A web server that gets events. */
export type Receiver = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers the next messages. */
  answer: (response: ServerResponse, message: Received) => void;
  /** Waits until so many messages have arrived. */
  waitFor(count: number): Promise<void>;
  close(): Promise<void>;
};

const WITHIN_MS = timeLimit(30);

/** Starts a receiver on this machine that answers 200. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const message = { headers: request.headers as Record<string, string>, body: await text(request) };
    received.push(message);
    receiver.answer(response, message);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: (response) => response.end("ok"),
    waitFor: async (count) => {
      for (const endsAt = Date.now() + WITHIN_MS; received.length < count; ) {
        if (Date.now() > endsAt) throw new Error(`${received.length} of ${count} messages arrived`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return receiver;
}
