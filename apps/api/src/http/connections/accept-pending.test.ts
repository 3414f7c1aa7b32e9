import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { acceptPending } from "./accept-pending.ts";

test("connections that the operating system has completed are accepted before the port is closed", async () => {
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    socket.end("served");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const clients = Array.from({ length: 20 }, () => connect(port, "127.0.0.1"));
  const answers = clients.map((client) => once(client, "data").then(String, (error) => error.code));
  // The clients connect, and the event loop gets no turn before the stop.
  await new Promise((resolve) => process.nextTick(resolve));
  await acceptPending(server);
  server.close();
  expect(await Promise.all(answers)).toEqual(clients.map(() => "served"));
  expect(accepted).toBe(20);
});

test("a server whose connections never pause stops waiting for a pause within two seconds", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let isStopped = false;
  const connectAgain = () => {
    if (isStopped) return;
    const client = connect(port, "127.0.0.1").resume();
    client.on("close", connectAgain).on("error", () => undefined);
  };
  for (let n = 0; n < 50; n += 1) connectAgain();
  const beganMs = performance.now();
  await acceptPending(server);
  isStopped = true;
  expect(performance.now() - beganMs).toBeLessThan(2_000);
  server.close();
});
