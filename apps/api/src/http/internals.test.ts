import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
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
