import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { callRest, describeOn, freePort, freshDatabase, startApi } from "@jifen/testkit";
import { describe, expect, test } from "vitest";

const PROXY = { TRUST_PROXY: "loopback" };

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** Sends a request on a connection. @returns the head of the answer */
async function get(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [answer] = await once(socket, "data");
  return String(answer);
}

const isRefused = (url: string): Promise<boolean> =>
  open(url).then(
    (socket) => {
      socket.destroy();
      return false;
    },
    () => true,
  );

for (const kind of ["postgresql", "mysql", "mongodb"] as const) {
  describeOn(kind)(`a restart on ${kind}`, () => {
    test(`a server on ${kind} with nothing to migrate refuses connections until it can serve`, async () => {
      const fresh = await freshDatabase(kind);
      const start = { databaseUrl: fresh.url, env: { PORT: String(await freePort()) } };
      const { url } = await startApi(start).then(async (api) => {
        await api.stop();
        return api;
      });
      const starting = startApi(start);
      const isReady = starting.then(() => true);
      const codes = new Set<string>();
      while (!(await Promise.race([isReady, sleep(1)]))) {
        const answer = await callRest(url, "GET", "/credits/balance").catch(() => ({ body: { code: "refused" } }));
        codes.add(answer.body.code);
      }
      await using api = await starting;
      expect(await callRest(api.url, "GET", "/readyz")).toMatchObject({ status: 200 });
      expect([...codes].filter((code) => code !== "UNAUTHENTICATED")).toEqual(["refused"]);
      await api.stop();
      await fresh.drop();
    });
  });
}

describe("SIGTERM behind a proxy", () => {
  test("a server that stops answers a request on an idle connection of a proxy, and closes the connection with the answer", async () => {
    await using api = await startApi({ env: PROXY });
    const socket = await open(api.url);
    expect(await get(socket, "/livez")).toMatch(/^HTTP\/1.1 200 .*connection: keep-alive/is);
    const stopped = api.stop();
    await expect.poll(() => isRefused(api.url)).toBe(true);
    await sleep(700);
    expect(await get(socket, "/livez")).toMatch(/^HTTP\/1.1 200 .*connection: close/is);
    expect(await stopped).toBe(0);
  });

  test("a server that stops does not wait longer than two seconds for idle connections of a proxy", async () => {
    await using api = await startApi({ env: PROXY });
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open(api.url)));
    await Promise.all(sockets.slice(0, 10).map((socket) => get(socket, "/livez")));
    const beganMs = Date.now();
    expect(await api.stop()).toBe(0);
    expect(Date.now() - beganMs).toBeGreaterThan(1_900);
    expect(Date.now() - beganMs).toBeLessThan(4_000);
    for (const socket of sockets) socket.destroy();
  });
});
