import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { expect, test } from "vitest";

// Internals of Node, Hono and @hono/node-server that this folder uses, checked against the installed versions: see the
// table in docs/decisions/0017-trpc-experimental-caller.md.

/** Sends bytes to a server on a connection that stays open. @returns what arrives until `end` is seen. */
async function exchange(client: Socket, request: string, end: string): Promise<string> {
  let received = "";
  client.write(request);
  while (!received.includes(end)) {
    const [chunk] = await once(client, "data");
    received += String(chunk);
  }
  return received;
}

test("Node's socket._httpMessage is the response in progress, and empty between two requests", async () => {
  const { promise: requested, resolve } = Promise.withResolvers<{ socket: Socket; response: ServerResponse }>();
  await using server = createServer((request, response) => resolve({ socket: request.socket, response })).listen(0);
  const client = connect((server.address() as AddressInfo).port);
  const exchanged = exchange(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "done");
  const { socket, response } = await requested;
  const inProgress = () => (socket as { _httpMessage?: unknown })._httpMessage;
  expect(inProgress()).toBe(response);
  response.end("done");
  await exchanged;
  await expect.poll(inProgress).toBeFalsy();
  client.destroy();
});

test("Node's parser ends parsing when onIncoming returns 2, and the requests before are answered", async () => {
  const received: (string | undefined)[] = [];
  await using server = createServer((request, response) => {
    received.push(request.url);
    response.end("done");
  }).listen(0);
  server.on("connection", (socket) => {
    const { parser } = socket as unknown as {
      parser: { onIncoming: (request: IncomingMessage, keep: boolean) => number };
    };
    const { onIncoming } = parser;
    parser.onIncoming = (request, keep) => (request.url === "/2" ? 2 : onIncoming(request, keep));
  });
  const client = connect((server.address() as AddressInfo).port);
  await exchange(client, [0, 1, 2, 3].map((at) => `GET /${at} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""), "done");
  await expect.poll(() => received).toEqual(["/0", "/1"]);
  client.destroy();
});

test("Node's response has no socket until it is the next to be sent, and then emits the event socket", async () => {
  const responses: ServerResponse[] = [];
  await using server = createServer((_request, response) => responses.push(response)).listen(0);
  const client = connect((server.address() as AddressInfo).port);
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2));
  await expect.poll(() => responses.length).toBe(2);
  const [first, second] = responses;
  expect([first?.socket === null, second?.socket]).toEqual([false, null]);
  const assigned = second && once(second, "socket");
  first?.end();
  await assigned;
  expect(second?.socket).not.toBeNull();
  client.destroy();
});

test("@hono/node-server takes the body of a request from rawBody when it is set before the body is read", async () => {
  const app = new Hono().post("/", async (c) => {
    Object.assign((c.env as HttpBindings).incoming, { rawBody: Buffer.from("replaced") });
    return c.text(await c.req.text());
  });
  await using server = createServer(getRequestListener(app.fetch)).listen(0);
  const client = connect((server.address() as AddressInfo).port);
  await exchange(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", "replaced");
  client.destroy();
});

test("Hono's router.match returns a handler exactly for the methods that a path has", () => {
  const app = new Hono();
  app.get("/holds/:holdId", (c) => c.text("read"));
  app.post("/holds/:holdId/capture", (c) => c.text("captured"));
  const handlers = (method: string, path: string) => app.router.match(method, path)[0].length;
  expect(handlers("GET", "/holds/hold-1")).toBe(1);
  expect(handlers("POST", "/holds/hold-1")).toBe(0);
  expect(handlers("POST", "/holds/hold-1/capture")).toBe(1);
  expect(handlers("GET", "/nothing")).toBe(0);
});

// Converting to `Headers` would lower-case the names, and costs more than the rest of a request.
test("@hono/node-server writes headers of a plain object without converting them", async () => {
  const app = new Hono().get("/", () => new Response("done", { headers: { "X-Request-Id": "req-1" } }));
  await using server = createServer(getRequestListener(app.fetch)).listen(0);
  const client = connect((server.address() as AddressInfo).port);
  const received = await exchange(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "done");
  expect(received).toContain("\r\nX-Request-Id: req-1\r\n");
  client.destroy();
});
