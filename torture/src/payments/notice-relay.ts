import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The public address of servers whose ports change: it passes each request to one of them. */
export type NoticeRelay = AsyncDisposable & { readonly url: string };

/** Starts a relay. @param target the URL of a server, which may be down: then the connection of the client is closed */
export async function startNoticeRelay(target: () => string): Promise<NoticeRelay> {
  const server = createServer((message, response) => pass(message, response, target()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function pass(message: IncomingMessage, response: ServerResponse, target: string): void {
  const { method, headers } = message;
  const passed = request(new URL(message.url ?? "/", target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  passed.on("error", () => response.destroy());
  message.pipe(passed);
}
