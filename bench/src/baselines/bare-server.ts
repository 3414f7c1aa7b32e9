/** The least that an HTTP server can do: reads the body and sends the answer that ANSWER holds. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the bare server answers to every request. */
export type BareAnswer = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

const answer = JSON.parse(process.env["ANSWER"] ?? "{}") as BareAnswer;

const server = createServer((request, response) => {
  request.on("data", () => undefined);
  request.on("end", () => response.writeHead(200, answer.headers).end(answer.body));
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "ready", url: `http://127.0.0.1:${port}` })}\n`);
});

process.once("SIGTERM", () => process.exit(0));
