import { apiSurfaceKinds, callRest, describeOn, eventually } from "@jifen/testkit";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeAll, expect, test } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { makeBatch } from "./redemption.ts";
import { type ApiWithAdmin, admin, inMs } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { useTwoServers } from "./two-live-servers.ts";
import { type Received, type Receiver, startReceiver } from "./webhook-receiver.ts";

const env = {
  ...{ RATE_LIMIT_CODES: "off", RATE_LIMIT_WEBHOOKS: "off", WEBHOOK_ALLOW: "127.0.0.1" },
  // Only admins reach receivers of this machine.
  ADMIN_EMAILS: `${admin.email},${user.email}`,
};

const receivers: Receiver[] = [];
const newReceiver = async (): Promise<Receiver> => {
  const receiver = await startReceiver();
  receivers.push(receiver);
  return receiver;
};
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});

const verified = (secret: string, { body, headers }: Received) => new Webhook(secret).verify(body, headers);
const idsOf = ({ received }: Receiver) => received.map(({ headers }) => headers["webhook-id"]);

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`outgoing events of two servers on ${kind}`, () => {
    const servers = useTwoServers(kind, { here: env, elsewhere: env });
    let api: ApiWithAdmin;
    beforeAll(() => {
      api = servers.api;
    });
    const create = async (url: string, as: "user" | "admin" = "user", more: object = {}) => {
      const created = await api.post("/webhooks/endpoints", { url, ...more }, { as });
      expect(created).toMatchObject({ status: 200 });
      return { id: created.body.endpoint.endpointId as string, secret: created.body.secret as string };
    };
    const endOf = async (id: string, as: "user" | "admin" = "user") =>
      expect((await api.post(`/webhooks/endpoints/${id}/end`, {}, { as })).status).toBe(200);
    const deliveriesOf = async (id: string) =>
      (await api.get(`/webhooks/deliveries?endpointId=${id}&limit=100`)).body.items;
    /** Redeems codes, each of which is an event. @returns the ids of the events, in their order */
    const redeem = async (count: number) => {
      const { codes } = await makeBatch(api, { codes: count, maxPerUser: count });
      const ids: string[] = [];
      for (const [n, code] of codes.entries()) {
        const { url } = n % 2 === 0 ? api.server.api : servers.elsewhere;
        const { body } = await callRest(url, "POST", "/codes/redeem", { token: api.tokens.user, body: { code } });
        ids.push(body.transactionId.replace("txn-", "evt-"));
      }
      return ids;
    };

    const endpointOf = async (id: string) =>
      (await api.get("/webhooks/endpoints")).body.items.find(
        ({ endpointId }: { endpointId: string }) => endpointId === id,
      );
    const changeRows = (table: string, [column, id]: readonly [string, string], set: Record<string, number>) =>
      changeDatabase(api.server.database, {
        sql: `UPDATE ${table} SET ${Object.entries(set)
          .map(([name, value]) => `${name} = ${value}`)
          .join(", ")} WHERE ${column} = '${id}'`,
        mongodb: (db) => db.collection(table).updateMany({ [column]: id }, { $set: set }),
      });
    const changeEndpoint = (id: string, set: Record<string, number>) =>
      changeRows("webhook_endpoints", ["id", id], set);
    const changeDeliveries = (id: string, set: Record<string, number>) =>
      changeRows("webhook_deliveries", ["endpoint_id", id], set);
    /** Eleven events that fail, ten of them at the same time. @returns their ids */
    const failTenTimes = async (id: string) => {
      const ids = await redeem(10);
      await eventually(async () => {
        const tries = (await deliveriesOf(id)).map((delivery: { tries: number }) => delivery.tries > 0);
        expect(tries).toEqual(ids.map(() => true));
      });
      expect(await endpointOf(id)).toMatchObject({ state: "active" });
      await changeEndpoint(id, { failing_since_ms: Date.now() - 600_000 });
      ids.push(...(await redeem(1)));
      const times = { failingSince: expect.any(String), nextProbeAt: expect.any(String) };
      const paused = { state: "paused", reason: "10 events in a row have failed", ...times };
      await eventually(async () => expect(await endpointOf(id)).toMatchObject(paused));
      return ids;
    };
    const untilDelivered = (id: string, ids: readonly string[]) =>
      eventually(async () => {
        const delivered = (await deliveriesOf(id)).filter(({ state }: { state: string }) => state === "delivered");
        expect(delivered.map(({ eventId }: { eventId: string }) => eventId).toSorted()).toEqual(ids.toSorted());
      });

    test("an event is sent once, signed by the Standard Webhooks specification, to its user and to an admin of all users", async () => {
      const [own, all, ofAdmin] = [await newReceiver(), await newReceiver(), await newReceiver()];
      const endpoint = await create(own.url);
      const endpointOfAll = await create(all.url, "admin", { allUsers: true });
      const endpointOfAdmin = await create(ofAdmin.url, "admin");
      const ids = await redeem(10);
      await Promise.all([own.waitFor(10), all.waitFor(10)]);
      expect(idsOf(own).toSorted()).toEqual(ids.toSorted());
      expect(idsOf(all).toSorted()).toEqual(ids.toSorted());
      expect(ofAdmin.received).toEqual([]);
      const [first] = own.received as [Received];
      expect(verified(endpoint.secret, first)).toMatchObject({
        type: "code.redeemed",
        data: { userId: user.email, credits: 50, batch: "Spring 春", expiresAt: null },
      });
      expect(verified(endpointOfAll.secret, all.received[0] as Received)).toMatchObject({ type: "code.redeemed" });
      expect(() => verified(endpoint.secret, { ...first, body: first.body.replace("50", "51") })).toThrow();
      expect(() => verified(endpointOfAll.secret, first)).toThrow();
      await eventually(async () => {
        const states = (await deliveriesOf(endpoint.id)).map(
          ({ state, tries, lastStatus }: Record<string, unknown>) => [state, tries, lastStatus],
        );
        expect(states).toEqual(ids.map(() => ["delivered", 1, 200]));
      });
      await endOf(endpoint.id);
      await endOf(endpointOfAll.id, "admin");
      await endOf(endpointOfAdmin.id, "admin");
    });

    test("while a secret is replaced, events are signed with both, and then with the new one only", async () => {
      const receiver = await newReceiver();
      const { id, secret } = await create(receiver.url);
      const rotate = async (overlapSeconds: number) => {
        const rotated = await api.post(`/webhooks/endpoints/${id}/rotate`, { overlapSeconds });
        expect(rotated.status).toBe(200);
        return rotated.body.secret as string;
      };
      const second = await rotate(3_600);
      expect((await api.post(`/webhooks/endpoints/${id}/test`, {})).body).toEqual({
        delivered: true,
        status: 200,
        error: null,
      });
      const third = await rotate(0);
      await api.post(`/webhooks/endpoints/${id}/test`, {});
      const [rolling, replaced] = receiver.received as [Received, Received];
      for (const each of [secret, second]) expect(verified(each, rolling)).toMatchObject({ type: "webhook.test" });
      expect(verified(third, replaced)).toMatchObject({ type: "webhook.test" });
      for (const each of [secret, second]) expect(() => verified(each, replaced)).toThrow();
      await endOf(id);
    });

    test("an event whose endpoint fails is sent again with the same id and body, and a redirect is not followed", async () => {
      const [receiver, elsewhere] = [await newReceiver(), await newReceiver()];
      const { id, secret } = await create(receiver.url);
      receiver.answer = (response) => response.writeHead(302, { location: elsewhere.url }).end();
      const [eventId] = await redeem(1);
      await receiver.waitFor(1);
      await eventually(async () => {
        expect(await deliveriesOf(id)).toMatchObject([{ eventId, state: "pending", tries: 1, lastStatus: 302 }]);
      });
      receiver.answer = (response) => response.end();
      await receiver.waitFor(2);
      expect(elsewhere.received).toEqual([]);
      expect(idsOf(receiver)).toEqual([eventId, eventId]);
      const [first, second] = receiver.received as [Received, Received];
      expect(second.body).toBe(first.body);
      expect(verified(secret, second)).toMatchObject({ type: "code.redeemed" });
      await eventually(async () => expect(await deliveriesOf(id)).toMatchObject([{ state: "delivered", tries: 2 }]));
      await endOf(id);
    });

    test("an endpoint that switches protocols does not hold up the events of others", async () => {
      const [switching, receiver] = [await newReceiver(), await newReceiver()];
      switching.answer = (response) => response.writeHead(101, { connection: "upgrade", upgrade: "none" }).end();
      const [stuck, { id }] = [await create(switching.url), await create(receiver.url)];
      await redeem(1);
      await eventually(async () =>
        expect(await deliveriesOf(stuck.id)).toMatchObject([{ state: "pending", tries: 1, lastStatus: 101 }]),
      );
      await redeem(1);
      await receiver.waitFor(2);
      await endOf(stuck.id);
      await endOf(id);
    });

    test("an event says once that the balance of a user is low, by the own threshold", async () => {
      const receiver = await newReceiver();
      const { id, secret } = await create(receiver.url, "user", { events: ["balance.low"] });
      const { balance } = await api.balance();
      expect(await api.get("/top-up/alerts")).toMatchObject({
        body: { threshold: null, installationThreshold: null, lowSince: null },
      });
      const set = await api.post("/top-up/alerts", { threshold: balance - 4 });
      expect(set).toMatchObject({ status: 200, body: { threshold: balance - 4 } });
      const consume = async (amount: number) =>
        expect((await api.post("/credits/consume", { amount, action: "video" })).status).toBe(200);
      await consume(5);
      await receiver.waitFor(1);
      expect(verified(secret, receiver.received[0] as Received)).toMatchObject({
        type: "balance.low",
        data: { userId: user.email, balance: balance - 5, threshold: balance - 4 },
      });
      expect((await api.get("/top-up/alerts")).body).toMatchObject({ lowSince: expect.any(String) });
      await api.post("/top-up/alerts", { threshold: 0 });
      await endOf(id);
    });

    test("an endless answer is read up to its limit, and 410 ends the endpoint", async () => {
      const receiver = await newReceiver();
      const { id } = await create(receiver.url);
      receiver.answer = (response) => {
        const write = () => {
          while (!response.destroyed && response.write("x".repeat(16_384)));
        };
        response.on("drain", write);
        write();
      };
      expect((await api.post(`/webhooks/endpoints/${id}/test`, {})).body).toMatchObject({
        delivered: true,
        status: 200,
      });
      receiver.answer = (response) => response.writeHead(410).end();
      await redeem(1);
      await eventually(async () => expect((await api.get("/webhooks/endpoints")).body.items).toEqual([]));
      expect((await api.get(`/webhooks/deliveries?endpointId=${id}`)).body.code).toBe("ENDPOINT_NOT_FOUND");
    });

    test("ten events in a row that fail over ten minutes pause an endpoint, and a test that succeeds sends what is waiting", async () => {
      const receiver = await newReceiver();
      const { id } = await create(receiver.url);
      receiver.answer = (response) => response.writeHead(500).end();
      expect((await api.post(`/webhooks/endpoints/${id}/test`, {})).body).toMatchObject({
        delivered: false,
        status: 500,
      });
      const ids = await failTenTimes(id);
      const [late] = await redeem(1);
      receiver.answer = (response) => response.end();
      expect((await api.post(`/webhooks/endpoints/${id}/test`, {})).body).toMatchObject({ delivered: true });
      await untilDelivered(id, [...ids, late as string]);
      await endOf(id);
    });

    test("an hour after an endpoint was paused one event is sent, and when it succeeds all that wait", async () => {
      const receiver = await newReceiver();
      const { id } = await create(receiver.url);
      receiver.answer = (response) => response.writeHead(500).end();
      const ids = await failTenTimes(id);
      const probe = async () => {
        const { length } = receiver.received;
        await changeEndpoint(id, { next_probe_ms: 1 });
        await changeDeliveries(id, { next_ms: 1 });
        await receiver.waitFor(length + 1);
        await eventually(async () => {
          for (const { nextAt, state } of await deliveriesOf(id))
            expect(state === "delivered" || Date.parse(nextAt) > Date.now() + 3_000_000).toBe(true);
        });
        return receiver.received.length - length;
      };
      expect(await probe()).toBe(1);
      expect(await endpointOf(id)).toMatchObject({ state: "paused" });
      receiver.answer = (response) => response.end();
      expect(await probe()).toBe(ids.length);
      expect(await endpointOf(id)).toMatchObject({
        ...{ state: "active", reason: null, failingSince: null, nextProbeAt: null },
      });
      await untilDelivered(id, ids);
      await endOf(id);
    });

    test("one event, and all since a time, are sent again", async () => {
      const receiver = await newReceiver();
      const { id } = await create(receiver.url);
      const ids = await redeem(3);
      await receiver.waitFor(3);
      await eventually(async () => {
        for (const { state } of await deliveriesOf(id)) expect(state).toBe("delivered");
      });
      const replayed = await api.post(`/webhooks/deliveries/${id}-${ids[1]}/replay`, {});
      expect(replayed).toMatchObject({ status: 200, body: { replayed: 1 } });
      await receiver.waitFor(4);
      expect(idsOf(receiver).at(-1)).toBe(ids[1]);
      await eventually(async () => {
        for (const { state } of await deliveriesOf(id)) expect(state).toBe("delivered");
      });
      const since = await api.post("/webhooks/replay", { endpointId: id, since: inMs(-3_600_000) });
      expect(since).toMatchObject({ status: 200, body: { replayed: 3, nextSince: null } });
      await receiver.waitFor(7);
      expect(idsOf(receiver).slice(4).toSorted()).toEqual(ids.toSorted());
      expect((await api.post("/webhooks/replay", { endpointId: id, since: inMs(3_600_000) })).body).toEqual({
        replayed: 0,
        nextSince: null,
      });
      for (const unknown of [`${id}-evt-none`, "none"]) {
        const refused = await api.post(`/webhooks/deliveries/${unknown}/replay`, {});
        expect(refused).toMatchObject({ status: 404, body: { code: "DELIVERY_NOT_FOUND" } });
      }
      const foreign = await api.post(`/webhooks/deliveries/${id}-${ids[1]}/replay`, {}, { as: "other" });
      expect(foreign).toMatchObject({ status: 404, body: { code: "ENDPOINT_NOT_FOUND" } });
      await endOf(id);
    });
  });
}
