import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ForgedNotice, Gateway, Notice, NoticeVerdict, RawNotice } from "@jifen/billing";
import type { Outcome } from "@jifen/core";

/** What a gateway made of one notice. */
type Received = { readonly path: string; readonly outcome: Outcome<Notice, ForgedNotice> };

/** A server that receives notices, as the API does: raw bytes, verified by the gateway, answered in its form. */
export type NoticeReceiver = AsyncDisposable & {
  readonly url: string;
  readonly received: readonly Received[];
  /** How valid notices are answered. */
  verdict: NoticeVerdict;
};

/** Starts a receiver for the notices of one gateway. */
export async function startNoticeReceiver(gateway: Gateway): Promise<NoticeReceiver> {
  const received: Received[] = [];
  const server = createServer((message, response) => {
    void readRaw(message).then((raw) => {
      const outcome = gateway.readNotice(raw, Date.now());
      received.push({ path: message.url?.split("?")[0] ?? "", outcome });
      const { status, type, body } = gateway.answer(outcome.ok ? receiver.verdict : "forged");
      response.writeHead(status, { "Content-Type": type }).end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiver: NoticeReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/payments/notify`,
    received,
    verdict: "recorded",
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return receiver;
}

async function readRaw(message: IncomingMessage): Promise<RawNotice> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: message.method === "GET" ? "GET" : "POST",
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    query: message.url?.split(/\?(.*)/s)[1] ?? "",
    body: Buffer.concat(chunks),
  };
}
