import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AllowedNetworks, parseNetwork } from "./allowed-address.ts";
import { createResolveHost } from "./resolve-host.ts";
import { createSend } from "./send.ts";

let requests = 0;
const server = createServer((_, response) => {
  requests += 1;
  // Never answers.
  response.socket?.unref();
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const urlOf = (host: string) => `http://${host}:${(server.address() as AddressInfo).port}/`;
const resolveHost = createResolveHost();
const { signal } = new AbortController();
const message = (url: string) => ({ url, headers: {}, body: "{}" });
const loopback = [parseNetwork("127.0.0.1"), parseNetwork("::1")] as AllowedNetworks;

test.each(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])(
  "a message to %s is refused when the connection is made, and nothing arrives",
  async (host) => {
    const result = await createSend(resolveHost)(message(urlOf(host)), { networks: [], signal });
    expect(result).toEqual({ status: null, error: "the address is not allowed" });
    expect(requests).toBe(0);
  },
);

test("a message that is not answered in time is given up, also to a name that leads to a listed address", async () => {
  const result = await createSend(resolveHost, 300)(message(urlOf("localhost")), { networks: loopback, signal });
  expect(result).toEqual({ status: null, error: "no answer in time" });
  expect(requests).toBe(1);
});

test("a message to a closed port has the code of the error", async () => {
  const result = await createSend(resolveHost)(message("http://127.0.0.1:1/"), { networks: loopback, signal });
  expect(result).toEqual({ status: null, error: "ECONNREFUSED" });
});

test.each([
  {
    says: "that switches protocols",
    answer: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
  },
  { says: "101 without Upgrade", answer: "HTTP/1.1 101 Switching Protocols\r\n\r\n" },
])("an answer $says is a status that is no success, and closes the connection", async ({ answer }) => {
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const switching = createTcpServer((socket) => {
    socket.on("error", () => undefined).on("close", () => close());
    socket.once("data", () => socket.write(answer));
  });
  switching.listen(0, "127.0.0.1");
  await once(switching, "listening");
  const { port } = switching.address() as AddressInfo;
  const result = await createSend(resolveHost)(message(`http://127.0.0.1:${port}/`), { networks: loopback, signal });
  expect(result).toEqual({ status: 101, error: null });
  await closed;
  switching.close();
});

test("a connection that is closed in the answer, or before it, is an error", async () => {
  for (const answer of ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]) {
    const closing = createTcpServer((socket) => socket.once("data", () => socket.end(answer)));
    closing.listen(0, "127.0.0.1");
    await once(closing, "listening");
    const { port } = closing.address() as AddressInfo;
    const result = await createSend(resolveHost)(message(`http://127.0.0.1:${port}/`), { networks: loopback, signal });
    expect(result).toEqual({ status: null, error: "ECONNRESET" });
    closing.close();
  }
});
