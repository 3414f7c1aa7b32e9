/** The least that an HTTP server can do: reads the body and answers what it was told to, from the environment. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BareAnswer } from "./bare-process.ts";

const answers = new Map(
  (JSON.parse(process.env["ANSWERS"] ?? "[]") as BareAnswer[]).map((answer) => [
    `${answer.method} ${answer.path}`,
    answer,
  ]),
);

const server = createServer((request, response) => {
  request.on("data", () => undefined);
  request.on("end", () => {
    const answer = answers.get(`${request.method} ${request.url}`);
    response.writeHead(answer ? 200 : 404, answer?.headers).end(answer?.body);
  });
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "ready", url: `http://127.0.0.1:${port}` })}\n`);
});

process.once("SIGTERM", () => process.exit(0));
