import { once } from "node:events";
import { describeOn, freePort } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRedisMissing, type RedisServer, startRedis } from "./start-redis.ts";
import { idsIn, useTwoServers } from "./two-live-servers.ts";

describe.skipIf(isRedisMissing)("live events of two servers with one Redis", () => {
  // MySQL has no notices of its own: what arrives at once has come through Redis.
  describeOn("mysql")("on mysql", () => {
    const shared = { REDIS_URL: "" };
    let [port, redis]: [number, RedisServer | undefined] = [0, undefined];
    beforeAll(async () => {
      port = await freePort();
      redis = await startRedis(port);
      shared.REDIS_URL = `redis://127.0.0.1:${port}`;
    });
    const servers = useTwoServers("mysql", { here: shared, elsewhere: shared });
    afterAll(() => redis?.kill("SIGKILL"));

    test("an event of one server reaches the streams of the other, by a notice that tells nothing but whom it concerns", async () => {
      const stream = await servers.opened("elsewhere");
      const listener = new Redis(shared.REDIS_URL);
      const notices: string[] = [];
      listener.on("message", (_, text) => notices.push(text));
      await listener.subscribe("jifen:live");
      const logId = await servers.newLog({ details: { prompt: "not for others" } });
      await servers.post("/credits/consume", { amount: 1, action: "video" });
      await expect.poll(() => idsIn(stream)).toEqual([logId]);
      await stream.shows("balance", await balanceOf());
      expect(notices.length).toBeGreaterThan(0);
      expect(notices.join()).not.toMatch(/prompt|video|not for others/);
      listener.disconnect();
    });

    test("what happens while Redis is away is sent when it is back", async () => {
      const stream = await servers.opened("elsewhere");
      redis?.kill("SIGKILL");
      if (redis) await once(redis, "exit");
      const logId = await servers.newLog();
      redis = await startRedis(port);
      await expect.poll(() => idsIn(stream), { timeout: timeLimit(50) }).toContain(logId);
      const after = await servers.newLog();
      await expect.poll(() => idsIn(stream)).toContain(after);
    });

    async function balanceOf() {
      const { balance, held } = await servers.api.balance();
      return { balance, held };
    }
  });
});
