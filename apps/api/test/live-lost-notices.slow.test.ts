// Expected duration: 150 s on two cores.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { callRest, databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { idsIn, useTwoServers } from "./two-live-servers.ts";

/** A look finds what no notice named: it comes every 15 seconds. */
const LOOKED_AT_MS = 20_000;

let silent: Server;
const sockets = new Set<Socket>();
const redis = { REDIS_URL: "" };

// A Redis that accepts connections and never answers.
beforeAll(async () => {
  silent = createServer((socket) => void sockets.add(socket.on("error", () => undefined)));
  await once(silent.listen(0, "127.0.0.1"), "listening");
  redis.REDIS_URL = `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

for (const kind of databaseKinds) {
  describeOn(kind)(`notices that are lost on ${kind}`, () => {
    const servers = useTwoServers(kind, { elsewhere: redis });

    test("a server whose notices are all lost sends every event, after its next look", async () => {
      const stream = await servers.opened("elsewhere");
      const { balance, held } = await servers.api.balance();
      await stream.shows("balance", { balance, held });
      const logs = [await servers.newLog(), await servers.newLog({ timestamp: new Date(0).toISOString() })];
      await servers.post("/credits/consume", { amount: 1, action: "video" });
      await expect.poll(() => idsIn(stream), { timeout: LOOKED_AT_MS }).toEqual(logs);
      const shown = () => stream.events("balance").at(-1)?.data;
      await expect.poll(shown, { timeout: LOOKED_AT_MS }).toEqual({ balance: balance - 1, held });
    });

    test("a Redis that does not answer delays neither commands nor the stop of the server", async () => {
      const stream = await servers.opened("elsewhere", { query: "kinds=balance" });
      const token = servers.api.tokens.user;
      const beganMs = performance.now();
      for (let n = 0; n < 20; n += 1) {
        const body = { amount: 1, action: "video" };
        const { status } = await callRest(servers.elsewhere.url, "POST", "/credits/consume", { token, body });
        expect(status).toBe(200);
      }
      // One answer of Redis would be waited for half a second.
      expect(performance.now() - beganMs).toBeLessThan(20 * 500);
      // The streams of the same server need no notice.
      const { balance, held } = await servers.api.balance();
      await stream.shows("balance", { balance, held });
      const stoppedMs = performance.now();
      expect(await servers.elsewhere.stop()).toBe(0);
      expect(performance.now() - stoppedMs).toBeLessThan(10_000);
    });
  });
}
