import { databaseKinds, describeOn, eventually, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, expect, test } from "vitest";
import type { OpenLive } from "./open-live.ts";
import { grantsOf, inMs } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { idsIn, useTwoServers } from "./two-live-servers.ts";

for (const kind of databaseKinds) {
  describeOn(kind)(`live events of two servers on one ${kind} database`, () => {
    const servers = useTwoServers(kind);

    test("a new stream tells its client to read its lists, and shows the balance", async () => {
      const stream = await servers.opened("here");
      expect(stream.headers).toMatchObject({
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
      });
      await eventually(async () =>
        expect(
          stream
            .events()
            .map(({ event }) => event)
            .toSorted(),
        ).toEqual(["balance", "resync"]),
      );
      const { balance, held } = await servers.api.balance();
      expect(stream.events("balance")[0]?.data).toEqual({ balance, held });
    });

    test.each(["here", "elsewhere"] as const)("a log that one server writes is an event of a stream %s", async (at) => {
      const stream = await servers.opened(at);
      const charge = await servers.post("/credits/consume", { amount: 3, action: "video" });
      const logId = await servers.newLog({ transactionId: charge.transactionId });
      await eventually(async () => expect(idsIn(stream)).toEqual([logId]));
      const { body } = await servers.api.get(`/logs/${logId}`);
      expect(stream.events("log")[0]?.data).toEqual(body);
      expect(body.charge).toMatchObject({ amount: 3, net: 3 });
    });

    test.each(["here", "elsewhere"] as const)("each change of a balance is an event of a stream %s", async (at) => {
      const stream = await servers.opened(at, { query: "kinds=balance" });
      const before = await servers.api.balance();
      await stream.shows("balance", { balance: before.balance, held: before.held });
      await servers.post(grantsOf(user.email), { amount: 20, reason: "test" }, "admin");
      await stream.shows("balance", { balance: before.balance + 20, held: before.held });
      const hold = await servers.post("/credits/holds", { amount: 5, action: "video" });
      await stream.shows("balance", { balance: before.balance + 15, held: before.held + 5 });
      await servers.post(`/credits/holds/${hold.holdId}/release`, {});
      await stream.shows("balance", { balance: before.balance + 20, held: before.held });
      await servers.post("/credits/consume", { amount: 20, action: "video" });
      await stream.shows("balance", { balance: before.balance, held: before.held });
      expect(stream.events("resync")).toEqual([]);
    });

    test("credits that expire without a request are an event", async () => {
      const stream = await servers.opened("elsewhere", { query: "kinds=balance" });
      const { balance, held } = await servers.api.balance();
      await servers.post(grantsOf(user.email), { amount: 7, reason: "test", expiresAt: inMs(1_500) }, "admin");
      await stream.shows("balance", { balance: balance + 7, held });
      // The sweeper runs every five seconds, in one of the servers.
      const shown = () => stream.events("balance").at(-1)?.data;
      await expect.poll(shown, { timeout: timeLimit(20) }).toEqual({ balance, held });
    });

    test("late logs are events, but those that count more than six hours before their arrival are not", async () => {
      const stream = await servers.opened("elsewhere");
      const late = await servers.newLog({ timestamp: inMs(-3 * 3_600_000) });
      await eventually(async () => expect(idsIn(stream)).toEqual([late]));
      const tooLate = await servers.newLog({ timestamp: inMs(-7 * 3_600_000) });
      const early = await servers.newLog({ timestamp: inMs(120_000) });
      await eventually(async () => expect(idsIn(stream)).toEqual([late, early]));
      expect((await servers.api.get(`/logs/${tooLate}`)).status).toBe(200);
    });

    test("many logs of one batch are events, each once", async () => {
      const stream = await servers.opened("elsewhere");
      const logs = Array.from({ length: 200 }, (_, n) => ({
        ...{ userId: user.email, action: "video", details: { n }, success: true },
        timestamp: inMs(-n * 30_000),
      }));
      const { results } = await servers.post("/logs/batch", { logs });
      const ids = results.map(({ logId }: { logId: string }) => logId);
      await eventually(async () => expect(idsIn(stream)).toHaveLength(200));
      expect(new Set(idsIn(stream))).toEqual(new Set(ids));
    });

    describe("a client that comes again", () => {
      test("gets what it missed, from another server", async () => {
        const first = await servers.opened("here", { query: "kinds=log" });
        const seen = await servers.newLog();
        await eventually(async () => expect(idsIn(first)).toEqual([seen]));
        first.close();
        const missed = [
          await servers.newLog(),
          await servers.newLog({ timestamp: inMs(-3_600_000) }),
          await servers.newLog(),
        ];
        const id = String(first.events("log").at(-1)?.id);
        for (const call of [{ query: `lastEventId=${id}` }, { headers: { "last-event-id": id } }]) {
          const again = await servers.opened("elsewhere", call);
          await eventually(async () => expect(idsIn(again)).toEqual(expect.arrayContaining(missed)));
          expect(again.events("resync")).toEqual([]);
          again.close();
        }
      });

      test("must read its lists again when it was away for more than an hour", async () => {
        const id = `live-${(Date.now() - 3_700_000).toString(36)}`;
        const again = await servers.opened("here", { query: `kinds=log&lastEventId=${id}` });
        expect(again.events().map(({ event }) => event)).toEqual(["resync"]);
      });
    });

    describe("a stream ends", () => {
      const endsSoon = async (stream: OpenLive, what: () => Promise<{ status: number }>) => {
        expect(stream.endedAtMs()).toBeUndefined();
        const beganMs = Date.now();
        expect((await what()).status).toBe(200);
        await eventually(async () => expect(stream.endedAtMs()).toBeDefined());
        expect(Number(stream.endedAtMs()) - beganMs).toBeLessThan(5_000);
      };

      test("within five seconds after its session ended at another server", async () => {
        const token = await servers.api.server.token(other);
        const stream = await servers.opened("here", { token });
        await endsSoon(stream, () => servers.there("POST", "/auth/logout", { token, body: {} }));
        expect((await servers.open("here", { token })).status).toBe(401);
      });

      test("within five seconds after its key was revoked at another server", async () => {
        const { key, keyId } = await servers.newKey(["logs:read"]);
        const stream = await servers.opened("here", { token: key });
        await endsSoon(stream, () =>
          servers.there("POST", `/keys/${keyId}/revoke`, { token: servers.api.tokens.admin, body: {} }),
        );
      });

      test("within five seconds after its user was suspended at another server", async () => {
        const stream = await servers.opened("here", { token: await servers.api.server.token(other) });
        const path = `/admin/users/${encodeURIComponent(other.email)}`;
        const call = { token: servers.api.tokens.admin, body: { reason: "test" } };
        await endsSoon(stream, () => servers.there("POST", `${path}/suspend`, call));
        expect((await servers.there("POST", `${path}/resume`, call)).status).toBe(200);
      });
    });

    // The last tests end the other server.
    test("a server that stops asks its clients to come again, and ends soon", async () => {
      const streamsThere = await Promise.all([
        servers.opened("elsewhere"),
        servers.opened("elsewhere", { query: "kinds=balance" }),
      ]);
      const beganMs = Date.now();
      expect(await servers.elsewhere.stop()).toBe(0);
      expect(Date.now() - beganMs).toBeLessThan(10_000);
      for (const stream of streamsThere) {
        expect(stream.events().at(-1)).toEqual({ event: "reconnect", id: undefined, data: {} });
        expect(stream.text()).toMatch(/\nretry: [1-4]\d{3}\nevent: reconnect\n/);
      }
    });

    test("a client of a killed server misses nothing when it comes again at another one", async () => {
      servers.elsewhere = await startApi({ databaseUrl: servers.api.server.database.secondUrl, env: servers.env });
      const stream = await servers.opened("elsewhere", { query: "kinds=log" });
      const seen = await servers.newLog();
      await eventually(async () => expect(idsIn(stream)).toEqual([seen]));
      const atOnce = servers.newLog();
      await servers.elsewhere.stop("SIGKILL");
      const missed = [await atOnce, await servers.newLog()];
      const again = await servers.opened("here", { query: `lastEventId=${stream.events().at(-1)?.id}` });
      await eventually(async () => {
        expect([...idsIn(stream), ...idsIn(again)]).toEqual(expect.arrayContaining(missed));
      });
    });
  });
}
